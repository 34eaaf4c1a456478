import { memo } from 'react'

import { colourOf, dashOf, type Line } from './line.ts'
import { areaPath, dotsPath, edges, linePath, type Plot } from './plot.ts'

interface Props {
  readonly plot: Plot
  readonly times: readonly number[]
  readonly lines: readonly Line[]
}

/**
 * Lines and areas, one path for each: recharts' own keep every point in a store and read it back through a chain of selectors, which was
 * most of what a refresh took (README, "What a page of panels costs").
 */
export const Lines = memo(function Lines({ plot, times, lines }: Props) {
  return (
    <g transform={`translate(${edges.left} ${edges.top})`} fill="none">
      {lines.map(({ id, ink, shape, values }) => {
        const colour = colourOf(ink)
        const dots = dotsPath(plot, times, values)
        return (
          <g key={id}>
            {shape === 'area' && (
              <path d={areaPath(plot, times, values)} fill={colour} fillOpacity={0.1} stroke="none" />
            )}
            <path
              d={linePath(plot, times, values)}
              stroke={colour}
              strokeWidth={ink === 'q99' ? 2 : 1.6}
              strokeLinejoin="round"
              strokeDasharray={dashOf(ink)}
            />
            {dots !== '' && <path d={dots} stroke={colour} strokeWidth={4} strokeLinecap="round" />}
          </g>
        )
      })}
    </g>
  )
})
