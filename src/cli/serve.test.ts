import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { readWritten } from '../proxy/configFile.ts'
import { testProxy } from '../proxy/testServer.ts'
import { browserCommand, laptopOf, openBrowser } from './laptop.ts'
import { serve } from './serve.ts'
import { readArguments } from './serveArguments.ts'

const prometheus = ['--prometheus-url', 'http://prometheus:9090']

describe('options', () => {
  const read = (argv: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    readArguments(argv, environment, false)

  test('become a configuration of one cluster', async () => {
    const argv = [...prometheus, '--kubernetes-url', 'https://api:6443', '--kubernetes-token-file', '/run/token']
    const found = read([...argv, '--host', '0.0.0.0', '--port', '0', '--name', 'blue'])
    expect(found.kind).toBe('open')
    expect(await readWritten(undefined, {}, 'flags' in found ? found.flags : [])).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      auth: { mode: 'open' },
      clusters: [
        {
          name: 'blue',
          prometheus: { url: 'http://prometheus:9090' },
          kubernetes: { url: 'https://api:6443', tokenFile: '/run/token' },
        },
      ],
    })
  })

  test.each([
    [['--no-kubernetes'], '--prometheus-url is missing'],
    [['--kubernetes-url', 'https://k'], '--prometheus-url is missing'],
    [[...prometheus, '--kubernetes-url', 'https://k', '--context', 'c'], 'two ways to one cluster'],
    [['--config', 'f', '--context', 'c'], '--context does not go with a configuration file'],
    [['--prometheus-url'], 'argument missing'],
    [[...prometheus, '--port', 'http'], '"http" is not a port'],
    [[...prometheus, '--port', '65536'], '"65536" is not a port'],
    [[...prometheus, '--kubernetes-token-file', 'f'], 'needs --kubernetes-url'],
    [[...prometheus, '--colour', 'blue'], "Unknown option '--colour'"],
    [[...prometheus, 'extra'], "Unexpected argument 'extra'"],
    [[...prometheus, '--config', 'meshboard.yaml'], '--prometheus-url does not go with a configuration file'],
  ])('%j are refused: %s', (argv, message) => {
    expect(read(argv)).toMatchObject({ kind: 'wrong', message: expect.stringContaining(message) as string })
  })

  test('a configuration comes from the option or from the variable', () => {
    expect(read(['--config', 'a.yaml', '--port', '0'])).toMatchObject({ kind: 'config', file: 'a.yaml' })
    expect(read([], { MESHBOARD_CONFIG: 'b.yaml' })).toMatchObject({ kind: 'config', file: 'b.yaml', isCheck: false })
    expect(readArguments([], {}, true)).toMatchObject({ kind: 'config', file: undefined })
  })
})

describe('one’s own cluster', () => {
  const kubeconfig = async (name: string): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'meshboard-laptop-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'config')
    const contexts = [name, 'other'].map((each) => ({ name: each, context: { cluster: 'c', user: 'u' } }))
    const clusters = [{ name: 'c', cluster: { server: 'https://api:6443' } }]
    await writeFile(file, JSON.stringify({ 'current-context': name, contexts, clusters, users: [] }))
    return file
  }

  test('is the current context, on loopback, as the kubeconfig’s user', async () => {
    const KUBECONFIG = await kubeconfig('gke_my-project_europe-west1_prod')
    expect(readArguments([], {}, false)).toEqual({
      kind: 'kubeconfig',
      kubeconfig: undefined,
      context: undefined,
      hasPrometheus: false,
      flags: [],
      isOpened: true,
    })
    const laptop = await laptopOf({ kubeconfig: undefined, context: undefined }, { KUBECONFIG })
    expect(laptop?.about).toBe('context gke_my-project_europe-west1_prod (https://api:6443), as yourself')
    expect(await readWritten(undefined, {}, laptop?.flags ?? [])).toMatchObject({
      host: '127.0.0.1',
      auth: { mode: 'kubeconfig' },
      clusters: [
        {
          name: 'gke-my-project-europe-west1-prod',
          label: 'gke_my-project_europe-west1_prod',
          kubernetes: { context: 'gke_my-project_europe-west1_prod' },
        },
      ],
    })
  })

  test('is the context and the file that are named', async () => {
    const file = await kubeconfig('mine')
    const laptop = await laptopOf({ kubeconfig: file, context: 'other' }, {})
    expect(await readWritten(undefined, {}, laptop?.flags ?? [])).toMatchObject({
      clusters: [{ name: 'other', kubernetes: { context: 'other', kubeconfig: file } }],
    })
    await expect(laptopOf({ kubeconfig: file, context: 'third' }, {})).rejects.toThrow(
      'no context "third"; it has mine, other',
    )
    await expect(laptopOf({ kubeconfig: '/nowhere', context: undefined }, {})).rejects.toThrow(
      '/nowhere cannot be read',
    )
  })

  test('is nothing where there is no kubeconfig', async () => {
    expect(await laptopOf({ kubeconfig: undefined, context: undefined }, { HOME: '/nowhere' })).toBeUndefined()
  })

  test.each([
    ['darwin', {}, ['open']],
    ['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler']],
    ['linux', { DISPLAY: ':0' }, ['xdg-open']],
    ['linux', {}, undefined],
  ] as const)('the browser on %s with %j is opened by %j', (platform, environment, command) => {
    expect(browserCommand(platform, environment)).toEqual(command)
  })

  test.skipIf(process.platform === 'win32')(
    'the browser is handed a page that only this user can read: the secret is on no command line',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'meshboard-browser-'))
      onTestFinished(() => rm(folder, { recursive: true }))
      onTestFinished(() => void vi.unstubAllEnvs())
      const script =
        '#!/bin/sh\ncp -p "$1" "$OPENED/page" && printf "%s" "$*" > "$OPENED/a" && mv "$OPENED/a" "$OPENED/arguments"\n'
      await writeFile(join(folder, 'xdg-open'), script, { mode: 0o755 })
      vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`)
      vi.stubEnv('OPENED', folder)
      await openBrowser('http://127.0.0.1:8080/?once=a&b="c"', 'linux', { DISPLAY: ':0' })
      const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => undefined)
      await expect.poll(() => read('arguments'), { timeout: 20_000 }).toMatch(/open\.html$/)
      expect(await read('arguments')).not.toContain('once')
      expect(await read('page')).toContain('content="0;url=http://127.0.0.1:8080/?once=a&amp;b=&quot;c&quot;"')
      expect((await stat(join(folder, 'page'))).mode & 0o077).toBe(0)
    },
  )
})

describe('serve', () => {
  test('a busy port and an unusable URL end with a line to read, not a stack', async () => {
    const lines: string[] = []
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
    onTestFinished(() => void vi.restoreAllMocks())
    const { port } = await testProxy({})
    expect(await serve([...prometheus, '--port', String(port)])).toBe(1)
    expect(await serve(['--prometheus-url', 'prometheus:9090', '--port', '0'])).toBe(2)
    expect(lines.join('')).toContain(`Port ${port} on 127.0.0.1 is taken`)
    expect(lines.join('')).toContain(
      'clusters.0.prometheus.url (--prometheus-url): is not an http:// or https:// URL; got "prometheus:9090"',
    )
    expect(lines.join('')).not.toContain('    at ')
  })

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it with exit code 0',
    async (signal) => {
      const script = `import { createServer } from 'vite'
      const vite = await createServer({ configFile: false, server: { middlewareMode: true, ws: false, hmr: false }, appType: 'custom', logLevel: 'error' })
      const { serve } = await vite.ssrLoadModule('/src/cli/serve.ts')
      const code = await serve(['--prometheus-url', 'http://127.0.0.1:1', '--port', '0'])
      await vite.close()
      process.exitCode = code`
      const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      onTestFinished(() => void child.kill('SIGKILL'))
      let said = ''
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
      await expect.poll(() => said, { timeout: 20_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+/)
      child.kill(signal)
      expect(await once(child, 'exit')).toEqual([0, null])
    },
    30_000,
  )
})
