import { useElementSize } from '@mantine/hooks'
import { useMemo } from 'react'
import { useNavigate } from 'react-router'

import type { TraceSummary } from '../../../mesh/traces/trace.ts'
import { instantText, tickText, timeTicks } from '../../charts/time.ts'
import { duration, inWords } from '../../format.ts'
import type { Zone } from '../../zone.ts'
import { scatterOf } from './scatter.ts'
import { strings } from './strings.ts'
import classes from './Traces.module.css'

interface Props {
  readonly traces: readonly TraceSummary[]
  readonly from: number
  readonly to: number
  readonly zone: Zone
  readonly placeOf: (id: string) => { readonly pathname: string; readonly search: string }
}

const height = 200
const edge = { left: 66, right: 20, top: 14, bottom: 26 }

/** Duration over time: what failed is a filled diamond, drawn over the rest. The table below says the same in words. */
export function ScatterChart({ traces, from, to, zone, placeOf }: Props) {
  const navigate = useNavigate()
  const { ref, width: measured } = useElementSize()
  const size = { ...edge, width: Math.max(300, measured), height }
  const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom }
  const { points, lines } = useMemo(() => scatterOf(traces, { from, to }), [traces, from, to])
  const x = (share: number) => size.left + share * inner.width
  const y = (share: number) => size.top + (1 - share) * inner.height
  const failed = points.filter(({ trace }) => trace.errors > 0)
  const ordered = [...points.filter(({ trace }) => trace.errors === 0), ...failed]
  return (
    <div ref={ref}>
      <svg
        className={classes['scatter']}
        width={size.width}
        height={size.height}
        role="img"
        aria-label={strings.scatter(points.length, failed.length)}
      >
        {lines.map(({ seconds, y: share }) => (
          <g key={seconds}>
            <line className={classes['grid']} x1={size.left} x2={size.width - size.right} y1={y(share)} y2={y(share)} />
            <text className={classes['tick']} x={size.left - 8} y={y(share) + 4} textAnchor="end">
              {inWords(duration(seconds))}
            </text>
          </g>
        ))}
        {timeTicks(from, to, inner.width, zone).map((at) => (
          <text
            key={at}
            className={classes['tick']}
            x={x((at - from) / Math.max(1, to - from))}
            y={size.height - 6}
            textAnchor="middle"
          >
            {tickText(at, to - from, zone)}
          </text>
        ))}
        {ordered.map(({ trace, x: across, y: up }) => (
          <g
            key={trace.id}
            className={classes['point']}
            data-health={trace.errors > 0 ? 'failing' : undefined}
            transform={`translate(${x(across).toFixed(1)} ${y(up).toFixed(1)})`}
            onClick={() => void navigate(placeOf(trace.id))}
          >
            <title>
              {`${strings.point(inWords(duration(trace.duration)), trace.errors)} · ${instantText(trace.start, to - from, zone)}`}
            </title>
            {trace.errors > 0 ? <path d="M0-5.5 5.5 0 0 5.5-5.5 0Z" /> : <circle r={4} />}
          </g>
        ))}
      </svg>
    </div>
  )
}
