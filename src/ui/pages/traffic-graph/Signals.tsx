import { Button } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import type { MeshGraph } from '../../../mesh/graph.ts'
import type { Affected } from '../../../mesh/doctor/finding.ts'
import type { HealthState } from '../../../mesh/health.ts'
import { rhythmOf, totalOf } from '../../../mesh/panels.ts'
import type { Query } from '../../../mesh/queries.ts'
import type { SeriesQuestion } from '../../../mesh/rangeQueries.ts'
import { byteRate, clockTime, duration, inWords, percent, rate, type Quantity } from '../../format.ts'
import { Measure } from '../../kit/Measure.tsx'
import { Sparkline } from '../../kit/Sparkline.tsx'
import { TrustMark } from '../../panels/doctor/TrustMark.tsx'
import { seriesQuery, totalsQuery, type SeriesSubject } from '../../queries/series.ts'
import { useView, type View } from '../../view.tsx'
import { actionStrings } from './actionStrings.ts'
import type { Selection, Totals } from './details.ts'
import { onsetOf, type Onset } from './onset.ts'
import { PromqlButton, useGraphPromql } from './Promql.tsx'
import { Section } from './Section.tsx'
import classes from './SidePanel.module.css'
import {
  bytesCourse,
  bytesOf,
  ownSeries,
  quantileCourse,
  requestCourse,
  signalsOf,
  type SignalQuestion,
} from './signals.ts'
import { statistics } from './words.ts'

interface Props {
  readonly graph: MeshGraph
  readonly selection: Selection | undefined
  /** Its sums in the graph: they are shown as they are, and not asked for again. */
  readonly totals: Totals
  readonly state: HealthState
}

/** The four golden signals: the graph's own numbers, each with its course over the window. */
export function Signals({ graph, selection, totals, state }: Props) {
  const view = useView()
  const known = signalsOf(graph, selection)
  return (
    <SignalFigures view={view} signals={known ?? untold} isTold={known !== undefined} totals={totals} state={state} />
  )
}

/** What no series tells of: only the graph's own numbers are shown. */
const untold: SignalQuestion = { namespaces: [], by: [], isOwn: () => false, isTcp: false, hasQuantiles: false }

interface FigureProps extends Pick<Props, 'totals' | 'state'> {
  readonly view: View
  readonly signals: SignalQuestion
  readonly isTold: boolean
}

function SignalFigures({ view, signals, isTold, totals, state }: FigureProps) {
  const strings = actionStrings.signals
  const subject = subjectOf(view, signals)
  const { hasQuantiles, isTcp } = signals
  const hasRequests = totals.requests !== undefined
  const requests = useQuery({ ...seriesQuery(requestsAsked(signals), subject), enabled: hasRequests && isTold })
  const withTime = isTold && hasRequests && hasQuantiles
  const p95 = useQuery({ ...seriesQuery(timesAsked(signals, 'p95'), subject), enabled: withTime })
  const p95Now = useQuery({ ...totalsQuery(timesAsked(signals, 'p95'), subject), enabled: withTime })
  const tcp = useQuery({
    ...seriesQuery(asked(signals, { ask: 'series-tcp' }), subject),
    enabled: isTcp && totals.tcp !== undefined,
  })

  const withBytes = isTold && hasRequests
  const bytes = useQuery({ ...seriesQuery(asked(signals, { ask: 'series-throughput' }), subject), enabled: withBytes })
  const bytesNow = useQuery({
    ...totalsQuery(asked(signals, { ask: 'series-throughput' }), subject),
    enabled: withBytes,
  })
  const ofRequests = [...useGraphPromql('requests'), ...(requests.data?.queries ?? [])]
  const ofTcp = [...useGraphPromql('tcp'), ...(tcp.data?.queries ?? [])]
  const ofMtls = useGraphPromql('mtls')

  const course = requests.data === undefined ? undefined : requestCourse(requests.data.series, signals)
  const own = p95Now.data?.samples.filter(({ labels }) => signals.isOwn(labels)) ?? []
  const tone = (ratio: number | undefined) =>
    (ratio ?? 0) > 0 && (state === 'failing' || state === 'degraded') ? state : undefined
  const bad = tone(totals.errorRatio)
  const failure = requests.error ?? p95.error ?? tcp.error
  const onset = bad === undefined || course === undefined ? undefined : onsetOf(course.ratio, course.times)
  return (
    <>
      {onset !== undefined && <p className={classes['since']}>{onsetText(onset, view)}</p>}
      <dl className={classes['figures']} aria-label={strings.label}>
        {hasRequests && (
          <>
            <Signal
              name={strings.requests}
              of="requests"
              now={rate(totals.requests)}
              values={course?.total}
              format={rate}
              view={view}
              promql={ofRequests}
            />
            <Signal
              name={strings.errors}
              of="errors"
              now={percent(totals.errorRatio)}
              values={course?.ratio}
              format={percent}
              view={view}
              health={bad}
              promql={ofRequests}
            />
          </>
        )}
        {withTime && (
          <Signal
            name={strings.p95}
            of="latency"
            now={duration(own.length === 1 ? own[0]?.value : undefined)}
            values={p95.data === undefined ? undefined : quantileCourse(p95.data.series, signals)}
            format={duration}
            view={view}
            promql={[...(p95Now.data?.queries ?? []), ...(p95.data?.queries ?? [])]}
          />
        )}
        {withBytes && (
          <Signal
            name={strings.throughput}
            of="requests"
            now={byteRate(bytesOf(bytesNow.data?.samples, signals))}
            values={bytes.data === undefined ? undefined : totalOf(ownSeries(bytes.data.series, signals))}
            format={byteRate}
            view={view}
            promql={[...(bytesNow.data?.queries ?? []), ...(bytes.data?.queries ?? [])]}
          />
        )}
        {totals.tcp !== undefined && (
          <Signal
            name={strings.tcp}
            of="tcp"
            now={byteRate(totals.tcp)}
            values={tcp.data === undefined ? undefined : bytesCourse(tcp.data.series, signals)}
            format={byteRate}
            view={view}
            promql={ofTcp}
          />
        )}
        <Signal
          name={strings.mtls}
          of="mtls"
          now={percent(totals.mtls)}
          values={undefined}
          format={percent}
          view={view}
          promql={ofMtls}
        />
      </dl>
      {failure !== null && (
        <p className={classes['quiet']}>
          {strings.failed}: {failure.message}
        </p>
      )}
      {withTime && <Percentiles signals={signals} subject={subject} />}
    </>
  )
}

function onsetText(onset: Onset, { window, zone }: View): string {
  const { since, throughout, better } = actionStrings.signals
  if (onset.kind === 'throughout') return throughout(clockTime(window.at - window.seconds, zone))
  return (onset.kind === 'since' ? since : better)(clockTime(onset.at, zone))
}

interface SignalProps {
  readonly of: Affected
  readonly name: string
  readonly now: Quantity
  readonly values: readonly (number | undefined)[] | undefined
  readonly format: (value: number | undefined) => Quantity
  readonly health?: HealthState | undefined
  readonly view: View
  readonly promql: readonly Query[]
}

function Signal({ of, name, now, values, format, health, view, promql }: SignalProps) {
  const { seconds, at } = view.window
  const measured = values?.filter((value) => value !== undefined) ?? []
  const course = actionStrings.signals.trend(name, inWords(format(measured[0])), inWords(format(measured.at(-1))))
  return (
    <div data-health={health}>
      <dt>
        {name}
        <TrustMark of={of} />
        <PromqlButton of={name} queries={promql} />
      </dt>
      <dd>
        <Measure quantity={now} />
        {measured.length > 1 && values !== undefined && (
          <Sparkline
            values={values}
            label={`${course} (${clockTime(at - seconds, view.zone)} – ${clockTime(at, view.zone)})`}
            tone={health === 'failing' || health === 'degraded' ? health : 'traffic'}
          />
        )}
      </dd>
    </div>
  )
}

/** All percentiles of the selection, asked for only when somebody wants them. */
function Percentiles({ signals, subject }: { readonly signals: SignalQuestion; readonly subject: SeriesSubject }) {
  const strings = actionStrings.latencies
  const [isWanted, setWanted] = useState(false)
  const answers = useQueries({
    queries: statistics.map((statistic) => ({
      ...totalsQuery(timesAsked(signals, statistic), subject),
      enabled: isWanted,
    })),
  })
  const failure = answers.find(({ error }) => error !== null)?.error
  return (
    <Section
      title={strings.title}
      aside={
        isWanted ? undefined : (
          <Button size="compact-xs" variant="default" onClick={() => setWanted(true)}>
            {strings.show}
          </Button>
        )
      }
    >
      {isWanted && (
        <dl className={classes['figures']}>
          {answers.map(({ data }, index) => {
            const own = data?.samples.filter(({ labels }) => signals.isOwn(labels)) ?? []
            const statistic = statistics[index] ?? ''
            return (
              <div key={statistic}>
                <dt>
                  {statistic}
                  <PromqlButton of={statistic} queries={data?.queries ?? []} />
                </dt>
                <dd>
                  <Measure quantity={duration(own.length === 1 ? own[0]?.value : undefined)} />
                </dd>
              </div>
            )
          })}
        </dl>
      )}
      {isWanted && failure != null && <p className={classes['quiet']}>{strings.failed(failure.message)}</p>}
    </Section>
  )
}

type Ask =
  | { readonly ask: 'series-requests' | 'series-tcp' | 'series-throughput' }
  | { readonly ask: 'series-duration'; readonly statistic: 'avg' | 'p50' | 'p95' | 'p99' }

function asked({ by, services }: SignalQuestion, ask: Ask): SeriesQuestion {
  return {
    ...ask,
    by: ask.ask === 'series-requests' ? [...by, 'outcome'] : by,
    reporter: 'auto',
    ...(services === undefined ? {} : { services: { names: services, isRest: false } }),
  }
}

const requestsAsked = (signals: SignalQuestion) => asked(signals, { ask: 'series-requests' })
const timesAsked = (signals: SignalQuestion, statistic: 'avg' | 'p50' | 'p95' | 'p99') =>
  asked(signals, { ask: 'series-duration', statistic })

function subjectOf({ cluster, namespaces, project, window, span }: View, signals: SignalQuestion): SeriesSubject {
  const isOwnScope = signals.namespaces.length > 0
  return {
    cluster,
    namespaces: isOwnScope ? signals.namespaces : namespaces,
    project: isOwnScope ? undefined : project,
    window,
    grain: rhythmOf(window.seconds, undefined),
    chosen: JSON.stringify(span),
  }
}
