import { useCallback, useMemo, useState } from 'react'

import type { RangeAnswer } from '../../../clients/prometheus/explore.ts'
import type { Steps } from '../../../mesh/rangeQueries.ts'
import { isolated, toggled } from '../../charts/hidden.ts'
import { Legend } from '../../charts/Legend.tsx'
import { TimeChart } from '../../charts/TimeChart.tsx'
import { plainNumber } from '../../format.ts'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { useChooseView } from '../../view.tsx'
import type { Zone } from '../../zone.ts'
import { linesOf, mostLines } from './explored.ts'
import classes from './ExplorePage.module.css'
import { strings } from './strings.ts'

interface Props {
  readonly answer: RangeAnswer & { readonly tookMs: number }
  readonly steps: Steps
  readonly zone: Zone
  readonly promql: string
}

/** The largest series of an answer over time, on the page's range; a drag zooms. */
export function ExploreChart({ answer: { series, skipped, tookMs }, steps, zone, promql }: Props) {
  const all = useMemo(() => linesOf(series), [series])
  const [hiding, setHiding] = useState<{ readonly of: string; readonly ids: ReadonlySet<string> }>()
  const hidden = hiding?.of === promql ? hiding.ids : nobody
  const lines = useMemo(() => all.filter(({ id }) => !hidden.has(id)), [all, hidden])
  const count = series[0]?.points.length ?? 0
  const { start, step } = steps
  const times = useMemo(() => Array.from({ length: count }, (_, index) => start + index * step), [count, start, step])
  const chooseView = useChooseView()
  const onZoom = useCallback(
    (from: number, to: number) => chooseView({ span: { kind: 'between', from, to: Math.max(to, from + 10) } }),
    [chooseView],
  )
  const span = useMemo(() => ({ from: times[0] ?? 0, to: Math.max(times.at(-1) ?? 0, (times[0] ?? 0) + 1) }), [times])
  if (all.length === 0) return <StatePanel mark="idle" title={strings.empty.title} text={strings.empty.text} />
  const left = skipped.reduce((sum, each) => sum + each.count, 0)
  return (
    <section className={classes['chart']} aria-label={strings.chart}>
      <p className={classes['bar']}>
        {series.length > mostLines ? strings.cut(series.length) : strings.lines(series.length, tookMs)}
        {left > 0 && ` ${strings.skipped(left)}`}
      </p>
      <TimeChart
        id="explore"
        title={strings.chart}
        lines={lines}
        times={times}
        span={span}
        scale="any"
        zone={zone}
        height={420}
        format={plainNumber}
        was={plainWas}
        formatTick={plainNumber}
        onZoom={onZoom}
      />
      <Legend
        lines={all}
        hidden={hidden}
        times={times}
        format={plainNumber}
        overall={strings.overall}
        was={plainWas}
        hint={strings.hint}
        onToggle={(id) => setHiding({ of: promql, ids: toggled(hidden, id) })}
        onIsolate={(id) => setHiding({ of: promql, ids: isolated(all, hidden, id) })}
      />
    </section>
  )
}

const nobody: ReadonlySet<string> = new Set()
const plainWas = (value: string): string => value
