import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
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
