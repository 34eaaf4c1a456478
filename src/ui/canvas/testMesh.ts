import type { Topology } from './frames.ts'

interface Wanted {
  readonly seed: number
  readonly nodes: number
  readonly namespaces: number
  /** Share of the nodes that stand in an app box of two or three versions. */
  readonly versions: number
  /** Calls per node. */
  readonly calls?: number
  /** Share of the nodes that stand in no box. */
  readonly free?: number
  readonly isAcyclic?: boolean
}

/** A seeded topology for tests and measurements: tiers that mostly call the next ones, some calls back, some nodes alone. */
export function meshLike({
  seed,
  nodes,
  namespaces,
  versions,
  calls = 1.6,
  free = 0.06,
  isAcyclic = false,
}: Wanted): Topology {
  const random = seeded(seed)
  const boxes = new Map<string, Topology['boxes'][number]>()
  const list: { id: string; box?: string }[] = []
  while (list.length < nodes) {
    const index = list.length
    if (random() < free) {
      list.push({ id: `free-${index}` })
      continue
    }
    const namespace = `ns-${Math.floor(random() * namespaces)}`
    boxes.set(namespace, { id: namespace, kind: 'namespace' })
    const count = random() < versions ? 2 + Math.floor(random() * 2) : 1
    const app = `${namespace}/app-${index}`
    if (count > 1) boxes.set(app, { id: app, kind: 'app', parent: namespace })
    for (let version = 1; version <= count; version++) {
      list.push({ id: `n-${String(index).padStart(4, '0')}-v${version}`, box: count > 1 ? app : namespace })
    }
  }
  const edges = new Map<string, { source: string; target: string }>()
  const pick = (low: number, high: number) => list[low + Math.floor(random() * (high - low))]?.id
  list.forEach(({ id: source }, index) => {
    if (random() < 0.05) return
    for (let call = 0; call < calls; call++) {
      const isBack = !isAcyclic && random() < 0.06
      const target = isBack ? pick(0, list.length) : pick(index + 1, Math.min(list.length, index + 1 + list.length / 4))
      if (target !== undefined && random() < 0.85) edges.set(`${source} ${target}`, { source, target })
    }
  })
  return { boxes: [...boxes.values()], nodes: list, edges: [...edges.values()] }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
