import { useState, type KeyboardEvent, type PointerEvent } from 'react'

import classes from './Chart.module.css'
import { usePointed, useCrosshair } from './crosshair.tsx'
import { colourOf, nearestStep, type Line } from './line.ts'
import { marksNear, placedMarks, type Mark } from './mark.ts'
import { edges, instantAt, xOf, yOf, type Plot } from './plot.ts'
import type { Zone } from '../zone.ts'
import { instantText } from './time.ts'
import { ChartTip } from './ChartTip.tsx'

interface Props {
  readonly id: string
  readonly title: string
  readonly plot: Plot
  readonly lines: readonly Line[]
  readonly times: readonly number[]
  readonly zone: Zone
  readonly format: (value: number | undefined) => string
  readonly was: (value: string) => string
  readonly isShared: boolean
  readonly marks: readonly Mark[]
  readonly onZoom: (from: number, to: number) => void
}

/** A drag shorter than this many pixels is a click. */
const leastDrag = 6

/**
 * What lies over a chart: the page's crosshair with its instant, a dot on every line, the tip where the pointer is, and the drag that
 * zooms. Arrow keys move the crosshair, Escape puts it away.
 */
export function Overlay({ id, title, plot, lines, times, zone, format, was, isShared, marks, onZoom }: Props) {
  const { point } = useCrosshair()
  const pointed = usePointed()
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number }>()
  const [pointerY, setPointerY] = useState(0)

  const index = pointed === undefined ? undefined : nearestStep(times, pointed.at)
  const at = index === undefined ? undefined : times[index]
  const x = at === undefined ? undefined : xOf(plot, at)
  const text = at === undefined ? '' : instantText(at, plot.to - plot.from, zone)

  const pointAtStep = (step: number) => {
    const next = times[Math.min(times.length - 1, Math.max(0, step))]
    if (next !== undefined) point({ at: next, chart: id })
  }
  const xIn = (event: PointerEvent) => event.clientX - event.currentTarget.getBoundingClientRect().left

  const onPointerMove = (event: PointerEvent) => {
    const step = nearestStep(times, instantAt(plot, xIn(event)))
    if (step !== undefined) pointAtStep(step)
    setPointerY(event.clientY - event.currentTarget.getBoundingClientRect().top)
    if (drag !== undefined) setDrag({ ...drag, to: xIn(event) })
  }
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || event.pointerType === 'touch') return
    event.currentTarget.setPointerCapture(event.pointerId)
    setDrag({ from: xIn(event), to: xIn(event) })
  }
  const onPointerUp = () => {
    setDrag(undefined)
    if (drag === undefined || Math.abs(drag.to - drag.from) < leastDrag) return
    const [from, to] = drag.from < drag.to ? [drag.from, drag.to] : [drag.to, drag.from]
    onZoom(Math.floor(instantAt(plot, from)), Math.ceil(instantAt(plot, to)))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const now = index ?? times.length - 1
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: index === undefined ? now : now - 1,
      ArrowRight: index === undefined ? now : now + 1,
      PageDown: now - 10,
      PageUp: now + 10,
      Home: 0,
      End: times.length - 1,
    }
    if (event.key === 'Escape') {
      setDrag(undefined)
      point(undefined)
      return
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    pointAtStep(step)
  }

  const here = pointed?.chart === id && x !== undefined && index !== undefined
  return (
    <>
      <EndNames lines={lines} plot={plot} />
      <div
        className={classes['overlay']}
        style={{ left: edges.left, top: edges.top, width: plot.width, height: plot.height }}
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-orientation="horizontal"
        aria-valuemin={times[0] ?? plot.from}
        aria-valuemax={times.at(-1) ?? plot.to}
        aria-valuenow={at ?? times.at(-1) ?? plot.to}
        aria-valuetext={index === undefined ? '' : spoken(text, lines, index, format)}
        onPointerMove={onPointerMove}
        onPointerDown={onPointerDown}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setDrag(undefined)}
        onPointerLeave={() => drag === undefined && point(undefined)}
        onBlur={() => point(undefined)}
        onKeyDown={onKeyDown}
      >
        <svg className={classes['cross']} width={plot.width} height={plot.height} aria-hidden>
          {x !== undefined && <path d={`M${x} 0V${plot.height}`} />}
          {index !== undefined &&
            x !== undefined &&
            lines.map((line) => <Dot key={line.id} line={line} lines={lines} index={index} x={x} plot={plot} />)}
          {drag !== undefined && Math.abs(drag.to - drag.from) >= leastDrag && (
            <rect
              className={classes['drag']}
              x={Math.max(0, Math.min(drag.from, drag.to))}
              width={Math.abs(drag.to - drag.from)}
              height={plot.height}
            />
          )}
        </svg>
        {x !== undefined && (
          <span className={classes['flag']} style={{ left: x }} data-testid="crosshair-time">
            {text}
          </span>
        )}
        {here && (
          <ChartTip
            text={text}
            lines={lines}
            index={index}
            nearest={nearestLine(lines, index, plot, pointerY)}
            format={format}
            was={was}
            isShared={isShared}
            marks={marksNear(placedMarks(plot, marks), x)}
            isRight={x > plot.width / 2}
            x={x}
          />
        )}
      </div>
    </>
  )
}

interface DotProps {
  readonly line: Line
  readonly lines: readonly Line[]
  readonly index: number
  readonly x: number
  readonly plot: Plot
}

function Dot({ line, lines, index, x, plot }: DotProps) {
  const height = heightAt(line, lines, index)
  if (height === undefined || (line.shape === 'bars' && height === 0)) return null
  return <circle cx={x} cy={yOf(plot, height)} r={3.4} stroke={colourOf(line.ink)} />
}

/** Where a line is at a step: bars stand on those drawn before them. */
function heightAt(line: Line, lines: readonly Line[], index: number): number | undefined {
  const value = line.values[index]
  if (value === undefined || line.shape !== 'bars') return value
  const below = lines.slice(0, lines.indexOf(line)).filter(({ shape }) => shape === 'bars')
  return below.reduce((sum, { values }) => sum + (values[index] ?? 0), value)
}

function nearestLine(lines: readonly Line[], index: number, plot: Plot, y: number): string | undefined {
  let best: { readonly id: string; readonly distance: number } | undefined
  for (const line of lines) {
    const height = heightAt(line, lines, index)
    if (height === undefined) continue
    const distance = Math.abs(yOf(plot, height) - y)
    if (best === undefined || distance < best.distance) best = { id: line.id, distance }
  }
  return best?.id
}

/** The words behind the ends of lines that lie apart, pushed apart where they would cover each other. */
function EndNames({ lines, plot }: { readonly lines: readonly Line[]; readonly plot: Plot }) {
  const named = lines
    .flatMap(({ id, label, values, isNamedAtEnd }) => {
      const last = values.findLast((value) => value !== undefined)
      return isNamedAtEnd === true && last !== undefined ? [{ id, label, top: yOf(plot, last) }] : []
    })
    .sort((a, b) => a.top - b.top)
  let floor = -Infinity
  const placed = named.map((each) => {
    floor = Math.max(floor + 13, each.top - 6)
    return { ...each, top: floor }
  })
  return placed.map(({ id, label, top }) => (
    <span
      key={id}
      className={classes['endName']}
      style={{ top: edges.top + top, left: edges.left + plot.width + 4 }}
      aria-hidden
    >
      {label}
    </span>
  ))
}

function spoken(
  text: string,
  lines: readonly Line[],
  index: number,
  format: (value: number | undefined) => string,
): string {
  return `${text}: ${lines.map(({ label, values }) => `${label} ${format(values[index])}`).join(', ')}`
}
