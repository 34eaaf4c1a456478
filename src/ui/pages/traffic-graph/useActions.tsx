import { useCallback, useRef, useState, type ReactNode } from 'react'
import { useLocation } from 'react-router'

import type { MeshGraph } from '../../../mesh/graph.ts'
import type { Drawing, NodeShape } from '../../canvas/drawing.ts'
import { healthOrder } from '../../canvas/drawing.ts'
import type { Places, Point } from '../../canvas/geometry.ts'
import { usePalette } from '../../canvas/palette.ts'
import { pictureOf, type Picture } from '../../canvas/picture.ts'
import { measureText } from '../../canvas/rasterize.ts'
import { dateTime, span } from '../../format.ts'
import { detailsPlace } from '../../panels/links.ts'
import { useToolLinks } from '../../panels/tools/useTools.ts'
import { strings as shared } from '../../strings.ts'
import { sharedWords, writeWords } from '../../url.ts'
import { useView } from '../../view.tsx'
import { actionStrings } from './actionStrings.ts'
import { ContextMenu } from './ContextMenu.tsx'
import { menuOf } from './menu.ts'
import { Said } from './Said.tsx'
import { graphStrings } from './strings.ts'

interface Question {
  readonly graph: MeshGraph | undefined
  /** What of it is shown. */
  readonly part: MeshGraph | undefined
  readonly onSelect: (id: string) => void
  readonly onFocus: (id: string) => void
  readonly onPath: (patch: { readonly pathFrom: string } | { readonly pathTo: string }) => void
}

interface Opened {
  readonly id: string
  readonly at: Point
  readonly holder: MeshGraph
  readonly onOpen: ((id: string) => void) | undefined
}

interface Actions {
  /** `holder` is the graph that has it; a folded group is opened by `onOpen`. */
  readonly openMenu: (id: string, at: Point, holder: MeshGraph, onOpen?: (id: string) => void) => void
  /** The open menu, if any, and what the last action has to say. */
  readonly layer: ReactNode
  readonly say: (text: string) => void
  readonly onPlaced: (drawing: Drawing, places: Places) => void
  /** The newest drawing as a picture with scope, time and legend; undefined before there is one. */
  readonly draw: () => Picture | undefined
}

/** The menu of nodes and edges, and the picture to take away. */
export function useActions({ graph, part, onSelect, onFocus, onPath }: Question): Actions {
  const view = useView()
  const { search } = useLocation()
  const palette = usePalette()
  const linkTo = useToolLinks()
  const [opened, setOpened] = useState<Opened>()
  const [said, setSaid] = useState('')
  const placed = useRef<{ readonly drawing: Drawing; readonly places: Places }>(undefined)

  const hush = useCallback(() => setSaid(''), [])
  const openMenu = useCallback<Actions['openMenu']>(
    (id, at, holder, onOpen) => setOpened({ id, at, holder, onOpen }),
    [],
  )
  const onPlaced = useCallback((drawing: Drawing, places: Places) => {
    placed.current = { drawing, places }
  }, [])
  const menu = opened === undefined ? undefined : menuOf(opened.holder, opened.id, linkTo, opened.onOpen !== undefined)

  const draw = () => {
    if (placed.current === undefined || part === undefined || graph === undefined) return undefined
    const { drawing, places } = placed.current
    const strings = actionStrings.export
    const states = new Set([...drawing.nodes, ...drawing.edges].map(({ health }) => health))
    const shapes = new Set(drawing.nodes.map(({ shape }) => shape))
    return pictureOf({
      drawing,
      places,
      palette,
      measure: measureText(),
      caption: {
        title: strings.title(view.cluster.label),
        lines: [
          view.project ?? (view.namespaces.length === 0 ? strings.everywhere : strings.namespaces(view.namespaces)),
          strings.time(span(graph.window), dateTime(graph.time, view.zone)),
          ...(part === graph ? [] : [strings.part(part.nodes.length, graph.nodes.length)]),
        ],
        states: healthOrder
          .filter((state) => states.has(state))
          .map((state) => ({ state, text: shared.health[state] })),
        shapes: [...shapes].flatMap((shape) => {
          const text = shapeWord(shape)
          return text === undefined ? [] : [{ shape, text }]
        }),
        badges: [...new Set(drawing.nodes.flatMap(({ badges }) => badges))]
          .sort()
          .map((badge) => ({ badge, text: graphStrings.badges[badge] })),
      },
    })
  }

  const layer = (
    <>
      {menu !== undefined && opened !== undefined && (
        <ContextMenu
          menu={menu}
          at={opened.at}
          onSelect={onSelect}
          onFocus={onFocus}
          onPath={onPath}
          onOpen={(id) => opened.onOpen?.(id)}
          metricsAt={(namespaces) =>
            `/traffic-metrics?${writeWords(sharedWords, onlyShared(search), { namespaces, project: undefined })}`
          }
          wayTo={(way) => detailsPlace(way.kind, way, search, way.part)}
          onSay={setSaid}
          onClose={() => setOpened(undefined)}
        />
      )}
      <Said text={said} onDone={hush} />
    </>
  )
  return { openMenu, layer, say: setSaid, onPlaced, draw }
}

function shapeWord(shape: NodeShape): string | undefined {
  return Object.entries(graphStrings.legendWords).find(([name]) => name === shape)?.[1]
}

/** The words that every page shares: scope, window and refresh go along, the graph's own choices stay here. */
function onlyShared(search: string): string {
  const kept = [...new URLSearchParams(search)].filter(([name]) => Object.hasOwn(sharedWords, name))
  return new URLSearchParams(kept).toString()
}
