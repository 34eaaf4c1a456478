import { useElementSize } from '@mantine/hooks'
import { memo, useMemo } from 'react'
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line as RechartsLine,
  ReferenceArea,
  ReferenceLine,
  XAxis,
  YAxis,
} from 'recharts'

import { Bars } from './Bars.tsx'
import classes from './Chart.module.css'
import { colourOf, dashOf, type Line } from './line.ts'
import { Overlay } from './Overlay.tsx'
import { edges, isAlone, plotOf } from './plot.ts'
import { logScale, scaleFromZero, scaleOfBytes, scaleToOne, type Scale } from './scale.ts'
import type { Zone } from '../zone.ts'
import { tickText, timeTicks } from './time.ts'

export interface TimeChartProps {
  /** Tells the charts of a page apart. */
  readonly id: string
  readonly title: string
  readonly lines: readonly Line[]
  /** The steps, unix seconds. */
  readonly times: readonly number[]
  /** What the horizontal axis spans, unix seconds. */
  readonly span: { readonly from: number; readonly to: number }
  /** `zero`: from 0 up; `whole`: the same in whole numbers; `bytes`: in KiB and up; `one`: ratios, ending at 1; `log`: powers of ten. */
  readonly scale: 'zero' | 'whole' | 'bytes' | 'one' | 'log'
  readonly zone: Zone
  readonly height: number
  /** A value in words, with its unit. */
  readonly format: (value: number | undefined) => string
  /** A tick of the vertical axis in words. */
  readonly formatTick: (value: number) => string
  /** Whether the lines add up to something, so that each has a share. */
  readonly isShared?: boolean
  /** Health suffers below this value. */
  readonly degradedBelow?: number | undefined
  readonly failingBelow?: number | undefined
  /** Called with the span a person dragged over. */
  readonly onZoom: (from: number, to: number) => void
}

/**
 * Values over time: lines, areas or bars on one time axis, with the page's crosshair over them. Nothing moves by itself.
 * Memoised, since a page draws itself anew for every answer that arrives, and a chart is most of what there is to draw.
 */
export const TimeChart = memo(function TimeChart(props: TimeChartProps) {
  const { ref, width } = useElementSize<HTMLDivElement>()
  return (
    <div ref={ref} className={classes['chart']} style={{ height: props.height }} data-chart={props.id}>
      {width > 0 && <Drawn {...props} width={width} />}
    </div>
  )
})

function Drawn({ width, ...props }: TimeChartProps & { readonly width: number }) {
  const { id, title, lines, times, span, zone, height, format, formatTick, isShared = false, onZoom } = props
  const { degradedBelow, failingBelow, scale: kind } = props
  const scale = useMemo(() => scaleOf(kind, lines), [kind, lines])
  const plot = useMemo(() => plotOf({ width, height }, span, scale), [width, height, span, scale])
  const rows = useMemo(() => rowsOf(lines, times), [lines, times])
  const ticks = useMemo(() => timeTicks(span.from, span.to, plot.width, zone), [span, plot.width, zone])
  const bars = lines.filter(({ shape }) => shape === 'bars')
  const spanSeconds = span.to - span.from

  return (
    <>
      <div aria-hidden>
        <ComposedChart
          width={width}
          height={height}
          data={rows}
          margin={{ top: edges.top, right: edges.right, bottom: 0, left: 0 }}
          accessibilityLayer={false}
          tabIndex={-1}
        >
          {degradedBelow !== undefined && degradedBelow > scale.min && (
            <ReferenceArea
              className={classes['below'] ?? ''}
              y1={Math.max(scale.min, failingBelow ?? scale.min)}
              y2={degradedBelow}
              ifOverflow="hidden"
            />
          )}
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          <XAxis
            dataKey="at"
            type="number"
            domain={[span.from, span.to]}
            allowDataOverflow
            ticks={[...ticks]}
            interval={0}
            height={edges.bottom}
            tickLine={false}
            axisLine={false}
            tick={{ fill: 'var(--muted)', fontSize: 12 }}
            tickFormatter={(at: number) => tickText(at, spanSeconds, zone)}
          />
          <YAxis
            type="number"
            domain={[scale.min, scale.max]}
            scale={scale.kind}
            allowDataOverflow
            ticks={[...scale.ticks]}
            interval={0}
            width={edges.left}
            tickLine={false}
            axisLine={false}
            tick={{ fill: 'var(--muted)', fontSize: 12 }}
            tickFormatter={formatTick}
          />
          {bars.length > 0 && <Bars plot={plot} times={times} lines={bars} id={id} />}
          {lines.map((line, index) =>
            line.shape === 'bars' ? null : line.shape === 'area' ? (
              <Area
                key={line.id}
                dataKey={`v${index}`}
                type="linear"
                stroke={colourOf(line.ink)}
                fill={colourOf(line.ink)}
                fillOpacity={0.1}
                strokeWidth={1.6}
                dot={line.values.some((_, at) => isAlone(line.values, at)) ? <Alone values={line.values} /> : false}
                activeDot={false}
                connectNulls={false}
                isAnimationActive={false}
              />
            ) : (
              <RechartsLine
                key={line.id}
                dataKey={`v${index}`}
                type="linear"
                stroke={colourOf(line.ink)}
                strokeWidth={line.ink === 'q99' ? 2 : 1.6}
                {...(dashOf(line.ink) === undefined ? {} : { strokeDasharray: dashOf(line.ink) ?? '' })}
                dot={line.values.some((_, at) => isAlone(line.values, at)) ? <Alone values={line.values} /> : false}
                activeDot={false}
                connectNulls={false}
                isAnimationActive={false}
              />
            ),
          )}
          {[degradedBelow, failingBelow].map(
            (limit, index) =>
              limit !== undefined &&
              limit > scale.min && (
                <ReferenceLine
                  key={index}
                  y={limit}
                  stroke={index === 0 ? 'var(--degraded-line)' : 'var(--failing)'}
                  strokeDasharray="5 4"
                  strokeWidth={1.4}
                  ifOverflow="hidden"
                />
              ),
          )}
        </ComposedChart>
      </div>
      <Overlay
        id={id}
        title={title}
        plot={plot}
        lines={lines}
        times={times}
        zone={zone}
        format={format}
        isShared={isShared}
        onZoom={onZoom}
      />
    </>
  )
}

interface AloneProps {
  readonly values: readonly (number | undefined)[]
  /** Recharts tells where the point is. */
  readonly cx?: number
  readonly cy?: number
  readonly index?: number
  readonly stroke?: string
}

/** A dot where a value stands alone between two gaps. */
function Alone({ values, cx, cy, index, stroke }: AloneProps) {
  if (index === undefined || cx === undefined || cy === undefined || !isAlone(values, index)) return null
  return <circle cx={cx} cy={cy} r={2} fill={stroke} />
}

function scaleOf(kind: TimeChartProps['scale'], lines: readonly Line[]): Scale {
  const all = lines.flatMap(({ values }) => values)
  if (kind === 'one') return scaleToOne(all)
  if (kind === 'log') return logScale(all)
  if (kind === 'bytes') return scaleOfBytes(all)
  const bars = lines.filter(({ shape }) => shape === 'bars')
  const stacked = (bars[0]?.values ?? []).map((_, at) => bars.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))
  return scaleFromZero([...all, ...stacked], kind === 'whole')
}

/** A row for each step, as recharts reads them; what is not drawn (gaps; zero on a logarithmic scale) is absent. */
function rowsOf(lines: readonly Line[], times: readonly number[]): Record<string, number>[] {
  return times.map((at, index) => {
    const row: Record<string, number> = { at }
    for (const [place, { values, shape }] of lines.entries()) {
      const value = values[index]
      if (value !== undefined && shape !== 'bars') row[`v${place}`] = value
    }
    return row
  })
}
