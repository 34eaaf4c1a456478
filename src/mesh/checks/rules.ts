import { groupBy, selects } from '../config/matching.ts'
import { effectiveMtls } from '../config/mtls.ts'
import type { DestinationRule, ServiceObject } from '../config/objects.ts'
import { hostKey } from '../config/routing.ts'
import { finding, nameOf, type Checked, type ConfigFinding } from './finding.ts'
import { knowsWorkloads, type Hosts } from './hosts.ts'

/** Checks of DestinationRules. */
export function checkRules(checked: Checked, hosts: Hosts): readonly ConfigFinding[] {
  const all = checked.objects.destinationRules ?? []
  return [...all.flatMap((one) => checkOne(one, checked, hosts)), ...checkTwins(all)]
}

function checkOne(one: DestinationRule, checked: Checked, hosts: Hosts): readonly ConfigFinding[] {
  const object = nameOf('DestinationRule', one)
  const found = hosts.find(one.host, one.namespace)
  const bare = one.subsets.flatMap(({ name, labels }, at) =>
    Object.keys(labels).length > 0
      ? []
      : [finding('MB202', object, `The subset ${name} has no labels`, { path: `spec.subsets[${at}]` })],
  )
  if (found.kind === 'missing') {
    const message = `There is no Service or ServiceEntry ${one.host}`
    return [finding('MB201', object, message, { path: 'spec.host' }), ...bare]
  }
  if (found.kind !== 'service') return bare
  return [...bare, ...checkSubsets(one, found.service, checked, hosts), ...checkTls(one, found.service, checked, hosts)]
}

function checkSubsets(
  { subsets, ...one }: DestinationRule,
  service: ServiceObject,
  checked: Checked,
  hosts: Hosts,
): readonly ConfigFinding[] {
  if (!knowsWorkloads(checked) || !hosts.wasRead(service.namespace)) return []
  const behind = hosts.index.workloadsBehind(service)
  return subsets.flatMap(({ name, labels }, at) => {
    if (Object.keys(labels).length === 0 || behind.some((workload) => selects(labels, workload.labels))) return []
    const wanted = Object.entries(labels).map(([label, value]) => `${label}=${value}`)
    const message = `No workload behind ${service.name} in ${service.namespace} has ${wanted.join(', ')} (subset ${name})`
    return [finding('MB203', nameOf('DestinationRule', one), message, { path: `spec.subsets[${at}].labels` })]
  })
}

/** The tls setting of the rule against what the pods take. https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule */
function checkTls(
  one: DestinationRule,
  service: ServiceObject,
  checked: Checked,
  hosts: Hosts,
): readonly ConfigFinding[] {
  const { peerAuthentications, rootNamespace = 'istio-system' } = checked.objects
  const tls = one.trafficPolicy?.tls
  if (tls === undefined || peerAuthentications === undefined || !knowsWorkloads(checked)) return []
  if (!hosts.wasRead(service.namespace) || !hosts.wasRead(rootNamespace)) return []
  const object = nameOf('DestinationRule', one)
  for (const workload of hosts.index.workloadsBehind(service)) {
    const { mode, from } = effectiveMtls(peerAuthentications, workload, rootNamespace)
    const others = from.map((policy) => nameOf('PeerAuthentication', policy))
    const more = { path: 'spec.trafficPolicy.tls.mode', ...(others.length === 0 ? {} : { others }) }
    const who = `${workload.name} in ${workload.namespace}`
    if (tls === 'DISABLE' && mode === 'STRICT')
      return [finding('MB205', object, `${who} takes only mTLS and the rule sends plain text`, more)]
    if (tls === 'ISTIO_MUTUAL' && mode === 'DISABLE')
      return [finding('MB206', object, `${who} refuses mTLS and the rule sends nothing else`, more)]
    if (tls === 'ISTIO_MUTUAL' && workload.isInjected === false && workload.isAmbient !== true)
      return [finding('MB206', object, `${who} has no proxy to answer mTLS and the rule sends nothing else`, more)]
  }
  return []
}

/** Rules of one namespace for one host; a selector makes them about different clients. */
function checkTwins(all: readonly DestinationRule[]): readonly ConfigFinding[] {
  const groups = groupBy(
    all,
    ({ namespace, host, selector }) =>
      `${namespace} ${hostKey(host.toLowerCase(), namespace)} ${JSON.stringify(Object.entries(selector ?? {}).sort())}`,
  )
  return [...groups.values()].flatMap((twins) => {
    if (twins.length < 2) return []
    return twins.map((one) => {
      const others = twins.filter((other) => other !== one)
      const names = others.slice(0, 3).map(({ name }) => name)
      return finding('MB204', nameOf('DestinationRule', one), `${one.host} also has ${names.join(', ')}`, {
        path: 'spec.host',
        others: others.slice(0, 20).map((other) => nameOf('DestinationRule', other)),
      })
    })
  })
}
