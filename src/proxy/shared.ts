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
      if (entry.waiting === 0 && entry.size === undefined) {
        this.#forget(key, entry)
        entry.controller.abort(signal?.reason)
      }
    }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<Value>): Entry<Value> {
    const controller = new AbortController()
    const entry: Entry<Value> = { controller, value: work(controller.signal), waiting: 0, size: undefined }
    this.#entries.set(key, entry)
    entry.value.then(
      (value) => this.#keep(key, entry, this.#sizeOf(value)),
      () => {
        entry.size = 0
        this.#forget(key, entry)
      },
    )
    return entry
  }

  #keep(key: string, entry: Entry<Value>, size: number): void {
    entry.size = size
    if (this.#entries.get(key) !== entry) return
    this.#size += size
    // The youngest is the last: what is worked out goes before it.
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    const timer = setTimeout(() => this.#forget(key, entry), this.#seconds * 1000)
    // A browser's is a number, and keeps nobody waiting.
    if (typeof timer !== 'number') timer.unref()
    for (const [oldest, each] of this.#entries) {
      if (this.#size <= this.#mostSize) return
      if (each.size !== undefined) this.#forget(oldest, each)
    }
  }

  #forget(key: string, entry: Entry<Value>): void {
    if (this.#entries.get(key) !== entry) return
    this.#entries.delete(key)
    this.#size -= entry.size ?? 0
  }
}

interface Entry<Value> {
  readonly controller: AbortController
  readonly value: Promise<Value>
  waiting: number
  /** Once it is there. */
  size: number | undefined
}
