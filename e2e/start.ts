import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { chromium } from './chromium.ts'

/** Where the running demo's parts are, as its launcher wrote them. */
export interface DemoInfo {
  readonly app: string
  readonly prometheus: string
  readonly simulator: string
  readonly cluster: string
}

const startWithinMs = 120_000

/**
 * Starts the demo as a person would (the built command, on a free port), waits until it has written where it is, and hands back
 * how to end it. Throws where there is no browser, and with the demo's own words when it does not come up.
 */
export default async function start(): Promise<() => Promise<void>> {
  chromium()
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-e2e-'))
  const infoFile = join(folder, 'demo.json')
  const output: string[] = []
  const demo = spawn(process.execPath, ['dist/meshboard.js', 'demo'], {
    env: { ...process.env, PORT: '0', MESHBOARD_DEMO_INFO: infoFile, MESHBOARD_DEMO_CONTROL: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (chunk: Buffer) => output.push(String(chunk)))
  const ended = new Promise<void>((resolve) => demo.once('exit', () => resolve()))

  const deadline = Date.now() + startWithinMs
  for (;;) {
    const text = await readFile(infoFile, 'utf8').catch(() => '')
    if (text !== '') break
    if (demo.exitCode !== null || Date.now() > deadline) {
      demo.kill('SIGTERM')
      throw new Error(`The demo did not start:\n${output.join('')}`)
    }
    await sleep(200)
  }
  process.env['MESHBOARD_E2E_INFO'] = infoFile

  return async () => {
    demo.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
}

/** What `start` learnt, for the journeys. */
export async function demoInfo(): Promise<DemoInfo> {
  const file = process.env['MESHBOARD_E2E_INFO'] ?? ''
  return JSON.parse(await readFile(file, 'utf8')) as DemoInfo
}
