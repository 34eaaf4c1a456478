import { colourOf, type Line } from './line.ts'
import { barsPath, edges, type Plot } from './plot.ts'

interface Props {
  readonly id: string
  readonly plot: Plot
  readonly times: readonly number[]
  readonly lines: readonly Line[]
}

/** Stacked bars, one path for each line: recharts' own bars are an element for each step, which takes seconds where these take none. */
export function Bars({ id, plot, times, lines }: Props) {
  return (
    <g transform={`translate(${edges.left} ${edges.top})`}>
      <defs>
        <pattern id={`hatch-${id}`} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="4" height="4" fill="var(--page)" />
          <rect width="2" height="4" fill="var(--ink-failing)" />
        </pattern>
      </defs>
      {lines.map((line, index) => (
        <path
          key={line.id}
          d={barsPath(plot, times, line.values, heightBelow(lines.slice(0, index), times.length))}
          fill={line.ink === 'failingHatched' ? `url(#hatch-${id})` : colourOf(line.ink)}
        />
      ))}
    </g>
  )
}

function heightBelow(lines: readonly Line[], steps: number): readonly number[] {
  return Array.from({ length: steps }, (_, at) => lines.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))
}
