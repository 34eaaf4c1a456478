import '@mantine/core/styles/Modal.css'

import { useCallback, useMemo } from 'react'
import { useLocation, useParams } from 'react-router'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import chartClasses from '../../charts/Chart.module.css'
import { CrosshairProvider } from '../../charts/crosshair.tsx'
import { useSaySelected } from '../../embed/Embedding.tsx'
import { withoutWish } from '../../embed/wish.ts'
import { metricsPlace, type Place } from '../../panels/links.ts'
import type { PanelAnswer, PanelSubjects } from '../../panels/metrics/answers.ts'
import { endWord } from '../../panels/metrics/endWord.ts'
import { Panel } from '../../panels/metrics/Panel.tsx'
import { useDirectedPanel, useDurationPanel, useRequestPanel } from '../../panels/metrics/panelAnswers.ts'
import { strings as metricsStrings } from '../../panels/metrics/strings.ts'
import { useMetricsSubject } from '../../panels/metrics/subject.ts'
import { metricsWords, panelIds, type MetricsChoice, type PanelId } from '../../panels/metrics/words.ts'
import { stateOfError } from '../../panels/state.ts'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { LoadingPanel, StateView } from '../../panels/StatePanels.tsx'
import { projectName } from '../../queries/cluster.ts'
import type { SeriesSubject } from '../../queries/series.ts'
import { writeWords } from '../../url.ts'
import { useUrlState } from '../../urlState.tsx'
import { useChooseView, useView, type View } from '../../view.tsx'
import { strings } from './strings.ts'
import classes from './Tile.module.css'
import { TileHead } from './TileHead.tsx'

/** The tile's words of the URL: those of Traffic Metrics, whose panel it is. */
const tileWords = { ...metricsWords, of: endWord }

/** One panel of Traffic Metrics about the view's scope, or about one service, workload or app (`of`); it asks its own questions only. */
export function PanelTile() {
  const { panel } = useParams()
  const id = panelIds.find((each) => each === panel)
  if (id === undefined) {
    const { title, text } = strings.noSuchPanel
    return <StatePanel mark="unknown" title={title} text={text(panelIds)} headingLevel={1} />
  }
  return <OnePanel id={id} />
}

function OnePanel({ id }: { readonly id: PanelId }) {
  const view = useView()
  const { search } = useLocation()
  const { state: choice } = useUrlState(tileWords)
  const { of, direction, reporter } = choice
  const end = useMemo((): CallEnd | undefined => (of === undefined ? undefined : { ...of, direction }), [of, direction])
  const metrics = useMetricsSubject(reporter, end)
  const { facts, subject, isFuture } = metrics
  const { name: cluster } = view.cluster
  useSaySelected(useMemo(() => (of === undefined ? undefined : { cluster, ...of }), [cluster, of]))
  return (
    <div className={`${classes['tile'] ?? ''} ${chartClasses['inks'] ?? ''}`}>
      <TileHead
        title={strings.panelOf(metricsStrings.titles[id], end?.name ?? scopeName(view))}
        name={end?.name ?? scopeName(view)}
        about={end === undefined ? '' : `${strings.kindIn(end.kind, end.namespace)} · ${strings.direction[direction]}`}
        whole={wholePlace(id, end, search)}
      />
      {isFuture ? (
        <StatePanel mark="idle" title={metricsStrings.titles[id]} text={strings.future} />
      ) : facts.data === undefined && facts.error !== null ? (
        <StateView
          state={stateOfError(facts.error)}
          isOwner={view.isOwner}
          onRetry={facts.retry}
          namespaces={view.namespaces}
          windowSeconds={view.window.seconds}
        />
      ) : subject === undefined ? (
        <LoadingPanel />
      ) : (
        <Answered id={id} subject={subject} choice={choice} end={end} />
      )}
    </div>
  )
}

interface AnsweredProps {
  readonly id: PanelId
  readonly subject: SeriesSubject
  readonly choice: MetricsChoice
  readonly end: CallEnd | undefined
}

/** Each kind of panel has its own questions, hence a component of its own. */
function Answered(props: AnsweredProps) {
  switch (props.id) {
    case 'duration':
      return <Duration {...props} />
    case 'messages':
    case 'tcp':
    case 'connections':
      return <Directed {...props} panel={props.id} />
    default:
      return <Requests {...props} panel={props.id} />
  }
}

function Requests({ panel, ...props }: AnsweredProps & { readonly panel: Parameters<typeof useRequestPanel>[0] }) {
  return <Drawn {...props} answer={useRequestPanel(panel, useSubjects(props.subject), props.choice, props.end)} />
}

function Duration(props: AnsweredProps) {
  return <Drawn {...props} answer={useDurationPanel(useSubjects(props.subject), props.choice, props.end)} />
}

function Directed({ panel, ...props }: AnsweredProps & { readonly panel: Parameters<typeof useDirectedPanel>[0] }) {
  return <Drawn {...props} answer={useDirectedPanel(panel, useSubjects(props.subject), props.choice, props.end)} />
}

function useSubjects(subject: SeriesSubject): PanelSubjects {
  return useMemo(() => ({ subject, ranked: subject }), [subject])
}

function Drawn({ id, choice, end, answer }: AnsweredProps & { readonly answer: PanelAnswer }) {
  const chooseView = useChooseView()
  const onZoom = useCallback(
    (from: number, to: number) => chooseView({ span: { kind: 'between', from, to: Math.max(to, from + 10) } }),
    [chooseView],
  )
  return (
    <CrosshairProvider>
      <Panel
        id={id}
        title={metricsStrings.titles[id]}
        answer={answer}
        zone={choice.zone}
        isWide={false}
        onZoom={onZoom}
        marks={noMarks}
        areServices={end === undefined && choice.level === 'detail'}
      />
    </CrosshairProvider>
  )
}

const noMarks = [] as const

function scopeName({ namespaces, project }: View): string {
  if (project !== undefined) return strings.project(projectName(project))
  return namespaces.length === 0 ? strings.everything : namespaces.join(', ')
}

/** The page that the panel is part of, with the panel drawn across it. */
function wholePlace(panel: PanelId, end: CallEnd | undefined, search: string): Place {
  const { pathname } = end === undefined ? { pathname: '/traffic-metrics' } : metricsPlace(end, search)
  const kept = withoutWish(search)
  return {
    pathname,
    search: writeWords(tileWords, kept, { panel, ...(end?.kind === 'service' ? { of: undefined } : {}) }),
  }
}
