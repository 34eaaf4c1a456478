import { hasEntries } from '../config/matching.ts'
import type { ServiceObject, ServicePort } from '../config/objects.ts'
import { finding, nameOf, type Checked, type ConfigFinding } from './finding.ts'
import { knowsWorkloads, type Hosts } from './hosts.ts'

/** https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/#explicit-protocol-selection */
const protocols = ['http', 'http2', 'https', 'tcp', 'tls', 'grpc', 'grpc-web', 'mongo', 'mysql', 'redis', 'udp']

/** Checks of Services that mesh traffic goes to: those with a workload in the mesh behind them, or with none at all. */
export function checkServices(checked: Checked, hosts: Hosts): readonly ConfigFinding[] {
  if (!knowsWorkloads(checked)) return []
  return (checked.objects.services ?? []).flatMap((one) => {
    if (!hasEntries(one.selector) || one.type === 'ExternalName' || !hosts.wasRead(one.namespace)) return []
    const object = nameOf('Service', one)
    const behind = hosts.index.workloadsBehind(one)
    if (behind.length === 0) {
      const wanted = Object.entries(one.selector ?? {}).map(([label, value]) => `${label}=${value}`)
      return [
        finding('MB402', object, `No workload in ${one.namespace} has ${wanted.join(', ')}`, { path: 'spec.selector' }),
      ]
    }
    if (!behind.some(({ isInjected, isAmbient }) => isInjected === true || isAmbient === true)) return []
    return guessed(one).map(({ port, name }) =>
      finding(
        'MB401',
        object,
        `Port ${port}${name === undefined ? '' : ` is named ${name}, which`} names no protocol`,
        {
          path: 'spec.ports',
        },
      ),
    )
  })
}

function guessed({ ports = [] }: ServiceObject): readonly ServicePort[] {
  return ports.filter(({ name = '', appProtocol }) => {
    // The decoder falls back to Kubernetes's own `protocol`, which says nothing of what is spoken.
    if (appProtocol !== undefined && !/^(TCP|UDP|SCTP)$/.test(appProtocol)) return false
    if (appProtocol === 'UDP' || appProtocol === 'SCTP') return false
    return !protocols.some((protocol) => name === protocol || name.startsWith(`${protocol}-`))
  })
}
