import type { KubernetesGateway, MeshObjects, StringMap, WorkloadObject } from './objects.ts'
import { selects } from './matching.ts'

/** Label of pods that a Gateway API Gateway made: https://gateway-api.sigs.k8s.io/geps/gep-1762/ */
const gatewayName = 'gateway.networking.k8s.io/gateway-name'

/** The Gateway API's Gateway whose proxy the workload is; `undefined` for all others. */
export function kubernetesGatewayOf(
  { labels, namespace }: WorkloadObject,
  { kubernetesGateways = [] }: MeshObjects,
): KubernetesGateway | undefined {
  const name = labels[gatewayName]
  if (name === undefined) return undefined
  return kubernetesGateways.find((gateway) => gateway.name === name && gateway.namespace === namespace)
}

/** Whether the workload is an ambient waypoint: https://istio.io/latest/docs/ambient/usage/waypoint/ */
export function isWaypointWorkload(workload: WorkloadObject, objects: MeshObjects): boolean {
  const { labels } = workload
  if (labels['gateway.istio.io/managed'] === 'istio.io-mesh-controller') return true
  const gateway = kubernetesGatewayOf(workload, objects)
  if (gateway !== undefined) return gateway.gatewayClass === 'istio-waypoint'
  return labels[gatewayName]?.toLowerCase().includes('waypoint') === true
}

/** Whether its own labels make the workload a gateway: Istio's charts and operator, and the Gateway API's controller, write them. */
export function isGatewayWorkload(workload: WorkloadObject, objects: MeshObjects): boolean {
  if (isWaypointWorkload(workload, objects)) return false
  const { labels } = workload
  return (
    labels[gatewayName] !== undefined ||
    /^(?:ingress|egress|eastwest)gateway$/.test(labels['istio'] ?? '') ||
    /^istio-(?:ingress|egress|eastwest)gateway$/.test(labels['app'] ?? '') ||
    /Gateways$/.test(labels['operator.istio.io/component'] ?? '') ||
    (objects.gateways ?? []).some(({ selector }) => Object.keys(selector).length > 0 && selects(selector, labels))
  )
}

const controllers = /(?:^|[-_.])(?:ingress|traefik|haproxy|contour|kong|ambassador|emissary|gloo)/i
const others = /default-?backend|admission|webhook|operator|exporter|certgen/i

/** What an ingress controller that is no part of the mesh calls itself: the texts to look for a class's name in, else `undefined`. */
export function ingressControllerNames(workload: WorkloadObject, objects: MeshObjects): readonly string[] | undefined {
  const { kind, labels, name, isInjected, isAmbient } = workload
  if (isInjected === true || isAmbient === true || kind === 'Job' || kind === 'CronJob') return undefined
  if (others.test(name) || isGatewayWorkload(workload, objects)) return undefined
  const names = [name, ...appLabels(labels)]
  return names.some((one) => controllers.test(one)) ? names : undefined
}

function appLabels(labels: StringMap): readonly string[] {
  return ['app.kubernetes.io/name', 'app.kubernetes.io/part-of', 'app', 'k8s-app'].flatMap(
    (label) => labels[label] ?? [],
  )
}
