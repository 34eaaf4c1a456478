import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../src/demo/launch/listen.ts'
import { obtainJaeger } from '../cluster/binaries.ts'

export interface Jaeger {
  /** The root of its query API, a base path included. */
  readonly url: string
  /** Sends a request of OTLP in JSON. Rejects where Jaeger does not take all of it. */
  readonly send: (otlp: unknown) => Promise<void>
  readonly stop: () => Promise<void>
}

/** A real Jaeger that holds its spans in memory, on free ports of loopback. Rejects with its last words when it does not come up. */
export async function startJaeger(): Promise<Jaeger> {
  const binary = await obtainJaeger()
  const options = [
    'query.http-server',
    'query.grpc-server',
    'collector.otlp.http',
    'collector.otlp.grpc',
    'collector.http-server',
    'collector.grpc-server',
    'admin.http',
  ]
  const ports = new Map<string, number>()
  for (const option of options) ports.set(option, await freePort())
  const at = (option: string) => `127.0.0.1:${ports.get(option) ?? 0}`
  const jaeger = spawn(
    binary,
    ['--query.base-path=/jaeger', ...options.map((option) => `--${option}.host-port=${at(option)}`)],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, SPAN_STORAGE_TYPE: 'memory' } },
  )
  let words = ''
  for (const stream of [jaeger.stdout, jaeger.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-3000)))
  const gone = new Promise<void>((resolve) => jaeger.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    jaeger.kill('SIGKILL')
    await gone
  }
  const url = `http://${at('query.http-server')}/jaeger`
  for (let tries = 0; ; tries++) {
    const isUp = await fetch(`${url}/api/services`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) break
    if (tries > 600 || jaeger.exitCode !== null) {
      await stop()
      throw new Error(`Jaeger did not come up: ${words}`)
    }
    await sleep(100)
  }
  const send = async (otlp: unknown): Promise<void> => {
    const answer = await fetch(`http://${at('collector.otlp.http')}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(otlp),
    })
    const text = await answer.text()
    if (!answer.ok || text.includes('rejectedSpans')) throw new Error(`Jaeger took not all spans: ${text}`)
  }
  return { url, send, stop }
}
