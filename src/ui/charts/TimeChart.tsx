import { useElementSize } from '@mantine/hooks'
import { memo, useMemo } from 'react'
import { CartesianGrid, ComposedChart, DefaultZIndexes, ReferenceArea, ReferenceLine, XAxis, YAxis } from 'recharts'

import { Bars } from './Bars.tsx'
import classes from './Chart.module.css'
import { limitStrokes, type LimitKind } from './limit.ts'
import type { Mark } from './mark.ts'
import { Marks } from './Marks.tsx'
import { earlierTops, type Line } from './line.ts'
import { Lines } from './Lines.tsx'
import { Overlay } from './Overlay.tsx'
import { edges, plotOf } from './plot.ts'
import { logScale, lowest, scaleFromZero, scaleOfAny, scaleOfBytes, scaleToOne, type Scale } from './scale.ts'
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
  /** `zero`: from 0 up; `whole`: the same in whole numbers; `bytes`: in KiB and up; `one`: ratios, ending at 1; `log`: powers of ten; `any`: whatever there is, below 0 too. */
  readonly scale: 'zero' | 'whole' | 'bytes' | 'one' | 'log' | 'any'
  readonly zone: Zone
  readonly height: number
  /** A value in words, with its unit. */
  readonly format: (value: number | undefined) => string
  /** How what a line was a while before is said. */
  readonly was: (value: string) => string
  /** A tick of the vertical axis in words. */
  readonly formatTick: (value: number) => string
  /** Whether the lines add up to something, so that each has a share. */
  readonly isShared?: boolean
  /** Health suffers below this value. */
  readonly degradedBelow?: number | undefined
  readonly failingBelow?: number | undefined
  /** What the values are meant to stay above. */
  readonly objective?: number | undefined
  /** What happened meanwhile. */
  readonly marks?: readonly Mark[]
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

/** What is drawn is drawn by `Bars` and `Lines`: recharts places grid, axes and limits. */
const noRows: never[] = []
const noMarks: readonly Mark[] = []

function Drawn({ width, ...props }: TimeChartProps & { readonly width: number }) {
  const {
    id,
    title,
    lines,
    times,
    span,
    zone,
    height,
    format,
    was,
    formatTick,
    isShared = false,
    marks = noMarks,
    onZoom,
  } = props
  const { degradedBelow, failingBelow, objective, scale: kind } = props
  const limit = lowest(degradedBelow, objective)
  const scale = useMemo(() => scaleOf(kind, lines, limit), [kind, lines, limit])
  const plot = useMemo(() => plotOf({ width, height }, span, scale), [width, height, span, scale])
  const ticks = useMemo(() => timeTicks(span.from, span.to, plot.width, zone), [span, plot.width, zone])
  const bars = useMemo(() => lines.filter(({ shape }) => shape === 'bars'), [lines])
  const curves = useMemo(() => lines.filter(({ shape }) => shape !== 'bars'), [lines])
  const spanSeconds = span.to - span.from

  return (
    <>
      <div aria-hidden>
        <ComposedChart
          width={width}
          height={height}
          data={noRows}
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
              // Below what is drawn without a layer of its own, our lines.
              zIndex={DefaultZIndexes.barBackground}
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
          {marks.length > 0 && <Marks plot={plot} marks={marks} />}
          {bars.length > 0 && <Bars plot={plot} times={times} lines={bars} id={id} />}
          <Lines plot={plot} times={times} lines={curves} bars={bars} />
          {Object.entries({ degraded: degradedBelow, failing: failingBelow, objective }).map(
            ([name, value]) =>
              value !== undefined &&
              value > scale.min && (
                <ReferenceLine
                  key={name}
                  y={value}
                  {...limitStrokes[name as LimitKind]}
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
        was={was}
        isShared={isShared}
        marks={marks}
        onZoom={onZoom}
      />
    </>
  )
}

function scaleOf(kind: TimeChartProps['scale'], lines: readonly Line[], limit: number | undefined): Scale {
  const all = lines.flatMap(({ values, earlier }) => [...values, ...(earlier?.values ?? [])])
  if (kind === 'one') return scaleToOne(all, limit)
  if (kind === 'log') return logScale(all)
  if (kind === 'any') return scaleOfAny(all)
  if (kind === 'bytes') return scaleOfBytes(all)
  const bars = lines.filter(({ shape }) => shape === 'bars')
  const stacked = (bars[0]?.values ?? []).map((_, at) => bars.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))
  return scaleFromZero([...all, ...stacked, ...earlierTops(bars)], kind === 'whole')
}
