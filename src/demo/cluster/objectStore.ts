import { isDeepStrictEqual } from 'node:util'
import type { KubernetesObject } from '../../clients/kubernetes/wire.ts'
import { resourceVersion } from './metadata.ts'

/** Objects by the name of their kind, `pods` or `virtualservices.networking.istio.io`. */
export type Objects = Readonly<Record<string, readonly KubernetesObject[]>>

/** A change, as a watch tells it; the object carries the version it made. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly kind: string
  readonly version: number
  readonly object: KubernetesObject
}

/** How many changes are remembered: a watch from before is told 410, as after etcd's compaction. */
const mostChanges = 1000

/** What the demo cluster holds, in the order in which etcd keeps it, with one version for all kinds that grows with each change. */
export class ObjectStore {
  readonly #objects: Map<string, readonly KubernetesObject[]>
  readonly #listeners = new Set<(change: Change) => void>()
  #changes: readonly Change[] = []
  #version = Number(resourceVersion)

  constructor(objects: Objects) {
    this.#objects = new Map(Object.entries(objects).map(([kind, items]) => [kind, items.toSorted(byKey)]))
  }

  get version(): string {
    return String(this.#version)
  }

  list(kind: string): readonly KubernetesObject[] {
    return this.#objects.get(kind) ?? []
  }

  find(kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined {
    return this.list(kind).find(
      ({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === (namespace ?? ''),
    )
  }

  /** Keeps an object in place of the one of its name, and gives it with its version: the old one where nothing differs. */
  put(kind: string, object: KubernetesObject): KubernetesObject {
    const old = this.find(kind, object.metadata.namespace, object.metadata.name)
    if (old !== undefined && isDeepStrictEqual(withVersion(object, ''), withVersion(old, ''))) return old
    const kept = withVersion(object, String(this.#version + 1))
    const others = this.list(kind).filter((each) => each !== old)
    this.#objects.set(kind, [...others, kept].sort(byKey))
    this.#tell({ type: old === undefined ? 'ADDED' : 'MODIFIED', kind, object: kept })
    return kept
  }

  remove(kind: string, object: KubernetesObject): void {
    this.#objects.set(
      kind,
      this.list(kind).filter((each) => each !== object),
    )
    this.#tell({ type: 'DELETED', kind, object: withVersion(object, String(this.#version + 1)) })
  }

  /** Whether every change after a version is still remembered. */
  remembers(version: number): boolean {
    return version <= this.#version && version >= this.#version - this.#changes.length
  }

  /** The changes of a kind after a version. */
  after(version: number, kind: string): readonly Change[] {
    return this.#changes.filter((change) => change.kind === kind && change.version > version)
  }

  /** Tells every change from now on; gives the way to stop. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #tell(change: Omit<Change, 'version'>): void {
    this.#version += 1
    const told = { ...change, version: this.#version }
    this.#changes = [...this.#changes, told].slice(-mostChanges)
    for (const listener of this.#listeners) listener(told)
  }
}

function withVersion(object: KubernetesObject, version: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: version } }
}

const keyOf = ({ metadata: { namespace = '', name } }: KubernetesObject): string => `${namespace}/${name}`

function byKey(one: KubernetesObject, other: KubernetesObject): number {
  return keyOf(one) < keyOf(other) ? -1 : keyOf(one) > keyOf(other) ? 1 : 0
}
