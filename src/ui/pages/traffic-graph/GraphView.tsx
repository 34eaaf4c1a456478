import { useCallback, useMemo } from 'react'

import type { MeshGraph } from '../../../mesh/graph.ts'
import { GraphCanvas } from '../../canvas/GraphCanvas.tsx'
import type { Camera } from '../../canvas/camera.ts'
import type { Point } from '../../canvas/geometry.ts'
import { useHealthPolicy } from '../../healthPolicy.ts'
import type { useUrlState } from '../../urlState.tsx'
import { describe } from './describe.ts'
import { isMissing } from './details.ts'
import { FoldChips } from './FoldChips.tsx'
import {
  armChipsOf,
  chipsOf,
  foldChipOf,
  foldingOf,
  overviewOf,
  standsFor,
  toggled,
  type FoldingChoices,
} from './folding.ts'
import { trailOf } from './focusPart.ts'
import { Legend } from './Legend.tsx'
import { onDrawing, viewOfMatch, withoutHidden, type Seeking } from './seeking.ts'
import classes from './TrafficGraphPage.module.css'
import { TwinTable } from './TwinTable.tsx'
import type { useActions } from './useActions.tsx'
import type { ShownGraph } from './useMeshGraph.ts'
import { viewOf } from './view.ts'
import type { graphWords } from './words.ts'

interface Props {
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

/** The graph itself: its picture or its tables, what is folded, the details beside it, and the legend. */
export function GraphView({ shown: { graph }, url, scope, onSelect, onCamera, onChoose, panel, ...props }: Props) {
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
function shownPart({ focus, hops, direction, unhealthy, pathFrom, pathTo }: Props['url']): string {
  const ends = pathFrom === undefined || pathTo === undefined ? [] : [pathFrom, pathTo]
  return JSON.stringify([unhealthy, ends, ...(focus === undefined ? [] : [trailOf(focus).at(-1), hops, direction])])
}

function cameraFrom(centre: string | undefined, camera: readonly number[] | undefined): Camera | undefined {
  const [zoom, dx, dy] = camera ?? []
  if (centre === undefined || zoom === undefined || dx === undefined || dy === undefined) return undefined
  return { node: centre, dx, dy, zoom }
}
