import { canonicalName } from '../../mesh/config/matching.ts'
import type { MeshObjects } from '../../mesh/config/objects.ts'
import { configOf } from '../../mesh/inventory.ts'

/** What the palette leads to. */
export interface PaletteEntry {
  /** Unique among the entries. */
  readonly id: string
  readonly kind: 'page' | 'namespace' | 'app' | 'workload' | 'service' | 'config' | 'action'
  readonly name: string
  /** Where it stands; absent for pages and actions. */
  readonly namespace?: string
  /** As Kubernetes calls it, for configuration. */
  readonly type?: string
}

/** Everything that the objects name: namespaces, apps, workloads, services and Istio objects. */
export function entriesOf(objects: MeshObjects, namespaces: readonly string[]): readonly PaletteEntry[] {
  const { workloads = [], services = [] } = objects
  const apps = new Map(
    workloads.map((workload) => {
      const name = canonicalName(workload)
      return [`${workload.namespace}/${name}`, { namespace: workload.namespace, name }]
    }),
  )
  const entry = (kind: PaletteEntry['kind'], namespace: string, name: string, type?: string): PaletteEntry => ({
    id: `${kind}/${type ?? ''}/${namespace}/${name}`,
    kind,
    name,
    namespace,
    ...(type === undefined ? {} : { type }),
  })
  return [
    ...namespaces.map((name): PaletteEntry => ({ id: `namespace/${name}`, kind: 'namespace', name })),
    ...services.map(({ namespace, name }) => entry('service', namespace, name)),
    ...[...apps.values()].map(({ namespace, name }) => entry('app', namespace, name)),
    ...workloads.map(({ namespace, name }) => entry('workload', namespace, name)),
    ...configOf(objects).map(({ namespace, ref }) => {
      const [type = '', , ...name] = ref.split('/')
      return entry('config', namespace, name.join('/'), type)
    }),
  ]
}

/**
 * The entries that hold every word of the text in name, namespace, kind or type, the best first: the name itself, names that begin with
 * it, names that hold it, then the rest; of equals the order they came in. An empty text finds the first ones.
 */
export function foundIn(entries: readonly PaletteEntry[], text: string, most: number): readonly PaletteEntry[] {
  const words = text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const [first] = words
  if (first === undefined) return entries.slice(0, most)
  const found: { readonly entry: PaletteEntry; readonly rank: number }[] = []
  for (const entry of entries) {
    const name = entry.name.toLowerCase()
    const all = `${name} ${entry.namespace ?? ''} ${entry.kind} ${entry.type ?? ''}`.toLowerCase()
    if (!words.every((word) => all.includes(word))) continue
    found.push({ entry, rank: name === first ? 0 : name.startsWith(first) ? 1 : name.includes(first) ? 2 : 3 })
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ entry }) => entry)
}
