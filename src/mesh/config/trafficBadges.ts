import type { Badge, GraphNode } from '../graph.ts'
import { amount, listed, percent, short } from '../phrases.ts'
import type { ObjectIndex } from './matching.ts'
import type { HttpRoute, L4Route, RouteDestination, TrafficPolicy, VirtualService } from './objects.ts'
import { refOf } from './policyBadges.ts'
import { hostKey, nodeHasLabels, nodePartHasLabels, subsetOf } from './routing.ts'
import type { Arrivals, HostKey, Routing } from './routing.ts'

/** What badges on routes are made from. */
export interface RoutingContext {
  readonly index: ObjectIndex
  readonly routing: Routing
  readonly nodes: ReadonlyMap<string, GraphNode>
  readonly arrivalsAt: (key: HostKey, protocols: 'requests' | 'tcp') => Arrivals
}

/**
 * The features of VirtualServices and HTTPRoutes that concern a node: for a service node those about its host, for a workload or app
 * only the routes that end at it, for an app also those that end at one of its versions.
 */
export function routeBadges(node: GraphNode, key: HostKey, context: RoutingContext): readonly Badge[] {
  const { routing } = context
  return [
    ...(routing.virtualServices.get(key) ?? []).flatMap((one) =>
      virtualServiceBadges(node, key, one, 'VirtualService', context),
    ),
    ...(routing.httpRoutes.get(key) ?? []).flatMap((route) =>
      virtualServiceBadges(
        node,
        key,
        { ...route, gateways: [], exportTo: [], http: route.rules, tcp: [], tls: [] },
        'HTTPRoute',
        context,
      ),
    ),
  ]
}

function virtualServiceBadges(
  node: GraphNode,
  key: HostKey,
  route: VirtualService,
  kind: 'VirtualService' | 'HTTPRoute',
  context: RoutingContext,
): readonly Badge[] {
  const endsHere = (one: HttpRoute | L4Route): boolean =>
    one.destinations.some((to) => isAt(node, key, to, route.namespace, context, nodePartHasLabels))
  const http = route.http.filter(endsHere)
  const layer4 = [...route.tcp, ...route.tls].filter(endsHere)
  if (http.length === 0 && layer4.length === 0) return []
  const name = `${kind} ${route.namespace}/${route.name}`
  const objects = [refOf(kind, route)]
  const badge = (its: Badge['kind'], text: string | undefined): readonly Badge[] =>
    text === undefined || text === '' ? [] : [{ kind: its, text, objects }]
  const conditional = [...http, ...layer4].filter(
    ({ matches, destinations }) => matches > 0 || destinations.some(({ subset }) => subset !== undefined),
  ).length

  return [
    ...badge(
      'virtualService',
      `${name} routes its traffic${route.hosts.length > 0 ? ` for ${listed(route.hosts.slice(0, 3).map((host) => short(host)))}` : ''}.`,
    ),
    ...badge(
      'requestRouting',
      conditional > 0 ? `${name} chooses by request or subset in ${amount(conditional)} of its routes.` : undefined,
    ),
    ...badge('trafficShifting', shiftWords(name, http, 'requests', route, context)),
    ...badge('tcpTrafficShifting', shiftWords(name, layer4, 'tcp', route, context)),
    ...badge('faultInjection', faultWords(name, http)),
    ...badge(
      'requestTimeout',
      settingWords(
        name,
        'sets a timeout of',
        http.map(({ timeout }) => timeout),
      ),
    ),
    ...badge(
      'retries',
      settingWords(
        name,
        'retries',
        http.map(({ retries }) =>
          retries === undefined
            ? undefined
            : retries.attempts === 0
              ? 'never'
              : `up to ${amount(retries.attempts)} times${retries.retryOn === undefined ? '' : ` on ${short(retries.retryOn)}`}`,
        ),
      ),
    ),
    ...badge(
      'mirroring',
      settingWords(
        name,
        'mirrors requests to',
        http.flatMap(({ mirrors }) =>
          mirrors.map(
            ({ host, subset, percent: share }) =>
              `${targetWords({ host, ...(subset === undefined ? {} : { subset }) })}${share === undefined ? '' : ` (${amount(share)}%)`}`,
          ),
        ),
      ),
    ),
  ]
}

/** Whether a route's destination is this node: its service, and for workloads the subset that they belong to. */
function isAt(
  node: GraphNode,
  key: HostKey,
  to: RouteDestination,
  from: string,
  { index, routing }: RoutingContext,
  hasLabels = nodeHasLabels,
): boolean {
  if (hostKey(to.host, from) !== key) return false
  if (node.kind === 'service' || to.subset === undefined) return true
  const subset = subsetOf(to, from, routing)
  return subset !== undefined && hasLabels(node, subset.labels, index)
}

/** "shifts traffic: v1 80% declared, 78% observed; v2 20% declared, 22% observed". */
function shiftWords(
  name: string,
  routes: readonly (HttpRoute | L4Route)[],
  protocols: 'requests' | 'tcp',
  { namespace }: VirtualService,
  context: RoutingContext,
): string | undefined {
  const split = routes.filter(({ destinations }) => destinations.length > 1)
  if (split.length === 0) return undefined
  const several = split.length > 1 ? ' (observed over all routes together)' : ''
  const each = split.map(({ destinations }) => {
    const total = destinations.reduce((sum, { weight = 0 }) => sum + weight, 0)
    const observed = observedShares(destinations, protocols, namespace, context)
    return destinations
      .map((to, at) => {
        const declared = total === 0 ? 'no weight' : percent((to.weight ?? 0) / total)
        const share = observed?.[at]
        return `${targetWords(to)} ${declared} declared${share === undefined ? '' : `, ${percent(share)} observed`}`
      })
      .join('; ')
  })
  return `${name} shifts traffic: ${each.join(' | ')}${several}.`
}

/** The shares in the destinations' order; `undefined` where nothing arrived or a node stands for several of them. */
function observedShares(
  destinations: readonly RouteDestination[],
  protocols: 'requests' | 'tcp',
  from: string,
  context: RoutingContext,
): readonly number[] | undefined {
  const claimed = new Map<string, number>()
  const rates = destinations.map((to) => {
    const key = hostKey(to.host, from)
    let rate = 0
    for (const [id, part] of context.arrivalsAt(key, protocols)) {
      const node = context.nodes.get(id)
      if (node === undefined || !isAt(node, key, to, from, context)) continue
      rate += part
      claimed.set(`${key} ${id}`, (claimed.get(`${key} ${id}`) ?? 0) + 1)
    }
    return rate
  })
  const total = rates.reduce((sum, rate) => sum + rate, 0)
  const isAmbiguous = [...claimed.values()].some((times) => times > 1)
  return total > 0 && !isAmbiguous ? rates.map((rate) => rate / total) : undefined
}

function targetWords({ host, subset }: Pick<RouteDestination, 'host' | 'subset'>): string {
  return short(subset ?? host)
}

function faultWords(name: string, routes: readonly HttpRoute[]): string | undefined {
  const parts = routes.flatMap(({ fault }) => [
    ...(fault?.abort === undefined
      ? []
      : [
          `aborts ${amount(fault.abort.percent)}% of requests${fault.abort.status === undefined ? '' : ` with ${short(fault.abort.status, 30)}`}`,
        ]),
    ...(fault?.delay === undefined
      ? []
      : [
          `delays ${amount(fault.delay.percent)}% of requests${fault.delay.delay === undefined ? '' : ` by ${short(fault.delay.delay, 20)}`}`,
        ]),
  ])
  return parts.length === 0 ? undefined : `${name} injects faults: it ${listed([...new Set(parts)])}.`
}

function settingWords(name: string, verb: string, values: readonly (string | undefined)[]): string | undefined {
  const known = [...new Set(values.flatMap((value) => (value === undefined ? [] : short(value))))]
  return known.length === 0 ? undefined : `${name} ${verb} ${listed(known)}.`
}

/** Circuit breaker, outlier detection, load balancing and locality of the DestinationRule that counts for the host. */
export function ruleBadges(node: GraphNode, key: HostKey, { index, routing }: RoutingContext): readonly Badge[] {
  const rule = routing.ruleFor(key)
  if (rule === undefined) return []
  const name = `DestinationRule ${rule.namespace}/${rule.name}`
  const objects = [refOf('DestinationRule', rule)]
  const subsets = rule.subsets.filter(
    ({ labels, trafficPolicy }) =>
      trafficPolicy !== undefined && (node.kind === 'service' || nodeHasLabels(node, labels, index)),
  )
  const policies = [
    { of: '', policy: rule.trafficPolicy },
    ...subsets.map(({ name: subset, trafficPolicy }) => ({
      of: ` for subset ${short(subset, 30)}`,
      policy: trafficPolicy,
    })),
  ]
  const badge = (kind: Badge['kind'], words: (policy: TrafficPolicy) => string | undefined): readonly Badge[] => {
    const parts = policies.flatMap(({ of, policy }) => {
      const said = policy === undefined ? undefined : words(policy)
      return said === undefined ? [] : [`${said}${of}`]
    })
    return parts.length === 0 ? [] : [{ kind, text: `${name} ${listed(parts)}.`, objects }]
  }
  return [
    ...badge('circuitBreaker', ({ connectionPool }) =>
      connectionPool === undefined ? undefined : `limits its connections (${settings(connectionPool)})`,
    ),
    ...badge('outlierDetection', ({ outlierDetection }) =>
      outlierDetection === undefined ? undefined : `ejects failing endpoints (${settings(outlierDetection)})`,
    ),
    ...badge('loadBalancing', ({ loadBalancing }) =>
      loadBalancing === undefined ? undefined : `balances by ${short(loadBalancing)}`,
    ),
    ...badge('locality', ({ locality }) => (locality === undefined ? undefined : `sets locality to ${locality}`)),
  ]
}

function settings(values: readonly string[]): string {
  return values.length === 0 ? 'with the defaults' : short(values.join(', '), 120)
}
