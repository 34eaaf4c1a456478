import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Handlers } from './calls.ts'
import type { ChildKind } from './child.ts'

export interface Child {
  readonly kind: ChildKind
  readonly pid: number | undefined
  /** Asks the child; rejects with its error, or when it ends before it answers. */
  readonly ask: (action: string, payload?: unknown) => Promise<unknown>
}

/**
 * The demo's children. When one ends without having been told to, `lost` resolves with a sentence that says which and why.
 * They all watch the channel to this process, so that none outlives it, even when it is killed.
 */
export class Family {
  /** Resolves when a child has ended by itself; never rejects. */
  readonly lost: Promise<string>
  readonly #script: string
  readonly #processes = new Set<ChildProcess>()
  readonly #killed = new Set<ChildKind>()
  #report: (reason: string) => void = () => undefined
  #isEnding = false

  /** `script`: this very program, which understands `demo-child <kind>`. */
  constructor(script: string) {
    this.#script = script
    this.lost = new Promise((resolve) => {
      this.#report = resolve
    })
  }

  start(kind: ChildKind, handlers: Handlers = {}): Child {
    const child = fork(this.#script, ['demo-child', kind], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    this.#processes.add(child)
    let lastWords = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-2000)
    })
    child.once('error', (error) => this.#lose(kind, error.message))
    const read = new Promise((resolve) => child.stderr?.once('end', resolve))
    child.once('exit', (code, signal) => {
      this.#processes.delete(child)
      if (signal !== null) this.#killed.add(kind)
      // The end may be known before the last words have been read.
      void Promise.race([read, sleep(500)]).then(() => {
        this.#lose(
          kind,
          `${signal ?? `exit code ${code ?? '?'}`}${lastWords.trim() === '' ? '' : `\n${lastWords.trim()}`}`,
        )
      })
    })
    return { kind, pid: child.pid, ask: connect(child, handlers) }
  }

  /** Tells all children to end, waits for them, and ends by force what has not ended after five seconds. */
  async end(): Promise<void> {
    this.#isEnding = true
    const processes = [...this.#processes]
    const gone = processes.map((child) => new Promise((resolve) => child.once('exit', resolve)))
    for (const child of processes) if (child.connected) child.disconnect()
    await Promise.race([Promise.all(gone), sleep(5000, undefined, { ref: false })])
    for (const child of this.#processes) child.kill('SIGKILL')
    await Promise.all(gone)
  }

  /** Whether a child of that kind ended by a signal, and so could not tidy up behind itself. */
  wasKilled(kind: ChildKind): boolean {
    return this.#killed.has(kind)
  }

  #lose(kind: ChildKind, reason: string): void {
    if (!this.#isEnding) this.#report(`The demo's ${names[kind]} ended unexpectedly: ${reason}`)
  }
}

const names: Readonly<Record<ChildKind, string>> = {
  simulator: 'mesh simulator',
  cluster: 'Kubernetes API',
  prometheus: 'Prometheus',
}
