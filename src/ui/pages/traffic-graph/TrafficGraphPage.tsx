import { Button, SegmentedControl } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useDeferredValue, useMemo, useState } from 'react'

import type { Camera } from '../../canvas/camera.ts'
import { useEmbedding, useSaySelected } from '../../embed/Embedding.tsx'
import { useHealthPolicy } from '../../healthPolicy.ts'
import { PageHead } from '../../panels/PageHead.tsx'
import { pageState } from '../../panels/state.ts'
import { istioApiQuery } from '../../queries/cluster.ts'
import { factsQuery } from '../../queries/telemetry.ts'
import { strings as shared } from '../../strings.ts'
import { useUrlState } from '../../urlState.tsx'
import { useView } from '../../view.tsx'
import { ExportMenu } from './ExportMenu.tsx'
import { FindBar } from './FindBar.tsx'
import { missingIn, patchFor } from './findNeeded.ts'
import { FocusBar } from './FocusBar.tsx'
import { focusAfter } from './focusPart.ts'
import { isMissing } from './details.ts'
import { GraphView } from './GraphView.tsx'
import { middleFor } from './octopus.ts'
import { NoGraph } from './NoGraph.tsx'
import { Notices } from './Notices.tsx'
import { PathBar } from './PathBar.tsx'
import { SavedViews } from './SavedViews.tsx'
import { selectedForConsole } from './selected.ts'
import { Shortcuts } from './Shortcuts.tsx'
import { SidePanel } from './SidePanel.tsx'
import { graphStrings as strings } from './strings.ts'
import { Summary } from './Summary.tsx'
import { Toolbar } from './Toolbar.tsx'
import classes from './TrafficGraphPage.module.css'
import { useActions } from './useActions.tsx'
import { useFullScreen } from './useFullScreen.ts'
import { useGraphChoices } from './useGraphChoices.ts'
import { useMeshGraph } from './useMeshGraph.ts'
import { useShownPart } from './useShownPart.ts'
import { graphWords, type GraphChoices } from './words.ts'
import { WorstFive } from './WorstFive.tsx'

/** The live traffic graph: who calls whom, how much, and what is wrong, as a picture, as tables and in words. */
export function TrafficGraphPage() {
  const view = useView()
  const { state: url, choose, adjust } = useUrlState(graphWords)
  const choices = useGraphChoices(url)
  const shown = useMeshGraph(view, choices, useHealthPolicy())
  const { error, queries, notes } = shown
  // Reading the answers and drawing what they say are two tasks of the main thread, not one long one.
  const graph = useDeferredValue(shown.graph, undefined)
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
  const { focus, unhealthy, layout } = url
  const { part, arms, searched, seeking } = useShownPart(graph, url)
  const onDraw = useCallback(
    (patch: Parameters<typeof choose>[0]) => {
      // An octopus needs somebody in the middle, and the same one at the next refresh.
      const middle =
        patch.layout !== 'octopus' || focus !== undefined || graph === undefined
          ? undefined
          : middleFor(graph, url.selected)
      choose(middle === undefined ? patch : { ...patch, focus: middle })
    },
    [choose, focus, graph, url.selected],
  )
  const onFocus = useCallback((id: string) => choose({ focus: focusAfter(focus, id) }), [choose, focus])
  const [match, setMatch] = useState<{ readonly id: string }>()
  const { isFull } = useFullScreen()
  const actions = useActions({ graph, part, onSelect, onFocus, onPath: choose })
  const isNarrow = useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false })
  const { name: cluster } = view.cluster
  useSaySelected(useMemo(() => selectedForConsole(graph, url.selected, cluster), [graph, url.selected, cluster]))
  const { isHidden } = useEmbedding()
  const isShown = graph !== undefined && part !== undefined && (page.kind === 'ready' || page.kind === 'stale')
  return (
    <div className={classes['page']} data-full={isFull}>
      <Shortcuts />
      {actions.layer}
      <div className={classes['head']}>
        <PageHead
          title={shared.navigation.trafficGraph}
          summary={
            isShown ? (
              <Summary graph={graph} isOnlyUnhealthy={unhealthy} onOnlyUnhealthy={(is) => choose({ unhealthy: is })} />
            ) : undefined
          }
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
              <SavedViews />
              <ExportMenu
                graph={isShown ? part : undefined}
                draw={isShown && url.view === 'graph' ? actions.draw : undefined}
                onSay={actions.say}
              />
            </>
          }
        />
        {isShown && <PathBar graph={graph} shown={part.nodes.length} choice={url} onChoose={choose} />}
        {isShown && (
          <FocusBar
            graph={graph}
            shown={part.nodes.length}
            choice={url}
            isOctopus={layout === 'octopus'}
            onChoose={choose}
          />
        )}
      </div>
      <div className={classes['tools']}>
        <Toolbar choices={choices} drawing={url} onChoose={onDraw} />
        {isShown && searched !== undefined && seeking !== undefined && !isHidden('find') && (
          <FindBar
            graph={searched}
            expressions={url}
            seeking={seeking}
            selected={url.selected}
            missing={missingIn(seeking.needs, choices)}
            onAdd={(missing) => choose(patchFor(missing, choices))}
            onType={adjust}
            onChoose={choose}
            onStep={(id) => {
              adjust({ selected: id })
              setMatch({ id })
            }}
          />
        )}
      </div>
      {isShown && isNarrow && url.view === 'graph' && (
        <WorstFive graph={part} onSelect={onSelect} onShowAll={() => setPanelOpen(true)} />
      )}
      <Notices page={page} time={graph?.time} shown={shown} />
      {isShown && searched !== undefined && seeking !== undefined ? (
        <GraphView
          searched={searched}
          seeking={seeking}
          match={match}
          shown={{ ...shown, graph: part }}
          arms={arms}
          url={url}
          scope={layoutScope(view, choices)}
          onSelect={onSelect}
          onCamera={onCamera}
          onFocus={onFocus}
          onOpenMenu={actions.openMenu}
          onPlaced={actions.onPlaced}
          onChoose={choose}
          panel={(holder) => (
            <div className={classes['side']} data-open={isPanelOpen || url.selected !== undefined}>
              <SidePanel
                graph={isMissing(graph, url.selected) ? holder : graph}
                queries={queries}
                notes={notes}
                selected={url.selected}
                onSelect={onSelect}
              />
            </div>
          )}
        />
      ) : (
        <NoGraph
          page={page}
          choices={choices}
          onChoose={choose}
          onRetry={error === null ? view.refreshNow : shown.retry}
        />
      )}
    </div>
  )
}

/** What has a layout of its own: where it changes, another graph is looked at. */
function layoutScope(
  { cluster, namespaces, project }: Pick<ReturnType<typeof useView>, 'cluster' | 'namespaces' | 'project'>,
  { graphType, serviceNodes, operations }: GraphChoices,
): string {
  return JSON.stringify([
    cluster.name,
    namespaces,
    project,
    graphType,
    serviceNodes,
    ...(operations ? ['operations'] : []),
  ])
}
