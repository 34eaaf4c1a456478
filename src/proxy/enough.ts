import { RefusalError } from './errors.ts'
import type { Viewer } from './viewer.ts'

/** Runs something for a viewer; throws `RefusalError` 429 while as many run for that viewer as may. */
export type Enough = <Value>(viewer: Viewer, run: () => Promise<Value>) => Promise<Value>

/** One viewer cannot take the Prometheus of all; without login there is nobody to count. */
export function createEnough(most: number): Enough {
  const running = new Map<string, number>()
  return async ({ credentials }, run) => {
    if (credentials === undefined) return run()
    const { id } = credentials
    const before = running.get(id) ?? 0
    if (before >= most) throw tooMany(most)
    running.set(id, before + 1)
    try {
      return await run()
    } finally {
      const left = (running.get(id) ?? 1) - 1
      if (left === 0) running.delete(id)
      else running.set(id, left)
    }
  }
}

function tooMany(most: number): RefusalError {
  return new RefusalError({
    status: 429,
    code: 'too_many_questions',
    message: `More than ${most} of your questions would run at once`,
    hint: 'Close some windows, or refresh less often',
  })
}
