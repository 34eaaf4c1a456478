import '@mantine/core/styles/Modal.css'

import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'

import chartClasses from '../../charts/Chart.module.css'
import { CrosshairProvider } from '../../charts/crosshair.tsx'
import { fullText, instantText } from '../../charts/time.ts'
import { shortSpan } from '../../format.ts'
import { Banner } from '../../panels/Banner.tsx'
import { PageHead } from '../../panels/PageHead.tsx'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { LoadingPanel, StateView } from '../../panels/StatePanels.tsx'
import { pageState } from '../../panels/state.ts'
import { istioApiQuery, projectName } from '../../queries/cluster.ts'
import type { SeriesSubject } from '../../queries/series.ts'
import { useUrlState } from '../../urlState.tsx'
import { useChooseView, useView } from '../../view.tsx'
import { useSeries, type PanelAnswer } from './answers.ts'
import { Panel } from './Panel.tsx'
import { useDirectedPanel, useDurationPanel, useRequestPanel } from './panelAnswers.ts'
import { strings } from './strings.ts'
import { requestsByOutcome, useMetricsSubject, type MetricsSubject } from './subject.ts'
import { Toolbar } from './Toolbar.tsx'
import classes from './TrafficMetricsPage.module.css'
import { metricsWords, type MetricsChoice, type PanelId } from './words.ts'

/** Rancher's Traffic Metrics: five panels (and TCP and gRPC where there are any) for the header's scope, one clock, one crosshair. */
export function TrafficMetricsPage() {
  const { state: choice, choose } = useUrlState(metricsWords)
  const { window, project, span } = useView()
  const metrics = useMetricsSubject(choice.reporter)
  const { subject, isFuture } = metrics
  const grain = subject?.grain
  const shown = subject?.window ?? window

  return (
    <div className={`${classes['page'] ?? ''} ${chartClasses['inks'] ?? ''}`}>
      <PageHead
        title={strings.title}
        {...(project === undefined
          ? {}
          : { summary: <span className={classes['chip']}>{strings.scopeOf(projectName(project))}</span> })}
        actions={
          grain !== undefined && (
            <span className={classes['asOf']} data-testid="range">
              {strings.asOf(
                instantText(shown.at - shown.seconds, shown.seconds, choice.zone),
                instantText(shown.at, shown.seconds, choice.zone),
                shortSpan(grain.step),
              )}
            </span>
          )
        }
      />
      <div className={classes['body']}>
        <Toolbar choice={choice} choose={choose} at={window.at} />
        {isFuture && span.kind === 'between' ? (
          <StatePanel
            mark="idle"
            title={strings.future.title}
            text={strings.future.text(fullText(span.from, choice.zone))}
          />
        ) : subject === undefined ? (
          <LoadingPanel />
        ) : (
          <Panels metrics={metrics} subject={subject} choice={choice} choose={choose} />
        )}
      </div>
    </div>
  )
}

interface PanelsProps {
  readonly metrics: MetricsSubject
  readonly subject: SeriesSubject
  readonly choice: MetricsChoice
  readonly choose: (patch: Partial<MetricsChoice>) => void
}

function Panels({ metrics, subject, choice, choose }: PanelsProps) {
  const { cluster, project, namespaces, window } = useView()
  const answers = usePanels(subject, choice)
  const chooseView = useChooseView()
  const onZoom = useCallback(
    (from: number, to: number) => chooseView({ span: { kind: 'between', from, to: Math.max(to, from + 10) } }),
    [chooseView],
  )
  const requests = useSeries(requestsByOutcome(choice.reporter), subject)
  const bytes = useSeries({ ask: 'series-tcp', by: [], reporter: choice.reporter }, subject)
  const istioApi = useQuery({
    ...istioApiQuery(cluster.name),
    enabled: cluster.capabilities.kubernetes.allowed && metrics.facts.data?.hasIstioMetrics === false,
  })

  const isNothing = requests.data?.series.length === 0 && bytes.data?.series.length === 0
  if (isNothing && requests.error === null) {
    const state = pageState({
      answer: 'empty',
      error: null,
      facts: metrics.facts.data,
      factsError: metrics.facts.error,
      hasIstioApi: istioApi.data,
    })
    if (state.kind === 'empty') {
      return <StatePanel mark="idle" title={strings.empty.title} text={strings.empty.text} />
    }
    if (state.kind !== 'ready' && state.kind !== 'stale') {
      return (
        <StateView
          state={state}
          isOwner={cluster.capabilities.kubernetes.allowed}
          onRetry={metrics.facts.retry}
          namespaces={namespaces}
          windowSeconds={window.seconds}
        />
      )
    }
  }

  const notes = [...new Set([...notesOf(metrics, choice), ...answers.flatMap(({ answer }) => answer.notes)])]
  return (
    <>
      {notes.map((note) => (
        <Banner key={note}>{note}</Banner>
      ))}
      <CrosshairProvider>
        <div className={classes['grid']}>
          {answers.map(({ id, answer }) => (
            <Panel
              key={id}
              id={id}
              title={titleOf(id, project !== undefined)}
              answer={answer}
              zone={choice.zone}
              isWide={choice.panel === id}
              onWiden={() => choose({ panel: choice.panel === id ? 'none' : id })}
              onZoom={onZoom}
            />
          ))}
        </div>
      </CrosshairProvider>
    </>
  )
}

interface PlacedPanel {
  readonly id: PanelId
  readonly answer: PanelAnswer
}

/** The panels in the order they stand: the five, and TCP and gRPC where there are any or it could not be found out. */
function usePanels(subject: SeriesSubject, choice: MetricsChoice): readonly PlacedPanel[] {
  const success = useRequestPanel('success', subject, choice)
  const volume = useRequestPanel('volume', subject, choice)
  const clientErrors = useRequestPanel('4xx', subject, choice)
  const serverErrors = useRequestPanel('5xx', subject, choice)
  const duration = useDurationPanel(subject, choice)
  const tcp = useDirectedPanel('tcp', subject, choice)
  const connections = useDirectedPanel('connections', subject, choice)
  const messages = useDirectedPanel('messages', subject, choice)
  const more: readonly PlacedPanel[] = [
    { id: 'messages', answer: messages },
    { id: 'tcp', answer: tcp },
    { id: 'connections', answer: connections },
  ]
  return [
    { id: 'success', answer: success },
    { id: 'volume', answer: volume },
    { id: '4xx', answer: clientErrors },
    { id: '5xx', answer: serverErrors },
    { id: 'duration', answer: duration },
    ...more.filter(({ answer }) => answer.error !== null || (answer.content?.lines.length ?? 0) > 0),
  ]
}

function titleOf(id: PanelId, isProject: boolean): string {
  return id === '5xx' && isProject ? strings.project5xx : strings.titles[id]
}

function notesOf({ begins, isTooLong, endsNow }: MetricsSubject, { reporter, zone }: MetricsChoice): readonly string[] {
  return [
    ...(begins === undefined ? [] : [strings.notes.clipped(fullText(begins, zone))]),
    ...(isTooLong ? [strings.notes.tooLong] : []),
    ...(endsNow ? [strings.notes.endsNow] : []),
    ...(reporter === 'auto' ? [] : [strings.notes.forced[reporter]]),
  ]
}
