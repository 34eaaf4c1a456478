/** Answers that many wait for: each is worked out once, kept for a while, and given up when nobody waits any more. */
export class Shared<Value> {
  readonly #seconds: number
  readonly #mostSize: number
  readonly #sizeOf: (value: Value) => number
  readonly #onGet: (isShared: boolean) => void
  readonly #entries = new Map<string, Entry<Value>>()
  #size = 0

  /** Kept for `seconds` after it is there, together no larger than `mostSize`; the oldest go first. */
  constructor(options: {
    readonly seconds: number
    readonly mostSize: number
    readonly sizeOf: (value: Value) => number
    /** Told of each question whether the answer, or the work on it, was there already. */
    readonly onGet?: (isShared: boolean) => void
  }) {
    this.#seconds = options.seconds
    this.#mostSize = options.mostSize
    this.#sizeOf = options.sizeOf
    this.#onGet = options.onGet ?? (() => undefined)
  }

  /** Rejects with the caller's own reason on its abort, and with the failure of the work, which is not kept. */
  async get(
    key: string,
    work: (signal: AbortSignal) => Promise<Value>,
    signal: AbortSignal | undefined,
  ): Promise<Value> {
    signal?.throwIfAborted()
    const known = this.#entries.get(key)
    this.#onGet(known !== undefined)
    const entry = known ?? this.#begin(key, work)
    entry.waiting += 1
    let onAbort: (() => void) | undefined
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'))
      signal?.addEventListener('abort', onAbort, { once: true })
    })
    try {
      return await Promise.race([entry.value, aborted])
    } finally {
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort)
      entry.waiting -= 1
      if (entry.waiting === 0 && !entry.isDone) {
        this.#entries.delete(key)
        entry.controller.abort(signal?.reason)
      }
    }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<Value>): Entry<Value> {
    const controller = new AbortController()
    const entry: Entry<Value> = { controller, value: work(controller.signal), waiting: 0, isDone: false }
    this.#entries.set(key, entry)
    const forget = (): void => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    }
    entry.value.then(
      (value) => {
        entry.isDone = true
        const size = this.#sizeOf(value)
        this.#size += size
        const timer = setTimeout(() => {
          this.#size -= size
          forget()
        }, this.#seconds * 1000)
        timer.unref()
        if (this.#size > this.#mostSize) forget()
      },
      () => {
        entry.isDone = true
        forget()
      },
    )
    return entry
  }
}

interface Entry<Value> {
  readonly controller: AbortController
  readonly value: Promise<Value>
  waiting: number
  isDone: boolean
}
