/** Model coordinates in pixels at zoom 1: x to the right, y down. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Rect {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Centres of nodes by node id. */
export type Places = ReadonlyMap<string, Point>

/** The sizes that layout, frames and labels agree on. */
export const sizes = {
  /** A node's outline is this wide and high. */
  node: 34,
  /** From the centre of one column to the next: a node and a pill side by side. */
  column: 130,
  /** A node with its name and reason: how far they reach above and below the node's centre. */
  slotAbove: 23,
  slotBelow: 43,
  rowGap: 2,
  /** Half the width of a node with its name. */
  slotHalf: 57,
  /** From one version to the next inside an app box. */
  versionRow: 54,
  versionAbove: 24,
  versionBelow: 30,
  appHalf: 54,
  appHeader: 26,
  appPadding: 2,
  namespaceHeader: 30,
  namespacePadding: 5,
  boxGap: 12,
} as const

/** Whether two rectangles share an area; touching edges do not. */
export function overlaps(a: Rect, b: Rect): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

/** The smallest rectangle around all of them; `undefined` for none. */
export function around(rects: Iterable<Rect>): Rect | undefined {
  let all: Rect | undefined
  for (const rect of rects) {
    all =
      all === undefined
        ? rect
        : {
            left: Math.min(all.left, rect.left),
            top: Math.min(all.top, rect.top),
            right: Math.max(all.right, rect.right),
            bottom: Math.max(all.bottom, rect.bottom),
          }
  }
  return all
}

export function grown({ left, top, right, bottom }: Rect, by: number): Rect {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by }
}
