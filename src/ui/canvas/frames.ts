import { around, sizes, type Places, type Point, type Rect } from './geometry.ts'

/** What the placing of nodes depends on: nodes, the boxes they stand in, and who calls whom. Nothing of rates or health. */
export interface Topology {
  readonly boxes: readonly { readonly id: string; readonly kind: 'namespace' | 'app'; readonly parent?: string }[]
  readonly nodes: readonly { readonly id: string; readonly box?: string }[]
  readonly edges: readonly { readonly source: string; readonly target: string }[]
}

/** The room a node takes with its name and reason; inside an app box a narrower one. */
export function slotOf({ x, y }: Point, isVersion: boolean): Rect {
  return isVersion
    ? {
        left: x - sizes.appHalf,
        right: x + sizes.appHalf,
        top: y - sizes.versionAbove,
        bottom: y + sizes.versionBelow,
      }
    : { left: x - sizes.slotHalf, right: x + sizes.slotHalf, top: y - sizes.slotAbove, bottom: y + sizes.slotBelow }
}

/**
 * The frame of every box that has a placed node in it: around its nodes and app boxes, with room for its header.
 * Follows the nodes, so that a dragged node never leaves its box. Boxes without placed nodes have no frame.
 */
export function framesOf(
  { boxes, nodes }: Pick<Topology, 'boxes' | 'nodes'>,
  places: Places,
): ReadonlyMap<string, Rect> {
  const frames = new Map<string, Rect>()
  const inside = new Map<string, Rect[]>()
  const put = (box: string, rect: Rect) => {
    const list = inside.get(box)
    if (list === undefined) inside.set(box, [rect])
    else list.push(rect)
  }
  const apps = new Set(boxes.filter(({ kind }) => kind === 'app').map(({ id }) => id))
  for (const { id, box } of nodes) {
    const place = places.get(id)
    if (place !== undefined && box !== undefined) put(box, slotOf(place, apps.has(box)))
  }
  const inner = [...boxes].sort((a, b) => Number(b.kind === 'app') - Number(a.kind === 'app'))
  for (const { id, kind, parent } of inner) {
    const content = around(inside.get(id) ?? [])
    if (content === undefined) continue
    const header = kind === 'app' ? sizes.appHeader : sizes.namespaceHeader
    const padding = kind === 'app' ? sizes.appPadding : sizes.namespacePadding
    const frame = {
      left: content.left - padding,
      right: content.right + padding,
      top: content.top - header,
      bottom: content.bottom + padding,
    }
    frames.set(id, frame)
    if (parent !== undefined) put(parent, frame)
  }
  return frames
}
