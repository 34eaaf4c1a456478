import '@mantine/core/styles/Modal.css'

import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import { CrosshairProvider } from '../../charts/crosshair.tsx'
import { fullText } from '../../charts/time.ts'
import { istioApiQuery } from '../../queries/cluster.ts'
import type { SeriesSubject } from '../../queries/series.ts'
import { useChooseView, useView } from '../../view.tsx'
import { Banner } from '../Banner.tsx'
import { SilenceReason } from '../doctor/SilenceReason.tsx'
import { pageState, stateOfError } from '../state.ts'
import { StatePanel } from '../StatePanel.tsx'
import { LoadingPanel, StateView } from '../StatePanels.tsx'
import { useSeries, type PanelAnswer, type PanelSubjects } from './answers.ts'
import { ChangeList } from './ChangeList.tsx'
import { marksOf, useChanges } from './changes.ts'
import { earlierSubject, isNothingEarlier, mostEarlier, useCompared } from './compare.ts'
import { ExportMenu } from './ExportMenu.tsx'
import classes from './MetricsView.module.css'
import { useObjective } from './objective.ts'
import { ObjectiveCard } from './ObjectiveCard.tsx'
import { Panel } from './Panel.tsx'
import { useDirectedPanel, useDurationPanel, useRequestPanel } from './panelAnswers.ts'
import { strings } from './strings.ts'
import { requestsByOutcome, type MetricsSubject } from './subject.ts'
import { Toolbar } from './Toolbar.tsx'
import type { Comparison, MetricsChoice, PanelId } from './words.ts'

interface Props {
  readonly metrics: MetricsSubject
  readonly choice: MetricsChoice
  readonly choose: (patch: Partial<MetricsChoice>) => void
  /** Only the calls of one end; keep its identity between renders. */
  readonly end: CallEnd | undefined
  /** What stands beside the panels. */
  readonly children?: ReactNode
}

/** The toolbar and the panels of a scope or of one end, and what stands in their place in every state without numbers. */
export function MetricsView({ metrics, choice, choose, end, children }: Props) {
  const { window, span } = useView()
  const { subject, isFuture } = metrics
  const [corner, setCorner] = useState<HTMLElement | null>(null)
  return (
    <div className={classes['body']}>
      <Toolbar choice={choice} choose={choose} at={window.at} isEnd={end !== undefined}>
        <span ref={setCorner} />
      </Toolbar>
      {isFuture && span.kind === 'between' ? (
        <StatePanel
          mark="idle"
          title={strings.future.title}
          text={strings.future.text(fullText(span.from, choice.zone))}
        />
      ) : subject === undefined ? (
        <LoadingPanel />
      ) : (
        <Answered metrics={metrics} subject={subject} choice={choice} choose={choose} end={end} corner={corner}>
          {children}
        </Answered>
      )}
    </div>
  )
}

interface AnsweredProps extends Props {
  readonly subject: SeriesSubject
  /** Where in the toolbar stands what only the panels' answers can do. */
  readonly corner: HTMLElement | null
}

interface PanelsProps extends AnsweredProps {
  readonly answers: readonly PlacedPanel[]
}

function Panels({ metrics, subject, answers, choice, choose, end, corner, children }: PanelsProps) {
  const { cluster, project, namespaces, window, span, isOwner, refreshNow } = useView()
  const chooseView = useChooseView()
  const onZoom = useCallback(
    (from: number, to: number) => chooseView({ span: { kind: 'between', from, to: Math.max(to, from + 10) } }),
    [chooseView],
  )
  const { changes, unread } = useChanges(subject, end)
  const stated = useObjective(end, subject)
  const { zone, changes: areMarked } = choice
  const marks = useMemo(
    () => (areMarked ? marksOf(changes, subject.window.seconds, zone) : []),
    [areMarked, changes, subject.window.seconds, zone],
  )
  const requests = useSeries(requestsByOutcome(choice.reporter, end), subject)
  const bytes = useSeries(
    { ask: 'series-tcp', by: [], reporter: choice.reporter, ...(end === undefined ? {} : { end }) },
    subject,
  )
  const istioApi = useQuery({
    ...istioApiQuery(cluster.name),
    enabled: cluster.capabilities.kubernetes.allowed && metrics.facts.data?.hasIstioMetrics === false,
  })

  const failure = useFailure(answers, metrics, requests.error)
  if (failure !== undefined) {
    return (
      <StateView
        state={failure}
        isOwner={isOwner}
        onRetry={() => {
          metrics.facts.retry()
          for (const { answer } of answers) answer.retry()
          refreshNow()
        }}
        namespaces={namespaces}
        windowSeconds={window.seconds}
      />
    )
  }

  const isNothing = requests.data?.series.length === 0 && bytes.data?.series.length === 0
  if (isNothing && requests.error === null) {
    if (span.kind === 'between' && metrics.facts.data?.hasIstioMetrics === false) {
      const { retention } = metrics.facts.data
      return (
        <StatePanel
          mark="idle"
          title={strings.unrecorded.title}
          text={strings.unrecorded.text(fullText(span.from, choice.zone), fullText(span.to, choice.zone), retention)}
        />
      )
    }
    const state = pageState({
      answer: 'empty',
      error: null,
      facts: metrics.facts.data,
      factsError: metrics.facts.error,
      hasIstioApi: istioApi.data,
    })
    if (state.kind === 'empty') {
      const words =
        end === undefined
          ? { title: strings.empty.title, text: strings.empty.text(namespaces) }
          : strings.emptyEnd(end.name, end.direction)
      return (
        <Beside beside={children}>
          <StatePanel mark="idle" title={words.title} text={words.text}>
            <SilenceReason only={end?.namespace} />
          </StatePanel>
        </Beside>
      )
    }
    if (state.kind !== 'ready' && state.kind !== 'stale') {
      return (
        <StateView
          state={state}
          isOwner={isOwner}
          onRetry={metrics.facts.retry}
          namespaces={namespaces}
          windowSeconds={window.seconds}
        >
          {'cause' in state || state.kind === 'loading' ? null : <SilenceReason only={end?.namespace} />}
        </StateView>
      )
    }
  }

  const isProject = project !== undefined && end === undefined
  const isOutside = end !== undefined && namespaces.length > 0 && !namespaces.includes(end.namespace)
  const notes = [
    ...new Set([
      ...notesOf(metrics, choice, end),
      ...(isOutside ? [strings.notes.outside(end.namespace)] : []),
      ...answers.flatMap(({ answer }) => answer.notes),
      ...earlierNotes(answers, choice.compare),
    ]),
  ]
  return (
    <>
      {corner !== null &&
        createPortal(
          <ExportMenu panels={answers.map(({ id, answer }) => ({ title: titleOf(id, isProject), answer }))} />,
          corner,
        )}
      {notes.length > 0 && (
        <div className={classes['notes']}>
          {notes.map((note) => (
            <Banner key={note}>{note}</Banner>
          ))}
        </div>
      )}
      <ObjectiveCard state={stated} service={end?.name ?? ''} />
      <ChangeList
        changes={changes}
        unread={unread}
        seconds={subject.window.seconds}
        zone={zone}
        areMarked={areMarked}
        onMarked={(next) => choose({ changes: next })}
      />
      <Beside beside={children}>
        <CrosshairProvider>
          <div className={classes['grid']}>
            {answers.map(({ id, answer }) => (
              <Panel
                key={id}
                id={id}
                title={titleOf(id, isProject)}
                answer={answer}
                zone={choice.zone}
                isWide={choice.panel === id}
                onWiden={() => choose({ panel: choice.panel === id ? 'none' : id })}
                onZoom={onZoom}
                marks={marks}
                objective={id === 'success' && stated.kind === 'stated' ? stated.objective.ratio : undefined}
                areServices={end === undefined && choice.level === 'detail'}
              />
            ))}
          </div>
        </CrosshairProvider>
      </Beside>
    </>
  )
}

function Beside({ beside, children }: { readonly beside: ReactNode; readonly children: ReactNode }) {
  if (beside === undefined) return children
  return (
    <div className={classes['beside']}>
      <div className={classes['main']}>{children}</div>
      {beside}
    </div>
  )
}

type Failure = ReturnType<typeof stateOfError>

/**
 * What keeps every panel from its numbers, told once in place of all: Prometheus or the server gives no answer. It stays while the next
 * instant is asked, until a panel has numbers.
 */
function useFailure(
  answers: readonly PlacedPanel[],
  { facts }: MetricsSubject,
  requestsError: Error | null,
): Failure | undefined {
  const [held, setHeld] = useState<Error>()
  const hasNumbers = answers.some(({ answer }) => answer.content !== undefined)
  const allFailed = requestsError !== null && answers.slice(0, 5).every(({ answer }) => answer.error !== null)
  const error = facts.data === undefined && facts.error !== null ? facts.error : allFailed ? requestsError : null
  const next = hasNumbers ? undefined : (error ?? held)
  if (next !== held) setHeld(next)
  if (next === undefined) return undefined
  const state = stateOfError(next)
  // Anything else may be one panel's own.
  return state.kind === 'noPrometheus' || state.kind === 'unreachable' ? state : undefined
}

interface PlacedPanel {
  readonly id: PanelId
  readonly answer: PanelAnswer
}

/** Two components, since a period before takes as many questions again, of which most pages have none. */
function Answered(props: AnsweredProps) {
  return props.choice.compare === 'none' ? <Alone {...props} /> : <Compared {...props} />
}

function Alone(props: AnsweredProps) {
  const { subject, choice, end } = props
  return <Panels {...props} answers={placed(usePanelsOf(subject, subject, choice, end))} />
}

function Compared(props: AnsweredProps) {
  const { subject, choice, end } = props
  const { compare } = choice
  const earlier = useMemo(() => earlierSubject(subject, compare), [subject, compare])
  const now = usePanelsOf(subject, subject, choice, end)
  const then = usePanelsOf(earlier, subject, choice, end)
  const answers = placed({
    success: useCompared(now.success, then.success, compare),
    volume: useCompared(now.volume, then.volume, compare),
    '4xx': useCompared(now['4xx'], then['4xx'], compare),
    '5xx': useCompared(now['5xx'], then['5xx'], compare),
    duration: useCompared(now.duration, then.duration, compare),
    messages: useCompared(now.messages, then.messages, compare),
    tcp: useCompared(now.tcp, then.tcp, compare),
    connections: useCompared(now.connections, then.connections, compare),
  })
  return <Panels {...props} answers={answers} />
}

const five = ['success', 'volume', '4xx', '5xx', 'duration'] as const
const more = ['messages', 'tcp', 'connections'] as const

/** The panels in the order they stand: the five, and TCP and gRPC where there are any or it could not be found out. */
function placed(answers: Readonly<Record<PanelId, PanelAnswer>>): readonly PlacedPanel[] {
  const isThere = ({ error, content }: PanelAnswer) => error !== null || (content?.lines.length ?? 0) > 0
  return [...five, ...more.filter((id) => isThere(answers[id]))].map((id) => ({ id, answer: answers[id] }))
}

function usePanelsOf(
  subject: SeriesSubject,
  ranked: SeriesSubject,
  choice: MetricsChoice,
  end: CallEnd | undefined,
): Readonly<Record<PanelId, PanelAnswer>> {
  const subjects = useMemo((): PanelSubjects => ({ subject, ranked }), [subject, ranked])
  return {
    success: useRequestPanel('success', subjects, choice, end),
    volume: useRequestPanel('volume', subjects, choice, end),
    '4xx': useRequestPanel('4xx', subjects, choice, end),
    '5xx': useRequestPanel('5xx', subjects, choice, end),
    duration: useDurationPanel(subjects, choice, end),
    messages: useDirectedPanel('messages', subjects, choice, end),
    tcp: useDirectedPanel('tcp', subjects, choice, end),
    connections: useDirectedPanel('connections', subjects, choice, end),
  }
}

function earlierNotes(answers: readonly PlacedPanel[], compare: Comparison): readonly string[] {
  if (compare === 'none') return []
  const before = strings.toolbar.compareNames[compare]
  if (isNothingEarlier(answers.map(({ answer }) => answer))) return [strings.notes.nothingEarlier(before)]
  const isMany = answers.some(({ answer }) => (answer.content?.lines.length ?? 0) > mostEarlier)
  return isMany ? [strings.notes.manyEarlier(before)] : []
}

function titleOf(id: PanelId, isProject: boolean): string {
  return id === '5xx' && isProject ? strings.project5xx : strings.titles[id]
}

function notesOf(
  { begins, isTooLong, endsNow }: MetricsSubject,
  { reporter, zone, by }: MetricsChoice,
  end: CallEnd | undefined,
): readonly string[] {
  return [
    ...(begins === undefined ? [] : [strings.notes.clipped(fullText(begins, zone))]),
    ...(isTooLong ? [strings.notes.tooLong] : []),
    ...(endsNow ? [strings.notes.endsNow] : []),
    ...(reporter === 'auto' ? [] : [strings.notes.forced[reporter]]),
    ...(end?.kind === 'service' && end.direction === 'outbound' ? [strings.notes.serviceOutbound] : []),
    ...(end !== undefined && by === 'mtls' && reporter === 'auto' ? [strings.notes.mtls] : []),
  ]
}
