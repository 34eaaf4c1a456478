import type { ObjectKind } from '../config/decode.ts'

/** A kind of configuration as lists and pages speak of it. */
export interface ConfigKind {
  /** As Kubernetes writes it; with its group where two groups have the same. Findings name objects so. */
  readonly kind: string
  readonly title: string
  /** Whether any check looks at it: without one "no findings" would be an empty promise. */
  readonly isChecked: boolean
}

const kind = (name: string, isChecked = true, title = name): ConfigKind => ({ kind: name, title, isChecked })

/** How objects of the Gateway API's Gateway are named, apart from Istio's own. */
export const kubernetesGateway = 'Gateway.gateway.networking.k8s.io'

/** Resource (`plural.group`) → the kind, in the order pages list them. Services are listed only where a check found something in them. */
export const configKinds = {
  'virtualservices.networking.istio.io': kind('VirtualService'),
  'destinationrules.networking.istio.io': kind('DestinationRule'),
  'gateways.networking.istio.io': kind('Gateway'),
  'serviceentries.networking.istio.io': kind('ServiceEntry'),
  'workloadentries.networking.istio.io': kind('WorkloadEntry', false),
  'sidecars.networking.istio.io': kind('Sidecar'),
  'envoyfilters.networking.istio.io': kind('EnvoyFilter', false),
  'peerauthentications.security.istio.io': kind('PeerAuthentication'),
  'authorizationpolicies.security.istio.io': kind('AuthorizationPolicy'),
  'requestauthentications.security.istio.io': kind('RequestAuthentication', false),
  'telemetries.telemetry.istio.io': kind('Telemetry', false),
  'gateways.gateway.networking.k8s.io': kind(kubernetesGateway, false, 'Gateway (Gateway API)'),
  'httproutes.gateway.networking.k8s.io': kind('HTTPRoute'),
  'grpcroutes.gateway.networking.k8s.io': kind('GRPCRoute', false),
  services: kind('Service'),
} as const satisfies Readonly<Partial<Record<ObjectKind, ConfigKind>>>

export type ConfigResource = keyof typeof configKinds

/** All of them, in the pages' order. */
export const configResources = Object.keys(configKinds).filter(isConfigResource)

/** The resource of a kind as findings write it; `undefined` for workloads and strangers. */
export function resourceOfKind(name: string): ConfigResource | undefined {
  return configResources.find((resource) => configKinds[resource].kind === name)
}

function isConfigResource(name: string): name is ConfigResource {
  return Object.hasOwn(configKinds, name)
}
