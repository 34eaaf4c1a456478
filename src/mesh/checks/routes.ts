import { groupBy, serviceHost } from '../config/matching.ts'
import { hostKey, indexRouting } from '../config/routing.ts'
import type { L4Route, RouteDestination, VirtualService } from '../config/objects.ts'
import { finding, nameOf, type Checked, type ConfigFinding } from './finding.ts'
import type { Hosts } from './hosts.ts'

/** Checks of VirtualServices and Gateway API routes. */
export function checkRoutes(checked: Checked, hosts: Hosts): readonly ConfigFinding[] {
  const { objects } = checked
  const routing = indexRouting(objects)
  const ruleOf = (host: string, from: string) => routing.ruleFor(hostKey(host, from))
  return [
    ...(objects.virtualServices ?? []).flatMap((one) => [
      ...checkDestinations(one, hosts, objects.destinationRules === undefined ? undefined : ruleOf),
      ...checkOrder(one),
      ...checkWeights(one),
      ...checkGateways(one, checked, hosts),
      ...checkEmpty(one),
    ]),
    ...checkTwins(objects.virtualServices ?? []),
    ...checkDelegates(checked, hosts),
    ...checkHttpRoutes(checked, hosts),
  ]
}

interface Step {
  readonly destination: RouteDestination
  readonly path: string
}

function steps({ http, tcp, tls }: VirtualService): readonly Step[] {
  const of = (kind: string, routes: readonly L4Route[]): readonly Step[] =>
    routes.flatMap(({ destinations }, at) =>
      destinations.map((destination, to) => ({ destination, path: `spec.${kind}[${at}].route[${to}].destination` })),
    )
  return [...of('http', http), ...of('tcp', tcp), ...of('tls', tls)]
}

function checkDestinations(
  one: VirtualService,
  hosts: Hosts,
  ruleOf: ((host: string, from: string) => ReturnType<ReturnType<typeof indexRouting>['ruleFor']>) | undefined,
): readonly ConfigFinding[] {
  const object = nameOf('VirtualService', one)
  return steps(one).flatMap(({ destination: { host, subset, port }, path }) => {
    const found = hosts.find(host, one.namespace)
    if (found.kind === 'missing') {
      return [
        finding('MB101', object, `The route leads to ${host}, and there is no such Service or ServiceEntry`, {
          path: `${path}.host`,
        }),
      ]
    }
    const all: ConfigFinding[] = []
    const ports = found.kind === 'service' ? found.service.ports : undefined
    if (port !== undefined && ports !== undefined && !ports.some((each) => each.port === port)) {
      const has = ports.map((each) => each.port).join(', ')
      all.push(
        finding('MB110', object, `The route leads to port ${port} of ${host}, which has ${has === '' ? 'none' : has}`, {
          path: `${path}.port`,
        }),
      )
    }
    if (subset !== undefined && ruleOf !== undefined && found.kind !== 'unread') {
      const rule = ruleOf(host, one.namespace)
      if (rule?.subsets.some(({ name }) => name === subset) !== true && isReadable(host, one.namespace, hosts)) {
        const others = rule === undefined ? [] : [nameOf('DestinationRule', rule)]
        const why =
          rule === undefined
            ? 'no DestinationRule is about this host'
            : `its DestinationRule has ${rule.subsets.map(({ name }) => name).join(', ') || 'no subsets'}`
        all.push(
          finding('MB102', object, `The route leads to the subset ${subset} of ${host}: ${why}`, {
            path: `${path}.subset`,
            ...(others.length === 0 ? {} : { others }),
          }),
        )
      }
    }
    return all
  })
}

/** A rule may stand in the namespace of the service, which the viewer may not be able to read. */
function isReadable(host: string, from: string, hosts: Hosts): boolean {
  const service = serviceHost(host, from)
  return service === undefined || hosts.wasRead(service.namespace)
}

function checkOrder(one: VirtualService): readonly ConfigFinding[] {
  const lists = [
    ['http', one.http],
    ['tcp', one.tcp],
    ['tls', one.tls],
  ] as const
  return lists.flatMap(([kind, routes]) => {
    const taker = routes.findIndex(({ matches }) => matches === 0)
    if (taker < 0 || taker === routes.length - 1) return []
    const first = taker + 1
    const last = routes.length - 1
    const which = first === last ? `Route ${first + 1}` : `Routes ${first + 1} to ${last + 1}`
    return [
      finding(
        'MB104',
        nameOf('VirtualService', one),
        `${which} of ${kind} never get a request: route ${taker + 1} takes them all`,
        {
          path: `spec.${kind}[${first}]`,
        },
      ),
    ]
  })
}

function checkWeights(one: VirtualService): readonly ConfigFinding[] {
  const lists = [
    ['http', one.http],
    ['tcp', one.tcp],
    ['tls', one.tls],
  ] as const
  return lists.flatMap(([kind, routes]) =>
    routes.flatMap(({ destinations }, at) => {
      if (destinations.length < 2) return []
      const sum = destinations.reduce((total, { weight }) => total + (weight ?? 0), 0)
      if (sum === 100) return []
      return [
        finding('MB103', nameOf('VirtualService', one), `The weights of route ${at + 1} of ${kind} add up to ${sum}`, {
          path: `spec.${kind}[${at}].route`,
        }),
      ]
    }),
  )
}

function checkGateways(one: VirtualService, { objects }: Checked, hosts: Hosts): readonly ConfigFinding[] {
  const { gateways } = objects
  if (gateways === undefined) return []
  return one.gateways.flatMap((written, at) => {
    if (written === 'mesh') return []
    const [namespace = '', name = ''] = written.includes('/') ? written.split('/', 2) : [one.namespace, written]
    const known = gateways.some((gateway) => gateway.namespace === namespace && gateway.name === name)
    if (known || !hosts.wasRead(namespace)) return []
    return [
      finding('MB105', nameOf('VirtualService', one), `There is no Gateway ${name} in ${namespace}`, {
        path: `spec.gateways[${at}]`,
      }),
    ]
  })
}

function checkEmpty(one: VirtualService): readonly ConfigFinding[] {
  if (one.hosts.length === 0 || one.http.length + one.tcp.length + one.tls.length > 0) return []
  return [finding('MB109', nameOf('VirtualService', one), 'It has hosts and no route')]
}

/** For sidecars one host belongs to one VirtualService; at gateways they merge. Those exported to disjoint namespaces never meet. */
function checkTwins(all: readonly VirtualService[]): readonly ConfigFinding[] {
  const claims = all.flatMap((one) =>
    one.gateways.flatMap((gateway) =>
      one.hosts.map((host) => ({
        one,
        key: `${fullGateway(gateway, one.namespace)} ${hostKey(host, one.namespace)}`,
        host,
        gateway,
      })),
    ),
  )
  return [...groupBy(claims, ({ key }) => key).values()].flatMap((claimants) => {
    const [first, ...rest] = claimants
    if (first === undefined || rest.length === 0) return []
    return claimants.flatMap(({ one, host, gateway }) => {
      const others = claimants.filter((other) => other.one !== one && meet(one, other.one)).map((other) => other.one)
      if (others.length === 0) return []
      const where = gateway === 'mesh' ? 'for the sidecars' : `at the gateway ${gateway}`
      const names = others.slice(0, 3).map(({ namespace, name }) => `${name} in ${namespace}`)
      const more = others.length > 3 ? ` and ${others.length - 3} more` : ''
      return [
        finding(
          'MB106',
          nameOf('VirtualService', one),
          `${host} is also routed ${where} by ${names.join(', ')}${more}`,
          {
            path: 'spec.hosts',
            others: others.slice(0, 20).map((other) => nameOf('VirtualService', other)),
          },
        ),
      ]
    })
  })
}

function meet(a: VirtualService, b: VirtualService): boolean {
  const reach = ({ exportTo, namespace }: VirtualService) =>
    exportTo.length === 0 || exportTo.includes('*')
      ? undefined
      : new Set(exportTo.map((to) => (to === '.' ? namespace : to)))
  const [ofA, ofB] = [reach(a), reach(b)]
  return ofA === undefined || ofB === undefined || [...ofA].some((to) => ofB.has(to))
}

function fullGateway(gateway: string, namespace: string): string {
  return gateway === 'mesh' || gateway.includes('/') ? gateway : `${namespace}/${gateway}`
}

function checkDelegates({ objects }: Checked, hosts: Hosts): readonly ConfigFinding[] {
  const all = objects.virtualServices ?? []
  const byName = new Map(all.map((one) => [`${one.namespace}/${one.name}`, one]))
  return all.flatMap((one) =>
    one.http.flatMap(({ delegate }, at) => {
      if (delegate === undefined) return []
      const namespace = delegate.namespace ?? one.namespace
      const target = byName.get(`${namespace}/${delegate.name}`)
      const object = nameOf('VirtualService', one)
      const path = `spec.http[${at}].delegate`
      if (target === undefined) {
        if (!hosts.wasRead(namespace)) return []
        return [
          finding('MB107', object, `There is no VirtualService ${delegate.name} in ${namespace} to delegate to`, {
            path,
          }),
        ]
      }
      if (!target.http.some((route) => route.delegate !== undefined)) return []
      const message = `It delegates to ${delegate.name} in ${namespace}, which delegates again`
      return [finding('MB108', object, message, { path, others: [nameOf('VirtualService', target)] })]
    }),
  )
}

function checkHttpRoutes({ objects }: Checked, hosts: Hosts): readonly ConfigFinding[] {
  return (objects.httpRoutes ?? []).flatMap((one) => {
    const object = nameOf('HTTPRoute', one)
    const backends = one.rules.flatMap(({ destinations }, at) =>
      destinations.flatMap(({ host }, to) =>
        hosts.find(host, one.namespace).kind === 'missing'
          ? [
              finding('MB111', object, `The backend ${host} does not exist`, {
                path: `spec.rules[${at}].backendRefs[${to}]`,
              }),
            ]
          : [],
      ),
    )
    const parents = one.parents.flatMap(({ kind, name, namespace = one.namespace }, at) => {
      if (kind !== 'Gateway' || objects.kubernetesGateways === undefined || !hosts.wasRead(namespace)) return []
      if (objects.kubernetesGateways.some((each) => each.namespace === namespace && each.name === name)) return []
      return [
        finding('MB112', object, `There is no Gateway ${name} in ${namespace}`, { path: `spec.parentRefs[${at}]` }),
      ]
    })
    return [...backends, ...parents]
  })
}
