import { Button, SegmentedControl } from '@mantine/core'
import { IconPlayerPlay, IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { rhythmOf } from '../../../mesh/panels.ts'
import { stepsOf } from '../../../mesh/rangeQueries.ts'
import chartClasses from '../../charts/Chart.module.css'
import { CrosshairProvider } from '../../charts/crosshair.tsx'
import { instantText } from '../../charts/time.ts'
import { shortSpan } from '../../format.ts'
import { Banner } from '../../panels/Banner.tsx'
import { exploredWords } from '../../panels/links.ts'
import { PageHead } from '../../panels/PageHead.tsx'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { LoadingPanel, StateView } from '../../panels/StatePanels.tsx'
import { stateOfError } from '../../panels/state.ts'
import { exploreInstantQuery, exploreRangeQuery } from '../../queries/explore.ts'
import { useLatest, type Latest } from '../../queries/latest.ts'
import { factsQuery } from '../../queries/telemetry.ts'
import { useUrlState } from '../../urlState.tsx'
import { useView } from '../../view.tsx'
import { ExploreChart } from './ExploreChart.tsx'
import classes from './ExplorePage.module.css'
import { ExploreTable } from './ExploreTable.tsx'
import { PromqlEditor } from './PromqlEditor.tsx'
import { strings } from './strings.ts'

/** Any expression in PromQL, for viewers of every namespace: over the header's range as a chart, at its end as a table. */
export function ExplorePage() {
  const { cluster } = useView()
  const { state, choose } = useUrlState(exploredWords)
  const asked = state.q ?? ''
  // What is typed is nobody's until it is run; a new address brings its own.
  const [draft, setDraft] = useState({ of: asked, text: asked })
  if (draft.of !== asked) setDraft({ of: asked, text: asked })
  const run = (text: string) => {
    const promql = text.trim()
    choose({ q: promql === '' ? undefined : promql })
  }
  return (
    <div className={`${classes['page'] ?? ''} ${chartClasses['inks'] ?? ''}`}>
      <PageHead title={strings.title} summary={strings.summary} />
      <div className={classes['body']}>
        <div className={classes['ask']}>
          <PromqlEditor
            cluster={cluster.name}
            promql={draft.of === asked ? draft.text : asked}
            onChange={(text) => setDraft({ of: asked, text })}
            onRun={run}
          />
          <Button
            leftSection={<IconPlayerPlay size={15} stroke={1.6} aria-hidden />}
            onClick={() => run(draft.text)}
            disabled={draft.text.trim() === ''}
          >
            {strings.run}
          </Button>
        </div>
        {asked === '' ? (
          <StatePanel mark="idle" title={strings.none.title} text={strings.none.text} />
        ) : (
          <Answer promql={asked} view={state.view} onView={(view) => choose({ view })} />
        )}
      </div>
    </div>
  )
}

interface AnswerProps {
  readonly promql: string
  readonly view: 'chart' | 'table'
  readonly onView: (view: 'chart' | 'table') => void
}

function Answer({ promql, view, onView }: AnswerProps) {
  const shared = useView()
  const { cluster, window, zone } = shared
  const facts = useQuery(factsQuery(shared))
  const { step } = rhythmOf(window.seconds, facts.data?.scrapeIntervalSeconds)
  const steps = stepsOf(window, step)
  const isKnown = !facts.isPending
  const about = `${cluster.name} ${promql}`
  const range = useLatest(
    useQuery({ ...exploreRangeQuery(cluster.name, promql, steps), enabled: view === 'chart' && isKnown }),
    `${about} ${window.seconds}`,
  )
  const instant = useLatest(
    useQuery({ ...exploreInstantQuery(cluster.name, promql, window.at), enabled: view === 'table' }),
    about,
  )
  return (
    <>
      <div className={classes['bar']}>
        <SegmentedControl
          size="sm"
          aria-label={strings.view}
          transitionDuration={0}
          value={view}
          onChange={(value) => onView(value === 'table' ? 'table' : 'chart')}
          data={[
            { value: 'chart', label: strings.chart },
            { value: 'table', label: strings.table },
          ]}
        />
        <span className={classes['space']} />
        <span>
          {view === 'chart'
            ? strings.range(
                instantText(steps.start, window.seconds, zone),
                instantText(steps.end, window.seconds, zone),
                shortSpan(step),
              )
            : strings.at(instantText(window.at, 2 * 86_400, zone))}
        </span>
      </div>
      {view === 'chart' ? (
        <Shown latest={range}>
          {(answer) => (
            <CrosshairProvider>
              <ExploreChart answer={answer} steps={steps} zone={zone} promql={promql} />
            </CrosshairProvider>
          )}
        </Shown>
      ) : (
        <Shown latest={instant}>{(answer) => <ExploreTable answer={answer} promql={promql} at={window.at} />}</Shown>
      )}
    </>
  )
}

/** What Prometheus says beside an answer. */
interface Said {
  readonly warnings: readonly string[]
  readonly infos: readonly string[]
}

interface ShownProps<T> {
  readonly latest: Latest<T>
  readonly children: (answer: T) => React.ReactNode
}

/** Loading, refused, stale, or the answer. */
function Shown<T extends Said>({ latest, children }: ShownProps<T>) {
  const { isOwner } = useView()
  const { data, error, retry } = latest
  if (data === undefined) {
    if (error === null) return <LoadingPanel label={strings.loading} />
    const state = stateOfError(error)
    if (state.kind === 'noPrometheus' || state.kind === 'unreachable') {
      return <StateView state={state} isOwner={isOwner} onRetry={retry} />
    }
    return (
      <StatePanel
        mark="failing"
        title={strings.failed}
        text={strings.failedText}
        cause={error.message}
        actions={
          <Button
            variant="outline"
            size="xs"
            leftSection={<IconRefresh size={15} stroke={1.6} aria-hidden />}
            onClick={retry}
          >
            {strings.retry}
          </Button>
        }
      />
    )
  }
  return (
    <>
      {error !== null && <Banner tone="degraded">{strings.stale(error.message)}</Banner>}
      {data.warnings.map((warning) => (
        <Banner key={warning} tone="degraded">
          {warning}
        </Banner>
      ))}
      {data.infos.map((info) => (
        <Banner key={info}>{info}</Banner>
      ))}
      {children(data)}
    </>
  )
}
