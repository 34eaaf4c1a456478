import { selects } from './config/matching.ts'
import type { IstioGateway, MeshObjects, StringMap, WorkloadObject } from './config/objects.ts'
import { ingressControllerNames, isGatewayWorkload, kubernetesGatewayOf } from './config/roles.ts'
import type { MeshGraph, Replicas } from './graph.ts'
import type { Health } from './verdict.ts'

/** Where calls enter or leave the mesh. Per second, ratios 0 to 1; not measured is absent. */
export interface FrontDoor {
  readonly kind: 'ingress' | 'gateway' | 'egress'
  /** The workload; absent where the viewer sees only what is routed through it. */
  readonly namespace?: string
  /** The workload's name, else the class of the Ingress objects. */
  readonly name: string
  readonly hosts: readonly string[]
  /** The Secrets with the certificates it shows, `namespace/name`. */
  readonly secrets?: readonly string[]
  readonly replicas?: Replicas
  /** Requests that it hands on. */
  readonly rate?: number
  readonly errorRatio?: number
  readonly health?: Health
}

/**
 * The front doors that the viewer's objects tell of: Istio's gateways, ingress controllers outside the mesh, and, where a controller cannot
 * be seen, the classes of the Ingress objects that can. Rates from a workload graph; what leaves a door is what came in by it.
 */
export function frontDoorsOf(graph: MeshGraph, objects: MeshObjects): readonly FrontDoor[] {
  const ingresses = objects.ingresses ?? []
  const workloads = objects.workloads ?? []
  const controllers = workloads.flatMap((workload) => {
    const names = ingressControllerNames(workload, objects)
    return names === undefined ? [] : [{ workload, names }]
  })
  const classes = [...new Set(ingresses.map(({ ingressClass }) => ingressClass ?? 'default'))]
  const servedBy = (ingressClass: string) =>
    controllers.find(({ names }) => names.some((name) => name.includes(ingressClass))) ??
    (controllers.length === 1 ? controllers[0] : undefined)
  const hostsOf = (wanted: readonly string[]): readonly string[] =>
    unique(
      ingresses.filter(({ ingressClass }) => wanted.includes(ingressClass ?? 'default')).flatMap(({ hosts }) => hosts),
    )

  const secretsOf = (wanted: readonly string[]) =>
    present(
      ingresses
        .filter(({ ingressClass }) => wanted.includes(ingressClass ?? 'default'))
        .flatMap(({ namespace, secrets = [] }) => secrets.map((name) => `${namespace}/${name}`)),
    )

  return [
    ...controllers.map(({ workload }): FrontDoor => {
      const served = classes.filter((each) => servedBy(each)?.workload === workload)
      return { kind: 'ingress', ...doorOf(workload, graph), hosts: hostsOf(served), ...secretsOf(served) }
    }),
    ...classes
      .filter((each) => servedBy(each) === undefined)
      .map((each): FrontDoor => ({ kind: 'ingress', name: each, hosts: hostsOf([each]), ...secretsOf([each]) })),
    ...workloads
      .filter((workload) => isGatewayWorkload(workload, objects))
      .map((workload): FrontDoor => ({
        kind: isEgress(workload) ? 'egress' : 'gateway',
        ...doorOf(workload, graph),
        hosts: gatewayHosts(workload, objects),
        ...present([
          ...gatewaysOf(workload, objects)
            .flatMap(({ servers }) => servers.flatMap(({ secrets = [] }) => secrets))
            // https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings
            .map((name) => `${workload.namespace}/${name}`),
          ...(kubernetesGatewayOf(workload, objects)?.secrets ?? []),
        ]),
      })),
  ]
}

function isEgress({ labels, name }: WorkloadObject): boolean {
  return (
    /egress/.test(labels['istio'] ?? '') ||
    /egress/i.test(labels['operator.istio.io/component'] ?? '') ||
    /egress/.test(name)
  )
}

function gatewaysOf(workload: WorkloadObject, { gateways = [] }: MeshObjects): readonly IstioGateway[] {
  return gateways.filter(({ selector }) => Object.keys(selector).length > 0 && isSelected(selector, workload))
}

function gatewayHosts(workload: WorkloadObject, objects: MeshObjects): readonly string[] {
  const mine = gatewaysOf(workload, objects)
  const refs = new Set(mine.flatMap(({ namespace, name }) => [`${namespace}/${name}`]))
  // A wildcard at the gateway is made particular by the routes bound to it.
  const routed = (objects.virtualServices ?? [])
    .filter(({ namespace, gateways }) =>
      gateways.some((gateway) => refs.has(gateway.includes('/') ? gateway : `${namespace}/${gateway}`)),
    )
    .flatMap(({ hosts }) => hosts)
  const own = mine
    .flatMap(({ servers }) => servers.flatMap(({ hosts }) => hosts))
    .map((host) => host.replace(/^.*\//, ''))
  const named = unique([...routed, ...own, ...(kubernetesGatewayOf(workload, objects)?.hosts ?? [])])
  return named.length > 1 ? named.filter((host) => host !== '*') : named
}

/** Selectors look at pods, which may have more labels than the template says that was read. */
function isSelected(selector: StringMap, { labels, pods = [] }: WorkloadObject): boolean {
  return selects(selector, labels) || pods.some((pod) => selects(selector, pod.labels))
}

function doorOf(
  { namespace, name, replicas }: WorkloadObject,
  { nodes, edges }: MeshGraph,
): Pick<FrontDoor, 'namespace' | 'name' | 'replicas' | 'rate' | 'errorRatio' | 'health'> {
  const own = nodes.filter((node) => node.kind === 'workload' && node.namespace === namespace && node.workload === name)
  const ids = new Set(own.map(({ id }) => id))
  const leaving = edges.filter(({ source, protocol, rate }) => ids.has(source) && protocol !== 'tcp' && rate > 0)
  const rate = leaving.reduce((sum, edge) => sum + edge.rate, 0)
  const errors = leaving.reduce((sum, edge) => sum + edge.rate * (edge.errorRatio ?? 0), 0)
  const health = own[0]?.health
  return {
    namespace,
    name,
    ...(replicas === undefined ? {} : { replicas }),
    ...(leaving.length === 0 ? {} : { rate, errorRatio: errors / rate }),
    ...(health === undefined ? {} : { health }),
  }
}

function present(secrets: readonly string[]): Pick<FrontDoor, 'secrets'> {
  return secrets.length === 0 ? {} : { secrets: unique(secrets) }
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort()
}
