import type { KubernetesObject } from '../../clients/kubernetes/wire.ts'
import { daemonSets, deployments, replicaSets, statefulSets } from './controllerObjects.ts'
import * as istio from './istioObjects.ts'
import type { Store } from './metadata.ts'
import { namespaceObjects } from './namespaceObjects.ts'
import { podObjects } from './podObjects.ts'
import { ingressObjects, serviceObjects } from './serviceObjects.ts'

const keyOf = ({ metadata: { namespace = '', name } }: KubernetesObject) => `${namespace}/${name}`

const sorted = (objects: readonly KubernetesObject[]) =>
  [...objects].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : keyOf(one) > keyOf(other) ? 1 : 0))

/** Every object of the demo cluster, sorted by namespace and name as etcd keeps them. */
export function storeOf(seed: number): Store {
  const objects: Readonly<Record<string, readonly KubernetesObject[]>> = {
    namespaces: namespaceObjects(),
    pods: podObjects(seed),
    services: serviceObjects(),
    'deployments.apps': deployments(),
    'statefulsets.apps': statefulSets(),
    'daemonsets.apps': daemonSets(),
    'replicasets.apps': replicaSets(seed),
    'ingresses.networking.k8s.io': ingressObjects(),
    'virtualservices.networking.istio.io': istio.virtualServices,
    'destinationrules.networking.istio.io': istio.destinationRules,
    'gateways.networking.istio.io': istio.gateways,
    'serviceentries.networking.istio.io': istio.serviceEntries,
    'sidecars.networking.istio.io': istio.sidecars,
    'envoyfilters.networking.istio.io': istio.envoyFilters,
    'peerauthentications.security.istio.io': istio.peerAuthentications,
    'authorizationpolicies.security.istio.io': istio.authorizationPolicies,
    'requestauthentications.security.istio.io': istio.requestAuthentications,
    'telemetries.telemetry.istio.io': istio.telemetries,
    'gatewayclasses.gateway.networking.k8s.io': istio.gatewayClasses,
    'gateways.gateway.networking.k8s.io': istio.kubernetesGateways,
    'httproutes.gateway.networking.k8s.io': istio.httpRoutes,
  }
  return new Map(Object.entries(objects).map(([kind, items]) => [kind, sorted(items)]))
}
