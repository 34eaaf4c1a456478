/** Runs work when its turn comes; rejects with the signal's reason when it is aborted before. */
export type InTurn = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>

/** A queue that lets no more than `places` pieces of work run at once, first come first served; what is given up waits no longer. */
export function atMost(places: number): InTurn {
  const waiting: (() => void)[] = []
  let running = 0

  const turn = (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted()
    if (running < places) {
      running += 1
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', giveUp)
        running += 1
        resolve()
      }
      const giveUp = () => {
        waiting.splice(waiting.indexOf(start), 1)
        reject(signal.reason instanceof Error ? signal.reason : new Error('Given up', { cause: signal.reason }))
      }
      waiting.push(start)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  return async (signal, work) => {
    await turn(signal)
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}
