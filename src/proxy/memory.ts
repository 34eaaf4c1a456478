/** Answers remembered for a while, each asked for once however many want it at the same time. Failures are not remembered. */
export class Memory<Value> {
  readonly #seconds: number
  readonly #most: number
  readonly #now: () => number
  readonly #known = new Map<string, { readonly until: number; readonly value: Promise<Value> }>()

  /** `seconds` after it was asked for an answer is forgotten; `now` in unix seconds; at most `most` answers are kept, the oldest go first. */
  constructor({ seconds, most, now }: { readonly seconds: number; readonly most: number; readonly now: () => number }) {
    this.#seconds = seconds
    this.#most = most
    this.#now = now
  }

  get(key: string, ask: () => Promise<Value>): Promise<Value> {
    const known = this.#known.get(key)
    const now = this.#now()
    if (known !== undefined && now < known.until) return known.value
    const value = ask()
    const entry = { until: now + this.#seconds, value }
    this.#known.delete(key)
    this.#known.set(key, entry)
    value.catch(() => {
      if (this.#known.get(key) === entry) this.#known.delete(key)
    })
    this.#forget(now)
    return value
  }

  #forget(now: number): void {
    for (const [key, { until }] of this.#known) {
      if (until > now && this.#known.size <= this.#most) return
      this.#known.delete(key)
    }
  }
}

/** Runs at most `most` at once; the others wait in the order they came. */
export function atMost(most: number): <Value>(run: () => Promise<Value>) => Promise<Value> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (run) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

/** As `atMost`, and of each key no more than `most` of them, so that a thousand calls of one do not stand before the next one's first. */
export function fairly(all: number): <Value>(key: string, most: number, run: () => Promise<Value>) => Promise<Value> {
  const together = atMost(all)
  const lanes = new Map<string, { readonly limited: ReturnType<typeof atMost>; running: number }>()
  return async (key, most, run) => {
    const lane = lanes.get(key) ?? { limited: atMost(most), running: 0 }
    lanes.set(key, lane)
    lane.running += 1
    try {
      return await lane.limited(() => together(run))
    } finally {
      lane.running -= 1
      if (lane.running === 0) lanes.delete(key)
    }
  }
}
