import { memo } from 'react'

import { colourOf, dashOf, earlierTops, type Line } from './line.ts'
import { areaPath, dotsPath, edges, linePath, type Plot } from './plot.ts'

interface Props {
  readonly plot: Plot
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  /** Drawn elsewhere; what they were is a line. */
  readonly bars: readonly Line[]
}

const earlierDash = '1.5 3'

/**
 * Lines and areas, one path for each: recharts' own keep every point in a store and read it back through a chain of selectors, which was
 * most of what a refresh took (README, "What a page of panels costs").
 */
export const Lines = memo(function Lines({ plot, times, lines, bars }: Props) {
  const tops = linePath(plot, times, earlierTops(bars))
  return (
    <g transform={`translate(${edges.left} ${edges.top})`} fill="none">
      {tops !== '' && <path d={tops} stroke="var(--text)" strokeOpacity={0.75} strokeDasharray={earlierDash} />}
      {lines.map(({ id, ink, earlier }) => {
        const path = earlier === undefined ? '' : linePath(plot, times, earlier.values)
        return path === '' ? null : (
          <path
            key={id}
            d={path}
            stroke={colourOf(ink)}
            strokeOpacity={0.75}
            strokeWidth={1.3}
            strokeLinejoin="round"
            strokeDasharray={earlierDash}
            data-earlier={id}
          />
        )
      })}
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
