import { groupBy } from '../config/matching.ts'
import { finding, nameOf, type Checked, type ConfigFinding } from './finding.ts'
import { carries, knowsWorkloads } from './hosts.ts'

/** Checks of Istio's Gateways. A selector picks pods in every namespace, unless Istio is told otherwise. */
export function checkGateways(checked: Checked): readonly ConfigFinding[] {
  const { gateways = [], workloads = [] } = checked.objects
  // A gateway's pods usually stand in another namespace: "none" can only be said by whoever sees all.
  const seesAll = checked.namespaces === undefined && knowsWorkloads(checked)
  const empty = gateways.flatMap((one) => {
    if (!seesAll || workloads.some((workload) => carries(workload, one.selector))) return []
    const wanted = Object.entries(one.selector).map(([label, value]) => `${label}=${value}`)
    return [finding('MB301', nameOf('Gateway', one), `No pod carries ${wanted.join(', ')}`, { path: 'spec.selector' })]
  })
  const claims = gateways.flatMap((one) =>
    one.servers.flatMap(({ hosts: served, port }) =>
      served.map((host) => ({
        one,
        host,
        port,
        key: JSON.stringify([bare(host), port, Object.entries(one.selector).sort()]),
      })),
    ),
  )
  const twins = [...groupBy(claims, ({ key }) => key).values()].flatMap((claimants) => {
    const distinct = new Set(claimants.map(({ one }) => one))
    if (distinct.size < 2) return []
    return [...distinct].map((one) => {
      const others = [...distinct].filter((other) => other !== one)
      const [first] = claimants
      const names = others.slice(0, 3).map(({ namespace, name }) => `${name} in ${namespace}`)
      return finding(
        'MB302',
        nameOf('Gateway', one),
        `${first?.host ?? ''} on port ${first?.port ?? ''} is also served by ${names.join(', ')}`,
        { path: 'spec.servers', others: others.slice(0, 20).map((other) => nameOf('Gateway', other)) },
      )
    })
  })
  return [...empty, ...twins]
}

/** `namespace/host` is a host with a restriction on who may attach to it. */
function bare(host: string): string {
  return host.slice(host.indexOf('/') + 1).toLowerCase()
}
