import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requests } from '../mesh/testing/samples.ts'
import { builtCommand, type Upstream, upstream, vector } from './testing.ts'

/** The command as a process of its own, built as it ships: what only a real stdout, stderr and exit status can tell. */
let command = ''
let remove = (): Promise<void> => Promise.resolve()
let prometheus: Upstream

beforeAll(async () => {
  ;({ command, remove } = await builtCommand())
  // More than a pipe holds, so that the reader can be gone before all is written.
  const calls = Array.from({ length: 2000 }, (_, index) => requests(1, { from: `web-${index}`, to: 'cart' }))
  prometheus = await upstream((query, response) =>
    response.end(vector(query.includes('reporter="source"') && query.includes('istio_requests') ? calls : [])),
  )
}, 120_000)

afterAll(async () => {
  await prometheus.close()
  await remove()
})

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** Runs to the end; with `most`, the reader leaves after so many characters. */
function run(argv: readonly string[], most = Infinity): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      if (out.length >= most) child.stdout.destroy()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, out, err }))
  })
}

describe('meshboard serve, as a process', () => {
  it('killed in the middle of a request leaves nothing behind: started again, it answers at once, and a login still holds', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'meshboard-killed-'))
    let isHanging = false
    let hangs = 0
    const slow = await upstream((_, response) => {
      if (isHanging) hangs += 1
      else response.end(vector([]))
    })
    const kubernetes = await upstream((_, response, request) => {
      const status = request.url?.includes('accessreviews') ? { allowed: true } : { userInfo: { username: 'ann' } }
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ status }))
    })
    const file = join(folder, 'meshboard.yaml')
    const configOf = (port: number): string =>
      JSON.stringify({
        port,
        auth: { mode: 'token', cookieKeys: ['A'.repeat(43)] },
        limits: { answerSeconds: 0 },
        clusters: [{ name: 'blue', prometheus: { url: slow.url }, kubernetes: { url: kubernetes.url } }],
      })
    const serve = async (port: number): Promise<{ readonly child: ChildProcess; readonly url: string }> => {
      await writeFile(file, configOf(port))
      const child = spawn(process.execPath, [command, 'serve', '--config', file], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      const url = await new Promise<string>((resolve, reject) => {
        let said = ''
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          said += text
          const found = /meshboard serve: (http:\S+)/.exec(said)?.[1]
          if (found !== undefined) resolve(found)
        })
        child.once('exit', () => reject(new Error(said)))
      })
      return { child, url }
    }
    const first = await serve(0)
    const login = await fetch(`${first.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: 'good', prefix: '/' }),
    })
    const cookie = (login.headers.get('set-cookie') ?? '').split(';', 1).join('')
    const ask = (url: string) => fetch(`${url}/api/clusters/blue/telemetry/mtls`, { headers: { cookie } })
    expect((await ask(first.url)).status).toBe(200)

    isHanging = true
    const running = ask(first.url).then(
      () => 'answered',
      () => 'cut off',
    )
    await expect.poll(() => hangs, { timeout: 30_000 }).toBeGreaterThan(0)
    first.child.kill('SIGKILL')
    expect(await running).toBe('cut off')
    isHanging = false

    const second = await serve(Number(new URL(first.url).port))
    expect((await ask(second.url)).status).toBe(200)
    // A kind word ends it in order: running requests first, and no failure.
    const ended = new Promise((resolve) => second.child.once('exit', resolve))
    second.child.kill('SIGTERM')
    expect(await ended).toBe(0)
    await Promise.all([slow.close(), kubernetes.close(), rm(folder, { recursive: true })])
  })
})

describe('meshboard, as a process', () => {
  it('prints the whole graph into a pipe, nothing of progress beside it, and ends with 0', async () => {
    const { status, out, err } = await run(['graph', '--prometheus-url', prometheus.url])
    expect([status, err]).toEqual([0, ''])
    expect((JSON.parse(out) as { edges: unknown[] }).edges).toHaveLength(2000)
  })

  it('a reader that leaves early (`| head`) is no failure and hears no complaint', async () => {
    const { status, out, err } = await run(['graph', '--prometheus-url', prometheus.url], 1)
    expect([status, err]).toEqual([0, ''])
    expect(out.length).toBeGreaterThan(0)
  })

  it.runIf(existsSync('/dev/full'))('a full disk is one line and status 1', async () => {
    const full = openSync('/dev/full', 'w')
    const ended = await new Promise<{ status: number | null; err: string }>((resolve, reject) => {
      const argv = [command, 'graph', '--prometheus-url', prometheus.url]
      const child = spawn(process.execPath, argv, { stdio: ['ignore', full, 'pipe'] })
      let err = ''
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text))
      child.once('error', reject)
      child.once('close', (status) => resolve({ status, err }))
    })
    closeSync(full)
    expect(ended.status).toBe(1)
    expect(ended.err).toMatch(/^meshboard graph: the output cannot be written: [^\n]*ENOSPC[^\n]*\n$/)
  })

  it.each([
    [[], 2, 'out', /^Usage: meshboard <command>/],
    [['--help'], 0, 'out', /^Usage: meshboard <command>/],
    [['grpah'], 2, 'err', /there is no command "grpah"/],
    [['constructor'], 2, 'err', /there is no command "constructor"/],
    [['graph'], 2, 'err', /--prometheus-url is missing/],
    [['graph', '--help'], 0, 'out', /^Usage: meshboard graph/],
    [['graph', '--prometheus-url', 'http://127.0.0.1:1'], 1, 'err', /What to try/],
  ] as const)('%j ends with %d', (argv, status, where, text) => {
    const { status: ended, stdout, stderr } = spawnSync(process.execPath, [command, ...argv], { encoding: 'utf8' })
    expect(ended).toBe(status)
    expect(where === 'out' ? stdout : stderr).toMatch(text)
    expect(where === 'out' ? stderr : stdout).toBe('')
  })
})
