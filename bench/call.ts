import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'

export interface Ran {
  /** From starting the process to its end. */
  readonly ms: number
  readonly bytes: number
}

/** Runs a program to its end and drops what it prints, counting it. Rejects, with its complaints, unless it ends well. */
export function run(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let bytes = 0
    let complaint = ''
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve({ ms: performance.now() - start, bytes })
      else reject(new Error(`${program} ended with ${code ?? 'a signal'}: ${complaint.slice(0, 500)}`))
    })
  })
}

/** Asks all addresses at once, by one curl; rejects unless every one answers well. */
export function curl(urls: readonly string[]): Promise<Ran> {
  return run('curl', [
    '-sS',
    '--no-progress-meter',
    '--fail-early',
    '-f',
    '--parallel',
    '--parallel-immediate',
    ...urls,
  ])
}

/** The address that asks a Prometheus for an expression at an instant (unix seconds). */
export function queryUrl(prometheus: string, promql: string, at: number): string {
  return `${prometheus}/api/v1/query?${new URLSearchParams({ query: promql, time: String(at) }).toString()}`
}
