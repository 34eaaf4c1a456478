import type { KubernetesObject, ObjectMeta } from '../../clients/kubernetes/wire.ts'
import type { Objects } from './objectStore.ts'

/** Somebody worked on the cluster within the hour of history that the demo starts with. */
const rollouts: readonly { readonly deployment: string; readonly minutesAgo: number }[] = [
  { deployment: 'bookinfo/reviews-v3', minutesAgo: 41 },
  { deployment: 'shop-core/checkout', minutesAgo: 17 },
]
const edits: readonly {
  readonly kind: string
  readonly id: string
  readonly by: string
  readonly minutesAgo: number
}[] = [
  {
    kind: 'virtualservices.networking.istio.io',
    id: 'bookinfo/reviews',
    by: 'argocd-controller',
    minutesAgo: 38,
  },
  { kind: 'destinationrules.networking.istio.io', id: 'shop-core/catalog', by: 'kubectl-edit', minutesAgo: 9 },
]

/** The objects with the rollouts and edits of the last hour noted as an API server notes them. */
export function changedLately(objects: Objects, startedAtMs: number): Objects {
  const ago = (minutes: number) =>
    new Date(Math.floor(startedAtMs / 1000 - minutes * 60) * 1000).toISOString().replace('.000', '')
  const next: Record<string, readonly KubernetesObject[]> = { ...objects }
  for (const { deployment, minutesAgo } of rollouts) {
    next['replicasets.apps'] = noted(
      next['replicasets.apps'],
      ({ namespace = '', ownerReferences = [] }) =>
        ownerReferences.some(({ name }) => `${namespace}/${name}` === deployment),
      (metadata) => ({ ...metadata, creationTimestamp: ago(minutesAgo) }),
    )
  }
  for (const { kind, id, by, minutesAgo } of edits) {
    next[kind] = noted(
      next[kind],
      ({ namespace = '', name }) => `${namespace}/${name}` === id,
      (metadata) => ({
        ...metadata,
        generation: 2,
        managedFields: [{ manager: by, operation: 'Update', time: ago(minutesAgo) }],
      }),
    )
  }
  return next
}

function noted(
  list: readonly KubernetesObject[] | undefined,
  isMeant: (metadata: ObjectMeta) => boolean,
  note: (metadata: ObjectMeta) => ObjectMeta,
): readonly KubernetesObject[] {
  return (list ?? []).map((object) =>
    isMeant(object.metadata) ? { ...object, metadata: note(object.metadata) } : object,
  )
}
