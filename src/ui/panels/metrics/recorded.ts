import { useQuery } from '@tanstack/react-query'

import { totalOf } from '../../../mesh/panels.ts'
import type { SeriesQuestion } from '../../../mesh/rangeQueries.ts'
import { seriesQuery, type SeriesAnswer, type SeriesSubject } from '../../queries/series.ts'

/** A span whose first part is empty is drawn from its first numbers on, if that part is larger than this. */
const leastEmpty = 1 / 3

/** How much of a span holds numbers. */
export interface Recorded {
  readonly isSettled: boolean
  /** From the first numbers to the span's end; the whole span where they fill it, or where nothing is known. */
  readonly seconds: number
}

/**
 * Where a question's numbers begin within the last `seconds` of a subject: asked coarsely, then from the first numbers on, and so once
 * more, since the first look may be days too coarse. `about` must keep its identity.
 */
export function useRecorded(
  question: SeriesQuestion,
  about: (seconds: number) => SeriesSubject,
  seconds: number,
  isAsked: boolean,
): Recorded {
  const first = useQuery({ ...seriesQuery(question, about(seconds)), enabled: isAsked })
  // The panels ask the same: an answer may be there without having been asked for here.
  const once = isAsked ? shortened(about(seconds), first.data) : seconds
  const second = useQuery({ ...seriesQuery(question, about(once)), enabled: isAsked && once < seconds })
  const closer = isOf(about(once), second.data) ? second.data : undefined
  const twice = once < seconds ? shortened(about(once), closer) : once

  const isLooked = first.data !== undefined || first.error !== null
  const isSettled = !isAsked || (isLooked && (once === seconds || closer !== undefined || second.error !== null))
  return { isSettled, seconds: twice }
}

/** Whether an answer was asked as finely: it may be of an earlier instant, which tells as well where numbers begin. */
function isOf({ grain }: SeriesSubject, answer: SeriesAnswer | undefined): boolean {
  return answer?.steps.step === grain.step
}

/** The window's length without its empty beginning; as it is where that is short, or nothing is known, or there are no numbers at all. */
function shortened(subject: SeriesSubject, answer: SeriesAnswer | undefined): number {
  const { seconds, at } = subject.window
  if (answer === undefined || !isOf(subject, answer)) return seconds
  const { start, step } = answer.steps
  const first = totalOf(answer.series).findIndex((value) => value !== undefined)
  if (first < 1 || (first * step) / seconds < leastEmpty) return seconds
  return Math.min(seconds, Math.max(2 * step, at - (start + (first - 1) * step)))
}
