import type { MeshObjects } from '../config/objects.ts'
import type { Checked } from './finding.ts'

/** What could not be read; absent namespace: everywhere. */
interface Missing {
  readonly kind: string
  readonly namespace?: string
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

/**
 * What the checks may look at, so that they call nothing missing that merely could not be read: `namespaces` (null: every one) less those
 * where some list was refused, and no workloads at all where neither pods nor every kind of controller was read.
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
  const { workloads, ...others } = objects
  const knowsWorkloads = !everywhere.has('pods') || !controllers.some((kind) => everywhere.has(kind))
  return {
    objects: knowsWorkloads && workloads !== undefined ? { ...others, workloads } : others,
    namespaces: namespaces === null ? undefined : new Set(namespaces.filter((name) => !partly.has(name))),
  }
}
