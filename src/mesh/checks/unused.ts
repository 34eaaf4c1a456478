import { hostKey, type HostKey } from '../config/routing.ts'
import { duration } from '../phrases.ts'
import { finding, nameOf, type Checked, type ConfigFinding } from './finding.ts'
import { carries } from './hosts.ts'

interface Named {
  readonly namespace: string
  readonly name: string
  readonly createdAt?: string
}

/** What traffic there was: the evidence of "no traffic". */
export interface SeenTraffic {
  /** How long was looked at, in seconds: never longer than what Prometheus holds. */
  readonly seconds: number
  /** The services (`namespace/name`, or any other host) that were called. */
  readonly hosts: ReadonlySet<HostKey>
  /** The workloads (`namespace/name`) that sent or got traffic. */
  readonly workloads: ReadonlySet<string>
  /** Unix seconds of the moment it was looked until; objects that were made since are left alone. */
  readonly at?: number
}

/**
 * Objects about hosts that nobody called and gateways that nothing came through. Hosts with wildcards are left alone; so are those that
 * others may call unseen: outside the namespaces that were read, where not every one was.
 */
export function checkUse({ objects, namespaces }: Checked, seen: SeenTraffic): readonly ConfigFinding[] {
  const found: ConfigFinding[] = []
  const isYoung = ({ createdAt }: { readonly createdAt?: string }): boolean =>
    seen.at !== undefined && createdAt !== undefined && Date.parse(createdAt) / 1000 > seen.at - seen.seconds
  const isOverseen = (key: HostKey): boolean => {
    const [namespace = '', name] = key.split('/')
    return namespaces === undefined || (name !== undefined && namespaces.has(namespace))
  }
  const unless = (kind: string, one: Named, hosts: readonly string[]): void => {
    const object = nameOf(kind, one)
    if (hosts.length === 0 || hosts.some((host) => host.includes('*')) || isYoung(one)) return
    const keys = hosts.map((host) => hostKey(host.toLowerCase(), object.namespace))
    if (!keys.every(isOverseen) || keys.some((key) => seen.hosts.has(key))) return
    const shown = hosts.slice(0, 3).join(', ')
    found.push(finding('MB901', object, `No traffic to ${shown} in the last ${duration(seen.seconds)}`))
  }
  for (const one of objects.virtualServices ?? []) {
    const routed = [...one.http, ...one.tcp, ...one.tls].flatMap(({ destinations }) =>
      destinations.map(({ host }) => host),
    )
    unless('VirtualService', one, routed.length > 0 ? routed : one.hosts)
  }
  for (const one of objects.destinationRules ?? []) unless('DestinationRule', one, [one.host])
  for (const one of objects.serviceEntries ?? []) unless('ServiceEntry', one, one.hosts)
  for (const one of objects.httpRoutes ?? []) {
    unless(
      'HTTPRoute',
      one,
      one.rules.flatMap(({ destinations }) => destinations.map(({ host }) => host)),
    )
  }
  const { workloads = [] } = objects
  for (const one of objects.gateways ?? []) {
    const pods = workloads.filter((workload) => carries(workload, one.selector))
    if (
      isYoung(one) ||
      pods.length === 0 ||
      pods.some(({ namespace, name }) => seen.workloads.has(`${namespace}/${name}`))
    )
      continue
    found.push(
      finding('MB901', nameOf('Gateway', one), `Nothing came through its pods in the last ${duration(seen.seconds)}`),
    )
  }
  return found
}
