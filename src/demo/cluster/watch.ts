import type { KubernetesObject } from '../../clients/kubernetes/wire.ts'
import type { Change, ObjectStore } from './objectStore.ts'
import { groupVersion, qualified, type ServedKind } from './resources.ts'
import { expired } from './status.ts'

/** One line of a watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: unknown
}

/** What a watch tells, as long as somebody listens. */
export interface Watch {
  readonly kind: ServedKind
  readonly version: string
  readonly isChosen: (object: KubernetesObject) => boolean
  /** Absent or `0`: begins with everything there is. */
  readonly from: string | null
  /** Undefined: for as long as the server cares. */
  readonly seconds: number | undefined
}

/**
 * Tells the changes of a kind from a version on until the returned function is called.
 * An object that a change takes out of the selection is told as deleted, one that it brings in as added.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export function follow(store: ObjectStore, watch: Watch, tell: (event: WatchEvent) => void): () => void {
  const { kind, version, isChosen, from } = watch
  const name = qualified(kind)
  const typed = (object: KubernetesObject) => ({
    ...object,
    apiVersion: groupVersion(kind.group, version),
    kind: kind.kind,
  })
  const known = new Set<string>()
  const keyOf = ({ metadata }: KubernetesObject) => `${metadata.namespace ?? ''}/${metadata.name}`
  const pass = ({ type, object }: Pick<Change, 'type' | 'object'>): void => {
    const key = keyOf(object)
    const isIn = type !== 'DELETED' && isChosen(object)
    const wasIn = known.has(key)
    if (isIn) known.add(key)
    else known.delete(key)
    if (isIn) tell({ type: wasIn ? 'MODIFIED' : 'ADDED', object: typed(object) })
    else if (wasIn) tell({ type: 'DELETED', object: typed(object) })
  }
  if (from === null || from === '' || from === '0') {
    for (const object of store.list(name)) pass({ type: 'ADDED', object })
  } else if (!store.remembers(Number(from))) {
    tell({ type: 'ERROR', object: expired().status })
  } else {
    const later = store.after(Number(from), name)
    const born = new Set<string>()
    for (const { type, object } of later) if (type === 'ADDED') born.add(keyOf(object))
    const isOld = (object: KubernetesObject) => isChosen(object) && !born.has(keyOf(object))
    for (const { object } of later) if (isOld(object)) known.add(keyOf(object))
    for (const object of store.list(name)) if (isOld(object)) known.add(keyOf(object))
    for (const change of later) pass(change)
  }
  return store.listen((change) => {
    if (change.kind === name) pass(change)
  })
}
