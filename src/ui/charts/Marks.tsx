import { memo } from 'react'

import { placedMarks, type Mark } from './mark.ts'
import { edges, type Plot } from './plot.ts'

interface Props {
  readonly plot: Plot
  readonly marks: readonly Mark[]
}

/** What happened, as thin lines: a triangle for what was rolled out, a diamond for configuration, both for both. */
export const Marks = memo(function Marks({ plot, marks }: Props) {
  return (
    <g transform={`translate(${edges.left} ${edges.top})`}>
      {placedMarks(plot, marks).map(({ x, marks: here }) => {
        const kinds = new Set(here.map(({ kind }) => kind))
        const left = Math.round(x)
        return (
          <g key={here[0]?.id} data-mark={[...kinds].sort().join(' ')}>
            <path d={`M${left} 0V${plot.height}`} stroke="var(--muted)" strokeWidth={1} strokeDasharray="1 3" />
            {kinds.has('rollout') && <path d={`M${left - 4.5} -6h9l-4.5 8z`} fill="var(--muted)" />}
            {kinds.has('config') && (
              <path
                d={`M${left} ${kinds.has('rollout') ? 3 : -6}l4.5 4.5l-4.5 4.5l-4.5 -4.5z`}
                fill="var(--page)"
                stroke="var(--muted)"
                strokeWidth={1.4}
              />
            )}
          </g>
        )
      })}
    </g>
  )
})
