import { useState } from 'react'

import { indexObjects } from '../../../mesh/config/matching.ts'
import type { ListKind } from '../../../mesh/inventory.ts'
import type { KnownObjects } from '../../queries/objects.ts'
import type { ListedRow } from '../inventory/listRows.ts'
import { workloadsOf } from './workloadsOf.ts'

/** Whether Kubernetes has the thing; `undefined` where its list was not read, or not whole. */
export function standingOf(
  kind: ListKind,
  namespace: string,
  name: string,
  known: KnownObjects | undefined,
): boolean | undefined {
  if (known === undefined) return undefined
  const { objects, missing } = known
  const isUnread = missing.some(
    (each) => listsOf[kind].includes(each.kind) && (each.namespace === undefined || each.namespace === namespace),
  )
  if (isUnread) return undefined
  switch (kind) {
    case 'namespaces':
      return objects.namespaces?.some((each) => each.name === name)
    case 'services':
      return objects.services === undefined ? undefined : indexObjects(objects).serviceOf(namespace, name) !== undefined
    case 'apps':
    case 'workloads':
      return objects.workloads === undefined ? undefined : workloadsOf(kind, namespace, name, objects).length > 0
  }
}

const controllers: readonly string[] = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'pods']
const listsOf: Readonly<Record<ListKind, readonly string[]>> = {
  namespaces: ['namespaces'],
  services: ['services'],
  apps: controllers,
  workloads: controllers,
}

interface Seen {
  readonly key: string
  readonly row: ListedRow
  /** Unix seconds. */
  readonly at: number | undefined
  /** Kubernetes had it at some time during this visit. */
  readonly wasStanding: boolean
}

interface Now {
  /** What the page is about; a new one forgets the old. */
  readonly key: string
  readonly row: ListedRow | undefined
  readonly isAnswered: boolean
  readonly standing: boolean | undefined
  readonly at: number | undefined
}

/** The row as it is, or as it was when it was last there: what one looks at does not vanish from under one's eyes. */
export function useLastSeen({ key, row, isAnswered, standing, at }: Now): Partial<Pick<Seen, 'row' | 'at'>> & {
  readonly wasStanding: boolean
  readonly isGone: boolean
} {
  const [kept, setKept] = useState<Seen>()
  const before = kept?.key === key ? kept : undefined
  const wasStanding = before?.wasStanding === true || standing === true
  if (row !== undefined && (before?.row !== row || before.wasStanding !== wasStanding)) {
    setKept({ key, row, at, wasStanding })
  }
  if (row !== undefined) return { row, at, wasStanding, isGone: false }
  // A list that could not be read this time takes nothing away.
  const isGone = isAnswered && !(wasStanding && standing === undefined)
  return { ...(before === undefined ? {} : { row: before.row, at: before.at }), wasStanding, isGone }
}
