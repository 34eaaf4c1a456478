import { portOf } from './decodeWorkloads.ts'
import type {
  DestinationRule,
  Fault,
  HttpRoute,
  HttpRouteObject,
  IstioGateway,
  KubernetesGateway,
  L4Route,
  Mirror,
  RouteDestination,
  ServiceEntry,
  TargetRef,
  TrafficPolicy,
  VirtualService,
  WorkloadEntry,
} from './objects.ts'
import { at, isObject, listAt, mapAt, namedOf, numberAt, textAt, textsAt } from './reading.ts'

/** https://istio.io/latest/docs/reference/config/networking/virtual-service/ */
export function virtualServiceOf(item: unknown): VirtualService {
  const gateways = textsAt(item, 'spec', 'gateways')
  return {
    ...namedOf(item),
    hosts: textsAt(item, 'spec', 'hosts'),
    gateways: gateways.length === 0 ? ['mesh'] : gateways,
    exportTo: textsAt(item, 'spec', 'exportTo'),
    http: listAt(item, 'spec', 'http').map(httpRouteOf),
    tcp: listAt(item, 'spec', 'tcp').map(l4RouteOf),
    tls: listAt(item, 'spec', 'tls').map(l4RouteOf),
  }
}

function httpRouteOf(route: unknown): HttpRoute {
  const name = textAt(route, 'name')
  const timeout = textAt(route, 'timeout')
  const attempts = numberAt(route, 'retries', 'attempts')
  const perTryTimeout = textAt(route, 'retries', 'perTryTimeout')
  const retryOn = textAt(route, 'retries', 'retryOn')
  const fault = faultOf(at(route, 'fault'))
  return {
    ...(name === undefined ? {} : { name }),
    matches: listAt(route, 'match').length,
    destinations: listAt(route, 'route').flatMap(destinationOf),
    ...(fault === undefined ? {} : { fault }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(attempts === undefined
      ? {}
      : {
          retries: {
            attempts,
            ...(perTryTimeout === undefined ? {} : { perTryTimeout }),
            ...(retryOn === undefined ? {} : { retryOn }),
          },
        }),
    mirrors: mirrorsOf(route),
    ...delegateOf(at(route, 'delegate')),
  }
}

function delegateOf(item: unknown): Pick<HttpRoute, 'delegate'> {
  const name = textAt(item, 'name')
  const namespace = textAt(item, 'namespace')
  if (name === undefined) return {}
  return { delegate: { name, ...(namespace === undefined || namespace === '' ? {} : { namespace }) } }
}

function l4RouteOf(route: unknown): L4Route {
  return { matches: listAt(route, 'match').length, destinations: listAt(route, 'route').flatMap(destinationOf) }
}

function destinationOf(item: unknown): readonly RouteDestination[] {
  const host = textAt(item, 'destination', 'host')
  if (host === undefined) return []
  const subset = textAt(item, 'destination', 'subset')
  const port = numberAt(item, 'destination', 'port', 'number')
  const weight = numberAt(item, 'weight')
  return [
    {
      host,
      ...(subset === undefined ? {} : { subset }),
      ...(port === undefined ? {} : { port }),
      ...(weight === undefined ? {} : { weight }),
    },
  ]
}

/** `percentage.value`, or the old `percent`; absent means all requests. */
function faultOf(item: unknown): Fault | undefined {
  const percentOf = (part: unknown): number => numberAt(part, 'percentage', 'value') ?? numberAt(part, 'percent') ?? 100
  const [abort, delay] = [at(item, 'abort'), at(item, 'delay')]
  const status = numberAt(abort, 'httpStatus')?.toString() ?? textAt(abort, 'grpcStatus')
  const fixed = textAt(delay, 'fixedDelay')
  const fault: Fault = {
    ...(isObject(abort) ? { abort: { percent: percentOf(abort), ...(status === undefined ? {} : { status }) } } : {}),
    ...(isObject(delay)
      ? { delay: { percent: percentOf(delay), ...(fixed === undefined ? {} : { delay: fixed }) } }
      : {}),
  }
  return fault.abort === undefined && fault.delay === undefined ? undefined : fault
}

function mirrorsOf(route: unknown): readonly Mirror[] {
  const one = (destination: unknown, percent: number | undefined): readonly Mirror[] => {
    const host = textAt(destination, 'host')
    if (host === undefined) return []
    const subset = textAt(destination, 'subset')
    return [{ host, ...(subset === undefined ? {} : { subset }), ...(percent === undefined ? {} : { percent }) }]
  }
  return [
    ...one(at(route, 'mirror'), numberAt(route, 'mirrorPercentage', 'value') ?? numberAt(route, 'mirrorPercent')),
    ...listAt(route, 'mirrors').flatMap((item) => one(at(item, 'destination'), numberAt(item, 'percentage', 'value'))),
  ]
}

/** https://istio.io/latest/docs/reference/config/networking/destination-rule/ */
export function destinationRuleOf(item: unknown): DestinationRule {
  const selector = mapAt(item, 'spec', 'workloadSelector', 'matchLabels')
  const trafficPolicy = trafficPolicyOf(at(item, 'spec', 'trafficPolicy'))
  return {
    ...namedOf(item),
    host: textAt(item, 'spec', 'host') ?? '',
    exportTo: textsAt(item, 'spec', 'exportTo'),
    ...(selector === undefined ? {} : { selector }),
    ...(trafficPolicy === undefined ? {} : { trafficPolicy }),
    subsets: listAt(item, 'spec', 'subsets').map((subset) => {
      const policy = trafficPolicyOf(at(subset, 'trafficPolicy'))
      return {
        name: textAt(subset, 'name') ?? '',
        labels: mapAt(subset, 'labels') ?? {},
        ...(policy === undefined ? {} : { trafficPolicy: policy }),
      }
    }),
  }
}

function trafficPolicyOf(policy: unknown): TrafficPolicy | undefined {
  if (!isObject(policy)) return undefined
  const pool = settingsOf(at(policy, 'connectionPool'))
  const outliers = settingsOf(at(policy, 'outlierDetection'))
  const loadBalancing = loadBalancingOf(at(policy, 'loadBalancer'))
  const locality = localityOf(at(policy, 'loadBalancer', 'localityLbSetting'))
  const tls = textAt(policy, 'tls', 'mode')
  return {
    ...(isObject(at(policy, 'connectionPool')) ? { connectionPool: pool } : {}),
    ...(isObject(at(policy, 'outlierDetection')) ? { outlierDetection: outliers } : {}),
    ...(loadBalancing === undefined ? {} : { loadBalancing }),
    ...(locality === undefined ? {} : { locality }),
    ...(tls === undefined ? {} : { tls }),
  }
}

/** The leaves of a settings object as `name=value`. */
function settingsOf(settings: unknown): readonly string[] {
  if (!isObject(settings)) return []
  return Object.entries(settings).flatMap(([name, value]) => {
    if (isObject(value)) return settingsOf(value)
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [`${name}=${value}`]
      : []
  })
}

function loadBalancingOf(balancer: unknown): string | undefined {
  const simple = textAt(balancer, 'simple')
  if (simple !== undefined) return simple
  const hash = at(balancer, 'consistentHash')
  if (!isObject(hash)) return undefined
  const header = textAt(hash, 'httpHeaderName')
  const cookie = textAt(hash, 'httpCookie', 'name')
  const parameter = textAt(hash, 'httpQueryParameterName')
  if (header !== undefined) return `consistent hash by header ${header}`
  if (cookie !== undefined) return `consistent hash by cookie ${cookie}`
  if (parameter !== undefined) return `consistent hash by query parameter ${parameter}`
  return at(hash, 'useSourceIp') === true ? 'consistent hash by source address' : 'consistent hash'
}

function localityOf(setting: unknown): string | undefined {
  if (!isObject(setting)) return undefined
  if (at(setting, 'enabled') === false) return 'off'
  if (listAt(setting, 'distribute').length > 0) return 'distribute'
  if (listAt(setting, 'failoverPriority').length > 0) return 'failover priority'
  return listAt(setting, 'failover').length > 0 ? 'failover' : 'on'
}

/** https://istio.io/latest/docs/reference/config/networking/gateway/ */
export function gatewayOf(item: unknown): IstioGateway {
  return {
    ...namedOf(item),
    selector: mapAt(item, 'spec', 'selector') ?? {},
    servers: listAt(item, 'spec', 'servers').map((server) => {
      const port = numberAt(server, 'port', 'number')
      const protocol = textAt(server, 'port', 'protocol')
      const credential = textAt(server, 'tls', 'credentialName')
      const secrets = [...(credential === undefined ? [] : [credential]), ...textsAt(server, 'tls', 'credentialNames')]
      return {
        ...(secrets.length === 0 ? {} : { secrets }),
        hosts: textsAt(server, 'hosts'),
        ...(port === undefined ? {} : { port }),
        ...(protocol === undefined ? {} : { protocol }),
      }
    }),
  }
}

/** https://istio.io/latest/docs/reference/config/networking/service-entry/ */
export function serviceEntryOf(item: unknown): ServiceEntry {
  const selector = mapAt(item, 'spec', 'workloadSelector', 'labels')
  return {
    ...namedOf(item),
    hosts: textsAt(item, 'spec', 'hosts'),
    addresses: textsAt(item, 'spec', 'addresses'),
    location: textAt(item, 'spec', 'location') === 'MESH_INTERNAL' ? 'MESH_INTERNAL' : 'MESH_EXTERNAL',
    exportTo: textsAt(item, 'spec', 'exportTo'),
    ...(selector === undefined ? {} : { selector }),
    ports: listAt(item, 'spec', 'ports').flatMap(portOf),
    endpoints: listAt(item, 'spec', 'endpoints').map((endpoint) => {
      const labels = mapAt(endpoint, 'labels')
      return { address: textAt(endpoint, 'address') ?? '', ...(labels === undefined ? {} : { labels }) }
    }),
  }
}

/** https://istio.io/latest/docs/reference/config/networking/workload-entry/ */
export function workloadEntryOf(item: unknown): WorkloadEntry {
  const address = textAt(item, 'spec', 'address')
  const serviceAccount = textAt(item, 'spec', 'serviceAccount')
  return {
    ...namedOf(item),
    ...(address === undefined ? {} : { address }),
    labels: mapAt(item, 'spec', 'labels') ?? {},
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
  }
}

/** https://gateway-api.sigs.k8s.io/reference/spec/#gateway */
export function kubernetesGatewayOf(item: unknown): KubernetesGateway {
  const labels = mapAt(item, 'metadata', 'labels')
  const own = namedOf(item)
  const secrets = listAt(item, 'spec', 'listeners')
    .flatMap((listener) => listAt(listener, 'tls', 'certificateRefs'))
    .flatMap((ref) => {
      const name = textAt(ref, 'name')
      return name === undefined ? [] : [`${textAt(ref, 'namespace') ?? own.namespace}/${name}`]
    })
  return {
    ...own,
    gatewayClass: textAt(item, 'spec', 'gatewayClassName') ?? '',
    ...(labels === undefined ? {} : { labels }),
    ...(secrets.length === 0 ? {} : { secrets }),
    hosts: listAt(item, 'spec', 'listeners').map((listener) => textAt(listener, 'hostname') ?? '*'),
  }
}

/** https://gateway-api.sigs.k8s.io/reference/spec/#httproute; backends become destinations, `name` or `name.namespace`. */
export function httpRouteObjectOf(item: unknown): HttpRouteObject {
  return {
    ...namedOf(item),
    hosts: textsAt(item, 'spec', 'hostnames'),
    parents: listAt(item, 'spec', 'parentRefs').flatMap((parent) => targetRefOf(parent, 'Gateway')),
    rules: listAt(item, 'spec', 'rules').map((rule) => {
      const timeout = textAt(rule, 'timeouts', 'request')
      return {
        matches: listAt(rule, 'matches').length,
        destinations: listAt(rule, 'backendRefs').flatMap(backendOf),
        ...(timeout === undefined ? {} : { timeout }),
        mirrors: listAt(rule, 'filters').flatMap((filter) => {
          const [mirrored] = backendOf(at(filter, 'requestMirror', 'backendRef'))
          return mirrored === undefined ? [] : [{ host: mirrored.host }]
        }),
      }
    }),
  }
}

function backendOf(item: unknown): readonly RouteDestination[] {
  const name = textAt(item, 'name')
  if (name === undefined || (textAt(item, 'kind') ?? 'Service') !== 'Service') return []
  const namespace = textAt(item, 'namespace')
  const [port, weight] = [numberAt(item, 'port'), numberAt(item, 'weight')]
  return [
    {
      host: namespace === undefined ? name : `${name}.${namespace}`,
      ...(port === undefined ? {} : { port }),
      ...(weight === undefined ? {} : { weight }),
    },
  ]
}

/** What a `parentRef` or `targetRef` points at; nothing without a name. */
export function targetRefOf(item: unknown, defaultKind: string): readonly TargetRef[] {
  const name = textAt(item, 'name')
  if (name === undefined) return []
  const namespace = textAt(item, 'namespace')
  return [{ kind: textAt(item, 'kind') ?? defaultKind, name, ...(namespace === undefined ? {} : { namespace }) }]
}
