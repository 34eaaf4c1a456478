import { Button, SegmentedControl } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react'

import type { MeshGraph } from '../../../mesh/graph.ts'
import { GraphCanvas } from '../../canvas/GraphCanvas.tsx'
import type { Camera } from '../../canvas/camera.ts'
import { useEmbedding, useSaySelected } from '../../embed/Embedding.tsx'
import type { Point } from '../../canvas/geometry.ts'
import { clockTime } from '../../format.ts'
import { useHealthPolicy } from '../../healthPolicy.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { Banner } from '../../panels/Banner.tsx'
import { SilenceReason } from '../../panels/doctor/SilenceReason.tsx'
import { PageHead } from '../../panels/PageHead.tsx'
import { LoadingPanel, StaleBanner, StateView } from '../../panels/StatePanels.tsx'
import { pageState } from '../../panels/state.ts'
import { istioApiQuery } from '../../queries/cluster.ts'
import { factsQuery } from '../../queries/telemetry.ts'
import { strings as shared } from '../../strings.ts'
import { useUrlState } from '../../urlState.tsx'
import { useView } from '../../view.tsx'
import { actionStrings } from './actionStrings.ts'
import { describe } from './describe.ts'
import { selectionOf } from './details.ts'
import { EmptyGraph } from './EmptyGraph.tsx'
import { FoldChips } from './FoldChips.tsx'
import {
  armChipsOf,
  chipsOf,
  foldChipOf,
  foldingOf,
  overviewOf,
  standsFor,
  wholeOf,
  toggled,
  type FoldingChoices,
} from './folding.ts'
import { ExportMenu } from './ExportMenu.tsx'
import { FindBar } from './FindBar.tsx'
import { missingIn, patchFor } from './findNeeded.ts'
import { FocusBar } from './FocusBar.tsx'
import { focusAfter, partOf, trailOf } from './focusPart.ts'
import { Legend } from './Legend.tsx'
import { selectedForConsole } from './selected.ts'
import { onDrawing, seek, viewOfMatch, withoutHidden, type Seeking } from './seeking.ts'
import { middleFor, octopusOf } from './octopus.ts'
import { PathBar } from './PathBar.tsx'
import { SavedViews } from './SavedViews.tsx'
import { Shortcuts } from './Shortcuts.tsx'
import { SidePanel } from './SidePanel.tsx'
import { graphStrings as strings } from './strings.ts'
import { Toolbar } from './Toolbar.tsx'
import classes from './TrafficGraphPage.module.css'
import { TwinTable } from './TwinTable.tsx'
import { useActions } from './useActions.tsx'
import { useMeshGraph, type ShownGraph } from './useMeshGraph.ts'
import { stateOf, viewOf } from './view.ts'
import { useGraphChoices } from './useGraphChoices.ts'
import { graphWords } from './words.ts'
import { WorstFive } from './WorstFive.tsx'

/** The live traffic graph: who calls whom, how much, and what is wrong, as a picture, as tables and in words. */
export function TrafficGraphPage() {
  const view = useView()
  const { state: url, choose, adjust } = useUrlState(graphWords)
  const choices = useGraphChoices(url)
  const { graphType, serviceNodes } = choices
  const shown = useMeshGraph(view, choices, useHealthPolicy())
  const { error, failed, queries, notes } = shown
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
  const { focus, hops, direction, unhealthy, pathFrom, pathTo, layout, quiet } = url
  const { part, arms } = useMemo(() => {
    if (graph === undefined) return { part: undefined, arms: undefined }
    if (layout !== 'octopus')
      return { part: partOf(graph, { focus, hops, direction, unhealthy, pathFrom, pathTo }), arms: undefined }
    const octopus = octopusOf(graph, trailOf(focus).at(-1), quiet)
    return { part: octopus.graph, arms: octopus.more }
  }, [graph, focus, hops, direction, unhealthy, pathFrom, pathTo, layout, quiet])
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
  const { find, hide, noise, view: shownAs } = url
  const searched = useMemo(
    () => (part === undefined ? undefined : wholeOf(part, noise || shownAs === 'table')),
    [part, noise, shownAs],
  )
  const seeking = useMemo(
    () => (searched === undefined ? undefined : seek(searched, find, hide)),
    [searched, find, hide],
  )
  const [match, setMatch] = useState<{ readonly id: string }>()
  const root = useRef<HTMLDivElement>(null)
  const actions = useActions({ graph, part, onSelect, onFocus, onPath: choose })
  const isNarrow = useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false })
  const { name: cluster } = view.cluster
  useSaySelected(useMemo(() => selectedForConsole(graph, url.selected, cluster), [graph, url.selected, cluster]))
  const { isHidden } = useEmbedding()
  const isShown = graph !== undefined && part !== undefined && (page.kind === 'ready' || page.kind === 'stale')
  return (
    <div className={classes['page']} ref={root}>
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
                page={root}
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
      <div className={classes['notices']}>
        {page.kind === 'stale' && (
          <StaleBanner asOf={clockTime(graph?.time, view.zone)} cause={page.cause} onRetry={shown.retry} />
        )}
        {failed.length > 0 && page.kind === 'ready' && (
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
      {isShown && searched !== undefined && seeking !== undefined ? (
        <ShownGraphView
          searched={searched}
          seeking={seeking}
          match={match}
          shown={{ ...shown, graph: part }}
          arms={arms}
          url={url}
          scope={JSON.stringify([view.cluster.name, view.namespaces, view.project, graphType, serviceNodes])}
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
            >
              {'cause' in page ? null : <SilenceReason />}
            </StateView>
          )}
        </div>
      )}
    </div>
  )
}

interface ViewProps {
  /** The part of the graph that Find and Hide look at. */
  readonly searched: MeshGraph
  readonly seeking: Seeking
  /** The match that was gone to last. */
  readonly match: { readonly id: string } | undefined
  /** With one in the middle: how many of its callers and callees may be left out. */
  readonly arms: number | undefined
  readonly shown: ShownGraph & { readonly graph: NonNullable<ShownGraph['graph']> }
  readonly url: ReturnType<typeof useUrlState<typeof graphWords>>['state']
  readonly scope: string
  readonly onSelect: (id: string | undefined) => void
  readonly onCamera: (camera: Camera | undefined) => void
  readonly onFocus: (id: string) => void
  readonly onOpenMenu: ReturnType<typeof useActions>['openMenu']
  readonly onPlaced: ReturnType<typeof useActions>['onPlaced']
  readonly onChoose: (patch: Partial<FoldingChoices>) => void
  /** The details of what is selected; edges between folded groups are only in the drawn graph. */
  readonly panel: (holder: MeshGraph) => React.ReactNode
}

/** Room for the chips above the graph. */
const chipsHeight = 46
const isMissing = (graph: MeshGraph, id: string | undefined) => selectionOf(graph, id)?.kind === 'missing'

function ShownGraphView({ shown: { graph }, url, scope, onSelect, onCamera, onChoose, panel, ...props }: ViewProps) {
  const { searched, seeking, match, arms } = props
  const { labels, statistic, centre, camera, view, legend, selected } = url
  const { grouping, expanded, collapsed, noise, quiet, boxes, badges: badgeKinds, layout } = url
  const choices = useMemo(
    () => ({ grouping, expanded, collapsed, noise, quiet }),
    [grouping, expanded, collapsed, noise, quiet],
  )
  /** Rings and arms are drawn without boxes, which plates would stand for from afar. */
  const isRound = layout === 'concentric' || layout === 'octopus'
  const middle = layout === 'octopus' ? ` ${trailOf(url.focus).at(-1) ?? ''}` : ''
  const policy = useHealthPolicy()
  const folding = useMemo(() => foldingOf(graph, choices, policy), [graph, choices, policy])
  const chips = useMemo(
    () => [...armChipsOf(arms, quiet), ...chipsOf(folding, choices)],
    [arms, quiet, folding, choices],
  )
  const { drawn, fold } = folding
  const drawing = useMemo(
    () => viewOf(drawn, { labels, statistic, boxes, layout, badges: badgeKinds }),
    [drawn, labels, statistic, boxes, layout, badgeKinds],
  )
  const sought = useMemo(() => onDrawing(seeking, { graph: searched, drawn, fold }), [seeking, searched, drawn, fold])
  const revealed = useMemo(
    () => (match === undefined ? undefined : viewOfMatch(match.id, searched, fold)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each step from match to match, not at each refresh
    [match],
  )
  const listed = useMemo(() => withoutHidden(graph, seeking.hidden), [graph, seeking])
  const onOpen = useCallback((id: string) => onChoose(toggled(id, fold, choices)), [onChoose, fold, choices])
  const overviews = useMemo(() => {
    const visible = withoutHidden(drawn, { nodes: sought.hidden, edges: sought.hidden })
    const make = (level: 'namespaces' | 'apps') => {
      const graph = overviewOf(visible, level, policy)
      return { graph, drawing: viewOf(graph, { labels, statistic, boxes, badges: badgeKinds }) }
    }
    return { namespaces: once(() => make('namespaces')), apps: once(() => make('apps')) }
  }, [drawn, sought, labels, statistic, boxes, badgeKinds, policy])
  const fromAfar = useMemo(
    () => ({ namespaces: () => overviews.namespaces().drawing, apps: () => overviews.apps().drawing }),
    [overviews],
  )
  /** The graph that has a selection: calls of folded groups are only where those are folded. */
  const holderOf = useCallback(
    (id: string) =>
      [() => graph, () => drawn, () => overviews.namespaces().graph, () => overviews.apps().graph].find(
        (make) => !isMissing(make(), id),
      )?.() ?? graph,
    [graph, drawn, overviews],
  )
  const describeIt = useCallback((id: string) => describe(holderOf(id), id), [holderOf])
  const { onOpenMenu: openMenu } = props
  const onOpenMenu = useCallback(
    (id: string, at: Point) =>
      openMenu(id, at, holderOf(id), fold.groups.some((group) => group.id === id) ? onOpen : undefined),
    [openMenu, holderOf, fold, onOpen],
  )
  const shapes = useMemo(() => new Set(drawing.nodes.map(({ shape }) => shape)), [drawing])
  const badges = useMemo(() => new Set(drawing.nodes.flatMap((node) => node.badges)), [drawing])
  const states = useMemo(() => new Set([...drawing.nodes, ...drawing.edges].map(({ health }) => health)), [drawing])
  return (
    <>
      <div className={classes['stage']}>
        {view === 'table' ? (
          <TwinTable graph={listed} selected={selected} found={seeking.found} onSelect={onSelect} />
        ) : (
          <GraphCanvas
            drawing={drawing}
            {...(isRound ? {} : { overviews: fromAfar })}
            scope={`${scope}${fold.isGrouped ? ' grouped' : ''}${layout === 'auto' ? '' : ` ${layout}`}${middle}`}
            layout={layout}
            isAnimated={url.animation}
            selected={standsFor(selected, fold)}
            onOpen={onOpen}
            top={chips.length > 0 ? chipsHeight : 0}
            onSelect={onSelect}
            camera={cameraFrom(centre, camera)}
            onCamera={onCamera}
            describe={describeIt}
            onDoubleClick={props.onFocus}
            onOpenMenu={onOpenMenu}
            onPlaced={props.onPlaced}
            part={shownPart(url)}
            hidden={sought.hidden}
            highlighted={sought.found}
            revealed={revealed}
          />
        )}
        {view === 'graph' && (
          <FoldChips chips={[...chips, ...foldChipOf(graph, selected, fold, choices)]} onChoose={onChoose} />
        )}
      </div>
      {panel(selected === undefined ? graph : holderOf(selected))}
      {legend && view === 'graph' && <Legend shapes={shapes} states={states} badges={badges} />}
    </>
  )
}

/** The same result at every later call. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

/** Names the shown part: where it changes, the viewer chose another. */
function shownPart({ focus, hops, direction, unhealthy, pathFrom, pathTo }: ViewProps['url']): string {
  const ends = pathFrom === undefined || pathTo === undefined ? [] : [pathFrom, pathTo]
  return JSON.stringify([unhealthy, ends, ...(focus === undefined ? [] : [trailOf(focus).at(-1), hops, direction])])
}

function cameraFrom(centre: string | undefined, camera: readonly number[] | undefined): Camera | undefined {
  const [zoom, dx, dy] = camera ?? []
  if (centre === undefined || zoom === undefined || dx === undefined || dy === undefined) return undefined
  return { node: centre, dx, dy, zoom }
}

interface SummaryProps {
  readonly graph: MeshGraph
  readonly isOnlyUnhealthy: boolean
  readonly onOnlyUnhealthy: (isOnly: boolean) => void
}

/** How many are failing and degraded (a click shows only those and what leads to them), and how large the graph is. */
function Summary({ graph, isOnlyUnhealthy, onOnlyUnhealthy }: SummaryProps) {
  const { zone } = useView()
  const states = graph.nodes.map(stateOf)
  const count = (state: string) => states.filter((each) => each === state).length
  return (
    <div className={classes['summary']}>
      {count('failing') + count('degraded') > 0 && (
        <button
          type="button"
          className={classes['troubles']}
          aria-pressed={isOnlyUnhealthy}
          title={actionStrings.focus.showUnhealthy}
          onClick={() => onOnlyUnhealthy(!isOnlyUnhealthy)}
        >
          {(['failing', 'degraded'] as const).map(
            (state) =>
              count(state) > 0 && (
                <span key={state}>
                  <HealthMark state={state} isDecorative /> <b>{count(state)}</b> {strings[state]}
                </span>
              ),
          )}
        </button>
      )}
      <span className={classes['quiet']}>
        {strings.counts(graph.nodes.length, graph.edges.length, clockTime(graph.time, zone))}
      </span>
    </div>
  )
}
