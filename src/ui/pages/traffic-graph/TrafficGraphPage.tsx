import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'

import { GraphCanvas } from '../../canvas/GraphCanvas.tsx'
import type { Camera } from '../../canvas/camera.ts'
import { clockTime } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { Banner } from '../../panels/Banner.tsx'
import { PageHead } from '../../panels/PageHead.tsx'
import { LoadingPanel, StaleBanner, StateView } from '../../panels/StatePanels.tsx'
import { pageState } from '../../panels/state.ts'
import { istioApiQuery } from '../../queries/cluster.ts'
import { factsQuery } from '../../queries/telemetry.ts'
import { strings as shared } from '../../strings.ts'
import { useUrlState } from '../../urlState.tsx'
import { useView } from '../../view.tsx'
import { describe } from './describe.ts'
import { EmptyGraph } from './EmptyGraph.tsx'
import { Legend } from './Legend.tsx'
import { SidePanel } from './SidePanel.tsx'
import { graphStrings as strings } from './strings.ts'
import { Toolbar } from './Toolbar.tsx'
import classes from './TrafficGraphPage.module.css'
import { TwinTable } from './TwinTable.tsx'
import { useMeshGraph, type ShownGraph } from './useMeshGraph.ts'
import { stateOf, viewOf } from './view.ts'
import { graphWords } from './words.ts'

/** The live traffic graph: who calls whom, how much, and what is wrong, as a picture, as tables and in words. */
export function TrafficGraphPage() {
  const view = useView()
  const { state: url, choose, adjust } = useUrlState(graphWords)
  const { graphType, protocols, labels, statistic, serviceNodes, idle, waypoints, reporter } = url
  const choices = useMemo(
    () => ({ graphType, protocols, labels, statistic, serviceNodes, idle, waypoints, reporter }),
    [graphType, protocols, labels, statistic, serviceNodes, idle, waypoints, reporter],
  )
  const shown = useMeshGraph(view, choices)
  const { graph, error, failed, queries, notes } = shown
  const isEmpty = graph !== undefined && graph.nodes.length === 0
  const facts = useQuery({ ...factsQuery(view), enabled: isEmpty })
  const istioApi = useQuery({ ...istioApiQuery(view.cluster.name), enabled: isEmpty })
  const page = pageState({
    answer: graph === undefined ? 'none' : isEmpty ? 'empty' : 'full',
    error,
    facts: facts.data,
    factsError: facts.error,
    hasIstioApi: istioApi.data,
  })

  const [isPanelOpen, setPanelOpen] = useState(false)
  const onSelect = useCallback((selected: string | undefined) => choose({ selected }), [choose])
  const onCamera = useCallback(
    (camera: Camera | undefined) =>
      adjust({ centre: camera?.node, camera: camera && [camera.zoom, camera.dx, camera.dy] }),
    [adjust],
  )
  const isShown = graph !== undefined && (page.kind === 'ready' || page.kind === 'stale')
  return (
    <div className={classes['page']}>
      <div className={classes['head']}>
        <PageHead
          title={shared.navigation.trafficGraph}
          summary={isShown ? <Summary shown={shown} /> : undefined}
          actions={
            <>
              <SegmentedControl
                size="xs"
                className={classes['views'] ?? ''}
                aria-label={strings.view.label}
                value={url.view}
                onChange={(value) => choose({ view: value === 'table' ? 'table' : 'graph' })}
                data={[
                  { value: 'graph', label: strings.view.graph },
                  { value: 'table', label: strings.view.table },
                ]}
              />
              <Button
                variant="default"
                size="xs"

                aria-expanded={isPanelOpen || url.selected !== undefined}
                onClick={() => {
                  if (url.selected !== undefined) onSelect(undefined)
                  setPanelOpen(!isPanelOpen && url.selected === undefined)
                }}
              >
                {strings.details}
              </Button>
            </>
          }
        />
      </div>
      <div className={classes['tools']}>
        <Toolbar choices={choices} hasLegend={url.legend} onChoose={choose} />
      </div>
      <div className={classes['notices']}>
        {page.kind === 'stale' && (
          <StaleBanner asOf={clockTime(graph?.time)} cause={page.cause} onRetry={shown.retry} />
        )}
        {failed.length > 0 && isShown && (
          <Banner
            tone="degraded"
            actions={
              <Button variant="outline" size="xs" onClick={shown.retry}>
                {shared.states.retry}
              </Button>
            }
          >
            {strings.partial(
              failed.map(({ question }) => strings.questions[question]).join(', '),
              failed[0]?.cause ?? '',
            )}
          </Banner>
        )}
      </div>
      {isShown ? (
        <ShownGraphView
          shown={{ ...shown, graph }}
          url={url}
          scope={JSON.stringify([view.cluster.name, view.namespaces, view.project, graphType, serviceNodes])}
          onSelect={onSelect}
          onCamera={onCamera}
          panel={
            <div className={classes['side']} data-open={isPanelOpen || url.selected !== undefined}>
              <SidePanel graph={graph} queries={queries} notes={notes} selected={url.selected} onSelect={onSelect} />
            </div>
          }
        />
      ) : (
        <div className={classes['empty']}>
          {page.kind === 'empty' ? (
            <EmptyGraph choices={choices} onChoose={choose} />
          ) : page.kind === 'loading' || page.kind === 'ready' || page.kind === 'stale' ? (
            <LoadingPanel />
          ) : (
            <StateView
              state={page}
              isOwner={view.isOwner}
              onRetry={error === null ? view.refreshNow : shown.retry}
              namespaces={view.namespaces}
              windowSeconds={view.window.seconds}
            />
          )}
        </div>
      )}
    </div>
  )
}

interface ViewProps {
  readonly shown: ShownGraph & { readonly graph: NonNullable<ShownGraph['graph']> }
  readonly url: ReturnType<typeof useUrlState<typeof graphWords>>['state']
  readonly scope: string
  readonly onSelect: (id: string | undefined) => void
  readonly onCamera: (camera: Camera | undefined) => void
  readonly panel: React.ReactNode
}

function ShownGraphView({ shown: { graph }, url, scope, onSelect, onCamera, panel }: ViewProps) {
  const { labels, statistic, centre, camera, view, legend, selected } = url
  const drawing = useMemo(() => viewOf(graph, { labels, statistic }), [graph, labels, statistic])
  const describeIt = useCallback((id: string) => describe(graph, id), [graph])
  const shapes = useMemo(() => new Set(drawing.nodes.map(({ shape }) => shape)), [drawing])
  const states = useMemo(() => new Set([...drawing.nodes, ...drawing.edges].map(({ health }) => health)), [drawing])
  return (
    <>
      <div className={classes['stage']}>
        {view === 'table' ? (
          <TwinTable graph={graph} selected={selected} onSelect={onSelect} />
        ) : (
          <GraphCanvas
            drawing={drawing}
            scope={scope}
            selected={selected}
            onSelect={onSelect}
            camera={cameraFrom(centre, camera)}
            onCamera={onCamera}
            describe={describeIt}
          />
        )}
      </div>
      {panel}
      {legend && view === 'graph' && <Legend shapes={shapes} states={states} />}
    </>
  )
}

function cameraFrom(centre: string | undefined, camera: readonly number[] | undefined): Camera | undefined {
  const [zoom, dx, dy] = camera ?? []
  if (centre === undefined || zoom === undefined || dx === undefined || dy === undefined) return undefined
  return { node: centre, dx, dy, zoom }
}

function Summary({ shown: { graph } }: { readonly shown: ShownGraph }) {
  if (graph === undefined) return null
  const states = graph.nodes.map(stateOf)
  const count = (state: string) => states.filter((each) => each === state).length
  return (
    <div className={classes['summary']}>
      {(['failing', 'degraded'] as const).map(
        (state) =>
          count(state) > 0 && (
            <span key={state}>
              <HealthMark state={state} isDecorative /> <b>{count(state)}</b> {strings[state]}
            </span>
          ),
      )}
      <span className={classes['quiet']}>
        {strings.counts(graph.nodes.length, graph.edges.length, clockTime(graph.time))}
      </span>
    </div>
  )
}
