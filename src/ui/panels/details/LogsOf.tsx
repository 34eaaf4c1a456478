import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { listAt, textAt } from '../../../mesh/config/reading.ts'
import { objectsQuery } from '../../queries/objects.ts'
import { useView } from '../../view.tsx'
import { Logs, type LoggingPod } from '../logs/Logs.tsx'
import { LoadingPanel } from '../StatePanels.tsx'
import { workloadsOf } from './workloadsOf.ts'

/** The logs of the pods behind one workload or app. */
export function LogsOf({
  kind,
  namespace,
  name,
}: {
  readonly kind: 'workloads' | 'apps'
  readonly namespace: string
  readonly name: string
}) {
  const { cluster } = useView()
  const known = useQuery({ ...objectsQuery(cluster.name), enabled: cluster.capabilities.kubernetes.allowed })
  const { data } = known
  const pods = useMemo(() => {
    if (data === undefined) return []
    const wanted = new Set(
      workloadsOf(kind, namespace, name, data.objects).flatMap((each) => (each.pods ?? []).map((pod) => pod.name)),
    )
    return (data.lists.pods ?? []).flatMap((pod) => loggingPod(pod, namespace, wanted))
  }, [data, kind, namespace, name])
  if (known.isPending && known.fetchStatus !== 'idle') return <LoadingPanel />
  return <Logs pods={pods} />
}

/** A sidecar's log is the proxy's: it stands after the app's own, whether it is an init container that stays or one of the containers. */
function loggingPod(pod: unknown, namespace: string, wanted: ReadonlySet<string>): readonly LoggingPod[] {
  const name = textAt(pod, 'metadata', 'name') ?? ''
  if (textAt(pod, 'metadata', 'namespace') !== namespace || !wanted.has(name)) return []
  const names = (list: string, isKept: (one: unknown) => boolean) =>
    listAt(pod, 'spec', list)
      .filter(isKept)
      .flatMap((one) => textAt(one, 'name') ?? [])
  const containers = [
    ...names('containers', () => true),
    ...names('initContainers', (one) => textAt(one, 'restartPolicy') === 'Always'),
  ]
  return [
    {
      namespace,
      name,
      containers: containers.toSorted((a, b) => Number(a === 'istio-proxy') - Number(b === 'istio-proxy')),
    },
  ]
}
