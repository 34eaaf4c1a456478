import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import { changeKinds, changesOf, idOf, type Change } from '../../../mesh/changes.ts'
import { canonicalName, indexObjects } from '../../../mesh/config/matching.ts'
import type { MeshObjects } from '../../../mesh/config/objects.ts'
import type { Mark } from '../../charts/mark.ts'
import { instantText } from '../../charts/time.ts'
import { namespacesQuery } from '../../queries/cluster.ts'
import { objectsQuery } from '../../queries/objects.ts'
import type { SeriesSubject } from '../../queries/series.ts'
import { useView } from '../../view.tsx'
import type { Zone } from '../../zone.ts'
import { strings } from './strings.ts'

/** Where Istio keeps what holds for the whole mesh: https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/ */
const rootNamespace = 'istio-system'

export interface Changes {
  /** Oldest first; none until they are known. */
  readonly changes: readonly Change[]
  /** Kinds whose changes in the scope could not be read, as `kubectl` names them. */
  readonly unread: readonly string[]
}

const told: ReadonlySet<string> = new Set([...changeKinds, 'replicasets.apps'])

/** What was changed within the panels' span and scope, as far as the viewer may read Kubernetes. */
export function useChanges(subject: SeriesSubject | undefined, end: CallEnd | undefined): Changes {
  const { cluster, namespaces, project } = useView()
  const enabled = cluster.capabilities.kubernetes.allowed
  const { data } = useQuery({ ...objectsQuery(cluster.name), enabled })
  const known = useQuery({ ...namespacesQuery(cluster.name), enabled: enabled && project !== undefined })
  const all = useMemo(() => (data === undefined ? [] : changesOf(data.lists)), [data])
  const scope = useMemo((): ReadonlySet<string> | undefined => {
    if (end !== undefined) return new Set([end.namespace])
    if (project === undefined) return namespaces.length === 0 ? undefined : new Set(namespaces)
    return new Set((known.data ?? []).filter((each) => each.project === project).map(({ name }) => name))
  }, [end, namespaces, project, known.data])
  const inSpan = useMemo(() => {
    if (subject === undefined) return none
    const { at, seconds } = subject.window
    const isOfEnd = end === undefined || data === undefined ? () => true : ofEnd(end, data.objects)
    const isInScope = ({ kind, namespace }: Change) =>
      scope === undefined || scope.has(namespace) || (kind === 'config' && namespace === rootNamespace)
    return all.filter((change) => change.at > at - seconds && change.at <= at && isInScope(change) && isOfEnd(change))
  }, [all, subject, scope, end, data])
  // The span moves on with every refresh, and charts are drawn anew for new marks: the same ones stay the same.
  const [held, setHeld] = useState(inSpan)
  const isSame = held.length === inSpan.length && inSpan.every((change, index) => change === held[index])
  if (!isSame) setHeld(inSpan)
  const unread = useMemo(() => {
    const inScope = (data?.missing ?? []).filter(
      ({ kind, namespace }) =>
        told.has(kind) && (namespace === undefined || scope === undefined || scope.has(namespace)),
    )
    return [...new Set(inScope.map(({ kind }) => kind))]
  }, [data, scope])
  return { changes: isSame ? held : inSpan, unread }
}

const none: readonly Change[] = []

/** The changes as the charts mark them. */
export function marksOf(changes: readonly Change[], spanSeconds: number, zone: Zone): readonly Mark[] {
  return changes.map((change) => ({
    id: idOf(change),
    at: change.at,
    kind: change.kind,
    text: `${instantText(change.at, spanSeconds, zone)} ${strings.changes.text(change)}`,
  }))
}

/** Rollouts of the workloads that stand behind an end; its namespace's configuration. */
function ofEnd({ kind, namespace, name }: CallEnd, objects: MeshObjects): (change: Change) => boolean {
  if (kind === 'namespace') return () => true
  const own = (objects.workloads ?? []).filter((workload) => workload.namespace === namespace)
  const index = indexObjects(objects)
  const service = index.serviceOf(namespace, name)
  const behind =
    kind === 'workload'
      ? [name]
      : (kind === 'app'
          ? own.filter((workload) => canonicalName(workload) === name)
          : service === undefined
            ? []
            : index.workloadsBehind(service)
        ).map((workload) => workload.name)
  return (change) => change.kind === 'config' || behind.includes(change.name)
}
