import { useMemo } from 'react'

import type { Steps } from '../../../mesh/rangeQueries.ts'
import type { Line } from '../../charts/line.ts'
import type { SeriesSubject } from '../../queries/series.ts'
import type { PanelAnswer } from './answers.ts'
import type { Content } from './content.ts'
import { timesOf } from './exports.ts'
import { strings } from './strings.ts'
import type { Comparison } from './words.ts'

/** Seconds. */
const offsets: Readonly<Record<Comparison, number>> = { none: 0, '1h': 3600, '1d': 86_400, '1w': 604_800 }

/** The same span so long before, asked as finely. */
export function earlierSubject(subject: SeriesSubject, comparison: Comparison): SeriesSubject {
  const { window, chosen } = subject
  return {
    ...subject,
    window: { ...window, at: window.at - offsets[comparison] },
    chosen: `${chosen} before ${comparison}`,
  }
}

/** With more lines than these a chart shows none of the period before. */
export const mostEarlier = 4

/** The panel with what each of its lines was, as far as that is known; the panel's own state stays its own. */
export function useCompared(now: PanelAnswer, then: PanelAnswer, comparison: Comparison): PanelAnswer {
  const { content, steps } = now
  const { content: was, steps: stepsThen } = then
  const compared = useMemo(
    () =>
      content === undefined || steps === undefined ? content : withThen(content, steps, was, stepsThen, comparison),
    [content, steps, was, stepsThen, comparison],
  )
  return {
    ...now,
    content: compared,
    earlier: { isKnown: was !== undefined, error: then.error },
    notes: [...new Set([...now.notes, ...then.notes])],
    retry: () => {
      now.retry()
      then.retry()
    },
  }
}

/** Whether the answers are there and hold no number of the period before. */
export function isNothingEarlier(answers: readonly PanelAnswer[]): boolean {
  return (
    answers.every(({ earlier }) => earlier?.isKnown === true) &&
    !answers.some(({ content }) =>
      content?.lines.some(({ earlier }) => earlier?.values.some((value) => value !== undefined)),
    )
  )
}

function withThen(
  content: Content,
  steps: Steps,
  was: Content | undefined,
  stepsThen: Steps | undefined,
  comparison: Comparison,
): Content {
  if (was === undefined || stepsThen === undefined) return content
  const indices = stepsBefore(steps, stepsThen, offsets[comparison])
  const known = new Map(was.lines.map((line) => [line.id, line]))
  const label = strings.toolbar.compareNames[comparison]
  const lines = content.lines.map((line): Line => {
    const before = known.get(line.id)
    if (before === undefined) return line
    const values = indices.map((index) => (index === undefined ? undefined : before.values[index]))
    return { ...line, earlier: { label, values, overall: before.overall } }
  })
  return { ...content, lines }
}

/**
 * For each step the one so many seconds before it, or the nearest to that: while a refresh is under way the two periods may be of
 * different instants.
 */
function stepsBefore(steps: Steps, then: Steps, seconds: number): readonly (number | undefined)[] {
  const count = timesOf(then).length
  return timesOf(steps).map((at) => {
    const index = Math.round((at - seconds - then.start) / then.step)
    return index >= 0 && index < count ? index : undefined
  })
}
