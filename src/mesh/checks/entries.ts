import { groupBy, isExportedTo, serviceHost } from '../config/matching.ts'
import type { ServiceEntry } from '../config/objects.ts'
import { finding, nameOf, type Checked, type ConfigFinding } from './finding.ts'
import type { Hosts } from './hosts.ts'

/** Checks of ServiceEntries and of what Sidecars let out. */
export function checkEntries(checked: Checked, hosts: Hosts): readonly ConfigFinding[] {
  const { serviceEntries = [], sidecars = [] } = checked.objects
  return [
    ...overlaps(serviceEntries),
    ...serviceEntries.flatMap((one) => shadows(one, hosts)),
    ...sidecars.flatMap((one) =>
      one.egressHosts.flatMap((written, at) => {
        const [scope = '', host = ''] = written.split('/', 2)
        const from = scope === '.' ? one.namespace : scope
        // `*/host` and `~/*` name no namespace to look in.
        if (host === '' || host.includes('*') || scope === '*' || scope === '~') return []
        if (hosts.find(host, from).kind !== 'missing') return []
        const message = `There is no ${host} in ${from} to let out to`
        return [finding('MB603', nameOf('Sidecar', one), message, { path: `spec.egress.hosts[${at}]` })]
      }),
    ),
  ]
}

function overlaps(all: readonly ServiceEntry[]): readonly ConfigFinding[] {
  const claims = all.flatMap((one) => [...new Set(one.hosts)].map((host) => ({ one, host: host.toLowerCase() })))
  return [...groupBy(claims, ({ host }) => host).values()].flatMap((claimants) =>
    claimants.flatMap(({ one, host }) => {
      const others = claimants
        .filter((other) => other.one !== one && seenTogether(one, other.one))
        .map((other) => other.one)
      if (others.length === 0) return []
      const names = others.slice(0, 3).map(({ namespace, name }) => `${name} in ${namespace}`)
      return [
        finding('MB601', nameOf('ServiceEntry', one), `${host} is also defined by ${names.join(', ')}`, {
          path: 'spec.hosts',
          others: others.slice(0, 20).map((other) => nameOf('ServiceEntry', other)),
        }),
      ]
    }),
  )
}

/** Whether some namespace sees both. */
function seenTogether(a: ServiceEntry, b: ServiceEntry): boolean {
  const named = [...a.exportTo, ...b.exportTo].filter((to) => to !== '*' && to !== '.')
  return [a.namespace, b.namespace, ...named, '?'].some(
    (to) => isExportedTo(a.exportTo, a.namespace, to) && isExportedTo(b.exportTo, b.namespace, to),
  )
}

function shadows(one: ServiceEntry, { index }: Hosts): readonly ConfigFinding[] {
  return one.hosts.flatMap((host, at) => {
    const [, , svc] = host.split('.')
    const named = svc === 'svc' ? serviceHost(host, one.namespace) : undefined
    const service = named === undefined ? undefined : index.serviceOf(named.namespace, named.name)
    if (service === undefined) return []
    return [
      finding('MB602', nameOf('ServiceEntry', one), `${host} is the Service ${service.name} of ${service.namespace}`, {
        path: `spec.hosts[${at}]`,
        others: [nameOf('Service', service)],
      }),
    ]
  })
}
