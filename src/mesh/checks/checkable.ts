import type { MeshObjects } from '../config/objects.ts'
import type { Checked } from './finding.ts'

/** What could not be read; absent namespace: everywhere. */
interface Missing {
  readonly kind: string
  readonly namespace?: string
  /** How many came before the list failed half-way. */
  readonly came?: number
}

const controllers: readonly string[] = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicasets.apps']

/** The kinds whose absence is a finding: an object of another kind that was not read makes nobody else's wrong. */
const lookedUp: ReadonlySet<string> = new Set([
  ...controllers,
  'pods',
  'services',
  'namespaces',
  'virtualservices.networking.istio.io',
  'destinationrules.networking.istio.io',
  'gateways.networking.istio.io',
  'serviceentries.networking.istio.io',
  'peerauthentications.security.istio.io',
  'gateways.gateway.networking.k8s.io',
])

/** Where what came of a kind lies; of pods and controllers it is the workloads. */
const fields: Readonly<Record<string, keyof MeshObjects>> = {
  services: 'services',
  namespaces: 'namespaces',
  'virtualservices.networking.istio.io': 'virtualServices',
  'destinationrules.networking.istio.io': 'destinationRules',
  'gateways.networking.istio.io': 'gateways',
  'serviceentries.networking.istio.io': 'serviceEntries',
  'peerauthentications.security.istio.io': 'peerAuthentications',
  'gateways.gateway.networking.k8s.io': 'kubernetesGateways',
}

/**
 * What the checks may look at, so that they call nothing missing that merely could not be read: `namespaces` (null: every one) less those
 * where some list was refused, no workloads at all where neither pods nor every kind of controller was read, and nothing of a list that
 * failed half-way.
 */
export function checkableOf(
  objects: MeshObjects,
  namespaces: readonly string[] | null,
  missing: readonly Missing[],
): Checked {
  const partly = new Set(
    missing.flatMap(({ kind, namespace }) => (namespace !== undefined && lookedUp.has(kind) ? [namespace] : [])),
  )
  const everywhere = new Set(missing.flatMap(({ kind, namespace }) => (namespace === undefined ? [kind] : [])))
  const halves = new Set(
    missing.flatMap(({ kind, namespace, came }) =>
      namespace !== undefined || came === undefined ? [] : [fields[kind]],
    ),
  )
  const whole = Object.fromEntries(
    Object.entries(objects).filter(([field]) => !halves.has(field as keyof MeshObjects)),
  ) as MeshObjects
  const { workloads, ...others } = whole
  const knowsWorkloads = !everywhere.has('pods') || !controllers.some((kind) => everywhere.has(kind))
  return {
    objects: knowsWorkloads && workloads !== undefined ? { ...others, workloads } : others,
    namespaces: namespaces === null ? undefined : new Set(namespaces.filter((name) => !partly.has(name))),
  }
}
