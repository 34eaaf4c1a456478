import type { HealthState } from '../../mesh/health.ts'
import type { Drawing } from './drawing.ts'
import { framesOf } from './frames.ts'
import { sizes, type Places, type Point, type Rect } from './geometry.ts'
import { imageSize, nodeImage } from './nodeImage.ts'
import type { Palette } from './palette.ts'
import { bendsRelative, routesOf, type Route } from './routes.ts'

/** What the canvas shows, with places and colours: plain data for cytoscape, and the geometry that labels and highlights need. */
export interface Scene {
  readonly elements: readonly SceneElement[]
  readonly frames: ReadonlyMap<string, Rect>
  readonly routes: ReadonlyMap<string, Route>
}

export interface SceneElement {
  readonly group: 'nodes' | 'edges'
  readonly classes: 'namespace' | 'app' | 'node' | 'edge' | 'loop'
  readonly data: Readonly<Record<string, string | number>> & { readonly id: string }
  readonly position?: Point
}

/** The scene of a drawing; what has no place yet is left out, and so are edges with such an end. */
export function sceneOf(drawing: Drawing, places: Places, palette: Palette): Scene {
  const frames = framesOf(drawing, places)
  const routes = routesOf(drawing.edges, places)
  const boxes = drawing.boxes.flatMap(({ id, kind }): readonly SceneElement[] => {
    const frame = frames.get(id)
    if (frame === undefined) return []
    const [width, height] = [frame.right - frame.left, frame.bottom - frame.top]
    return [
      {
        group: 'nodes',
        classes: kind,
        data: { id, width, height, fill: kind === 'app' ? palette.page : palette.box, stroke: palette.border },
        position: { x: frame.left + width / 2, y: frame.top + height / 2 },
      },
    ]
  })
  const nodes = drawing.nodes.flatMap((node): readonly SceneElement[] => {
    const position = places.get(node.id)
    if (position === undefined) return []
    const data = { id: node.id, width: sizes.node, height: sizes.node, image: nodeImage(node, palette), imageSize }
    return [{ group: 'nodes', classes: 'node', data, position }]
  })
  const edges = drawing.edges.flatMap((edge): readonly SceneElement[] => {
    const route = routes.get(edge.id)
    if (route === undefined) return []
    const { weights, distances } = bendsRelative(route)
    const [from, to] = [places.get(edge.source), places.get(edge.target)]
    if (from === undefined || to === undefined) return []
    return [
      {
        group: 'edges',
        classes: route.isLoop ? 'loop' : 'edge',
        data: {
          id: edge.id,
          source: edge.source,
          target: edge.target,
          // In quarters of a pixel: what nobody can see is no reason to draw an edge anew at each refresh.
          width: Math.round(edge.width * 4) / 4,
          ...lineOf(edge.health, palette),
          ...(route.isLoop
            ? {}
            : {
                weights: weights.map(rounded).join(' '),
                distances: distances.map(rounded).join(' '),
                from: `${rounded(route.start.x - from.x)}px ${rounded(route.start.y - from.y)}px`,
                to: `${rounded(route.end.x - to.x)}px ${rounded(route.end.y - to.y)}px`,
              }),
        },
      },
    ]
  })
  return { elements: [...boxes, ...nodes, ...edges], frames, routes }
}

const rounded = (value: number) => Number(value.toFixed(4))

function lineOf(health: HealthState, palette: Palette): { readonly colour: string; readonly line: string } {
  if (health === 'failing') return { colour: palette.failing, line: 'solid' }
  if (health === 'degraded') return { colour: palette.degraded, line: 'dashed' }
  return { colour: palette.edge, line: health === 'idle' ? 'dotted' : 'solid' }
}
