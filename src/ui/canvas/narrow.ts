import type { Layers } from './layers.ts'
import { inOrder } from './spread.ts'

/** What is known of an id: the group whose columns are to be narrow, and how many rows it takes there. */
interface Member {
  readonly group: string | undefined
  readonly rows: number
}

/**
 * Columns in which no group takes more than `most` rows: those with the shortest chain of calls behind them go one column on, and whom
 * they call goes on with them, so that callers still stand left. What stands alone, and what is in no group, keeps its column.
 */
export function narrowed(
  { layers, forward, isolated }: Layers,
  memberOf: (id: string) => Member,
  most: number,
): ReadonlyMap<string, number> {
  const result = new Map(layers)
  const chain = chainsOf(layers, forward)
  const pushOn = (id: string, layer: number) => {
    if ((result.get(id) ?? 0) >= layer) return
    result.set(id, layer)
    for (const to of forward.get(id) ?? []) pushOn(to, layer + 1)
  }
  const ids = inOrder(
    [...layers.keys()].filter((id) => !isolated.has(id)),
    (id) => id,
  )
  // Everything left of `layer` stands for good; what is moved only ever goes right.
  for (let layer = Math.min(...layers.values()); layer <= Math.max(...result.values()); layer++) {
    const columns = new Map<string, string[]>()
    for (const id of ids) {
      const { group } = memberOf(id)
      if (group === undefined || result.get(id) !== layer) continue
      columns.set(group, [...(columns.get(group) ?? []), id])
    }
    for (const column of columns.values()) {
      let rows = 0
      for (const id of column.toSorted((a, b) => (chain.get(b) ?? 0) - (chain.get(a) ?? 0))) {
        rows += memberOf(id).rows
        if (rows > most && rows > memberOf(id).rows) pushOn(id, layer + 1)
      }
    }
  }
  return result
}

/** How many calls follow one another from each id on, at most. */
function chainsOf(
  layers: ReadonlyMap<string, number>,
  forward: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const chain = new Map<string, number>()
  const rightFirst = [...layers].sort(([, a], [, b]) => b - a)
  for (const [id] of rightFirst)
    chain.set(id, Math.max(0, ...(forward.get(id) ?? []).map((to) => (chain.get(to) ?? 0) + 1)))
  return chain
}
