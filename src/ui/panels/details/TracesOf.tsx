import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import type { EndKind } from '../../../mesh/callEnd.ts'
import { canonicalName } from '../../../mesh/config/matching.ts'
import type { MeshObjects } from '../../../mesh/config/objects.ts'
import { objectsQuery } from '../../queries/objects.ts'
import { useView } from '../../view.tsx'
import { Traces } from '../traces/Traces.tsx'
import { workloadsOf } from './workloadsOf.ts'

interface Props {
  readonly kind: EndKind
  readonly namespace: string
  readonly name: string
}

/** The traces that touch one workload, app, service or namespace. Proxies call themselves by their app: a service's are those behind it. */
export function TracesOf({ kind, namespace, name }: Props) {
  const { cluster } = useView()
  const known = useQuery({ ...objectsQuery(cluster.name), enabled: cluster.capabilities.kubernetes.allowed })
  const objects = known.data?.objects
  const apps = useMemo(() => appsOf({ kind, namespace, name }, objects), [kind, namespace, name, objects])
  // What stands behind a name is not known yet: asking for the name would be another question.
  if (known.isPending && known.fetchStatus !== 'idle') return null
  return <Traces namespace={namespace} apps={apps} />
}

function appsOf({ kind, namespace, name }: Props, objects: MeshObjects | undefined): readonly string[] {
  if (kind === 'namespace') return []
  if (kind === 'app' || objects === undefined) return [name]
  const workloads = workloadsOf(kind === 'service' ? 'services' : 'workloads', namespace, name, objects)
  const apps = [...new Set(workloads.map(canonicalName))]
  return apps.length === 0 ? [name] : apps.slice(0, 12)
}
