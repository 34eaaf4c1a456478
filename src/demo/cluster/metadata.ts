import { createHash } from 'node:crypto'
import type { ObjectMeta, OwnerReference } from '../../clients/kubernetes/wire.ts'

/** When everything in the demo cluster was made, and the version that all of it has until it changes. */
export const createdAt = '2025-09-01T08:00:00Z'
export const resourceVersion = '4711'

/** A UID that depends on the words alone. */
export function uidOf(words: string): string {
  const hex = createHash('sha256').update(words).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

/** An object's metadata as the API server completes it. */
export function metadata(kind: string, name: string, namespace?: string, more: Partial<ObjectMeta> = {}): ObjectMeta {
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    uid: uidOf(`${kind}/${namespace ?? ''}/${name}`),
    resourceVersion,
    generation: 1,
    creationTimestamp: createdAt,
    ...more,
  }
}

/** The controller of an object, as its `ownerReferences` name it. */
export const ownerOf = (kind: string, name: string, namespace: string): OwnerReference => ({
  apiVersion: 'apps/v1',
  kind,
  name,
  uid: uidOf(`${kind}/${namespace}/${name}`),
  controller: true,
})
