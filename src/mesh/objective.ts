import { answerOf } from './panels.ts'
import type { Sample } from './samples.ts'

/** On a Service: the share of its requests that is meant to succeed, and over how long, `99.9% in 30d`. */
export const objectiveAnnotation = 'meshboard.io/objective'

export interface Objective {
  /** The share of requests that succeed, above 0 and below 1. */
  readonly ratio: number
  /** The span it is meant over. */
  readonly seconds: number
}

const units = { h: 3600, d: 86_400, w: 604_800 } as const
const usualSpan = 30 * units.d
const longestSpan = 90 * units.d

/** The objective that an annotation states; 30 days where it names no span. Undefined where it cannot be read. */
export function readObjective(text: string): Objective | undefined {
  const parts = /^\s*(\d{1,2}(?:\.\d{1,6})?)\s*%?(?:\s+(?:in|over)\s+(\d{1,4})([hdw]))?\s*$/.exec(text)
  if (parts === null) return undefined
  const [, percent = '', length, unit] = parts
  // 99.9 / 100 is not 0.999 in binary; the rounding is far below the digits that can be written.
  const ratio = Number((Number(percent) / 100).toFixed(9))
  const seconds = length === undefined ? usualSpan : Number(length) * units[unit as keyof typeof units]
  return ratio > 0 && seconds > 0 && seconds <= longestSpan ? { ratio, seconds } : undefined
}

/** What became of an objective. */
export interface Attainment {
  readonly requests: number
  readonly failed: number
  /** The share that succeeded. */
  readonly ratio: number
  /** How many might have failed. */
  readonly allowed: number
  /** The share of the error budget that is left: 1 for all of it, below 0 where more failed than may. */
  readonly left: number
}

/** The attainment of an objective, from requests per second by outcome over `seconds`. Undefined without requests: silence attains nothing. */
export function attainmentOf({ ratio }: Objective, rates: readonly Sample[], seconds: number): Attainment | undefined {
  let requests = 0
  let failed = 0
  for (const { labels, value } of rates) {
    if (!(value > 0)) continue
    requests += value * seconds
    if (answerOf(labels).isError) failed += value * seconds
  }
  if (requests === 0) return undefined
  const allowed = (1 - ratio) * requests
  return { requests, failed, ratio: 1 - failed / requests, allowed, left: 1 - failed / allowed }
}
