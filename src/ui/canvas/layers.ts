export interface Layers {
  /** 0 is leftmost. */
  readonly layers: ReadonlyMap<string, number>
  /** What neither calls nor is called; left at 0. */
  readonly isolated: ReadonlySet<string>
  /** id → whom it calls, calls that close a cycle aside. */
  readonly forward: ReadonlyMap<string, readonly string[]>
}

/**
 * The column of each id: callers left of what they call, calls that close a cycle aside. Stragglers of a group (a namespace) come as near
 * to its middle column as those they call allow, so that its box is narrow. `ids` and `calls` in a fixed order give the same answer.
 */
export function layersOf(
  ids: readonly string[],
  calls: ReadonlyMap<string, ReadonlySet<string>>,
  groupOf: (id: string) => string | undefined = () => undefined,
): Layers {
  const forward = withoutCycles(ids, calls)
  const callers = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const [from, targets] of forward) for (const to of targets) callers.get(to)?.push(from)

  const order = topological(ids, forward, callers)
  const layers = new Map<string, number>()
  for (const id of order) {
    layers.set(id, Math.max(0, ...(callers.get(id) ?? []).map((caller) => (layers.get(caller) ?? 0) + 1)))
  }
  // Those nobody calls stand beside the first they call, not at the far left.
  for (const id of order.toReversed()) {
    const targets = forward.get(id) ?? []
    if (targets.length === 0 || callers.get(id)?.length !== 0) continue
    layers.set(id, Math.min(...targets.map((to) => layers.get(to) ?? 1)) - 1)
  }
  closeUp(order.toReversed(), forward, layers, groupOf)
  const isolated = new Set(ids.filter((id) => forward.get(id)?.length === 0 && callers.get(id)?.length === 0))
  return { layers, isolated, forward }
}

/** Moves what stands two or more columns left of its group's middle to the right, callees first, never past what it calls. */
function closeUp(
  order: readonly string[],
  forward: ReadonlyMap<string, readonly string[]>,
  layers: Map<string, number>,
  groupOf: (id: string) => string | undefined,
): void {
  const inGroup = new Map<string, number[]>()
  for (const id of order) {
    const group = groupOf(id)
    if (group === undefined) continue
    const list = inGroup.get(group) ?? []
    inGroup.set(group, [...list, layers.get(id) ?? 0])
  }
  const middles = new Map(
    [...inGroup].map(([group, list]) => [group, list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0]),
  )
  for (const id of order) {
    const group = groupOf(id)
    const middle = group === undefined ? undefined : middles.get(group)
    const layer = layers.get(id) ?? 0
    if (middle === undefined || layer >= middle - 1) continue
    const room = Math.min(...(forward.get(id) ?? []).map((to) => (layers.get(to) ?? 0) - 1))
    layers.set(id, Math.max(layer, Math.min(middle, room)))
  }
}

/** The calls without those that lead back to a caller, found depth first from those nobody calls. */
function withoutCycles(
  ids: readonly string[],
  calls: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, readonly string[]> {
  const called = new Set([...calls.values()].flatMap((targets) => [...targets]))
  const roots = [...ids.filter((id) => !called.has(id)), ...ids.filter((id) => called.has(id))]
  const forward = new Map<string, string[]>(ids.map((id) => [id, []]))
  const state = new Map<string, 'open' | 'done'>()
  for (const root of roots) {
    if (state.has(root)) continue
    state.set(root, 'open')
    const path = [{ id: root, targets: [...(calls.get(root) ?? [])].sort(), next: 0 }]
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = top.targets[top.next++]
      if (to === undefined) {
        state.set(top.id, 'done')
        path.pop()
      } else if (state.get(to) !== 'open') {
        forward.get(top.id)?.push(to)
        if (!state.has(to)) {
          state.set(to, 'open')
          path.push({ id: to, targets: [...(calls.get(to) ?? [])].sort(), next: 0 })
        }
      }
    }
  }
  return forward
}

function topological(
  ids: readonly string[],
  forward: ReadonlyMap<string, readonly string[]>,
  callers: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const waiting = new Map(ids.map((id) => [id, callers.get(id)?.length ?? 0]))
  const order = ids.filter((id) => waiting.get(id) === 0)
  for (const id of order) {
    for (const to of forward.get(id) ?? []) {
      const left = (waiting.get(to) ?? 0) - 1
      waiting.set(to, left)
      if (left === 0) order.push(to)
    }
  }
  return order
}
