import { changedLately } from './lately.ts'
import { eventObjects } from './eventObjects.ts'
import { daemonSets, deployments, replicaSets, statefulSets } from './controllerObjects.ts'
import * as istio from './istioObjects.ts'
import { namespaceObjects } from './namespaceObjects.ts'
import { ObjectStore, type Objects } from './objectStore.ts'
import { podObjects } from './podObjects.ts'
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from './roleObjects.ts'
import { webhookObjects } from './webhookObjects.ts'
import { ingressObjects, serviceObjects } from './serviceObjects.ts'

/** Every object of the demo cluster by its kind: what a cluster with the demo mesh holds on its first day. */
export const objectsOf = (seed: number): Objects => ({
  namespaces: namespaceObjects(),
  pods: podObjects(seed),
  services: serviceObjects(),
  configmaps: [],
  'deployments.apps': deployments(),
  'statefulsets.apps': statefulSets(),
  'daemonsets.apps': daemonSets(),
  'replicasets.apps': replicaSets(seed),
  'ingresses.networking.k8s.io': ingressObjects(),
  'clusterroles.rbac.authorization.k8s.io': clusterRoles,
  'roles.rbac.authorization.k8s.io': roles,
  'clusterrolebindings.rbac.authorization.k8s.io': clusterRoleBindings,
  'rolebindings.rbac.authorization.k8s.io': roleBindings,
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
  // Last: once they stand, a real API server asks them about each pod.
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': webhookObjects,
})

/** The objects as they stand when the demo starts, at that many unix milliseconds. */
export const storeOf = (seed: number, startedAtMs: number): ObjectStore =>
  new ObjectStore(changedLately({ ...objectsOf(seed), events: eventObjects(seed, startedAtMs) }, startedAtMs))
