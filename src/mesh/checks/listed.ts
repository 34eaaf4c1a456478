import type { ObjectLists } from '../config/decode.ts'
import { listAt, namedOf, textAt, textsAt } from '../config/reading.ts'
import type { Severity } from './codes.ts'
import type { ConfigFinding, ObjectName } from './finding.ts'
import { configKinds, configResources, type ConfigResource } from './kinds.ts'

/** The worst finding; `sound` where the checks found nothing, `unchecked` where no check looks at the kind. */
export type ConfigState = Severity | 'sound' | 'unchecked'

/** Worst first. */
export const configStates: readonly ConfigState[] = ['error', 'warning', 'info', 'sound', 'unchecked']

/** One object of the configuration with what the checks found in it. */
export interface ListedObject extends ObjectName {
  readonly resource: ConfigResource
  readonly state: ConfigState
  readonly findings: readonly ConfigFinding[]
  /** The hosts it is about, as written; empty for policies. */
  readonly hosts: readonly string[]
  /** RFC 3339. */
  readonly createdAt?: string
}

/** Where the kinds that have hosts write them. */
const hostsOf: Partial<Record<ConfigResource, (item: unknown) => readonly string[]>> = {
  'virtualservices.networking.istio.io': (item) => textsAt(item, 'spec', 'hosts'),
  'destinationrules.networking.istio.io': (item) => some(textAt(item, 'spec', 'host')),
  'gateways.networking.istio.io': (item) =>
    listAt(item, 'spec', 'servers').flatMap((server) => textsAt(server, 'hosts')),
  'serviceentries.networking.istio.io': (item) => textsAt(item, 'spec', 'hosts'),
  'workloadentries.networking.istio.io': (item) => some(textAt(item, 'spec', 'address')),
  'sidecars.networking.istio.io': (item) =>
    listAt(item, 'spec', 'egress').flatMap((egress) => textsAt(egress, 'hosts')),
  'gateways.gateway.networking.k8s.io': (item) =>
    listAt(item, 'spec', 'listeners').flatMap((listener) => some(textAt(listener, 'hostname'))),
  'httproutes.gateway.networking.k8s.io': (item) => textsAt(item, 'spec', 'hostnames'),
  'grpcroutes.gateway.networking.k8s.io': (item) => textsAt(item, 'spec', 'hostnames'),
}

/**
 * Every Istio and Gateway API object of the lists, in the order of kinds, with its share of `findings`, and the Services that have any. Objects without a name, which no
 * API server sends, are counted by resource and not listed.
 */
export function listedObjects(
  lists: ObjectLists,
  findings: readonly ConfigFinding[],
): { readonly objects: readonly ListedObject[]; readonly unnamed: ReadonlyMap<ConfigResource, number> } {
  const byObject = new Map<string, ConfigFinding[]>()
  for (const each of findings) {
    const key = objectKey(each.object)
    byObject.set(key, [...(byObject.get(key) ?? []), each])
  }
  const unnamed = new Map<ConfigResource, number>()
  const objects = configResources.flatMap((resource) =>
    (lists[resource] ?? []).flatMap((item): readonly ListedObject[] => {
      const { namespace, name, createdAt } = namedOf(item)
      if (name === '') {
        unnamed.set(resource, (unnamed.get(resource) ?? 0) + 1)
        return []
      }
      const { kind, isChecked } = configKinds[resource]
      const its = byObject.get(objectKey({ kind, namespace, name })) ?? []
      if (resource === 'services' && its.length === 0) return []
      return [
        {
          kind,
          namespace,
          name,
          resource,
          findings: its,
          state: worstOf(its) ?? (isChecked ? 'sound' : 'unchecked'),
          hosts: [...new Set(hostsOf[resource]?.(item) ?? [])],
          ...(createdAt === undefined ? {} : { createdAt }),
        },
      ]
    }),
  )
  return { objects, unnamed }
}

/** One key for each object; names of Kubernetes have no slash. */
export function objectKey({ kind, namespace, name }: ObjectName): string {
  return `${kind}/${namespace}/${name}`
}

function worstOf(findings: readonly ConfigFinding[]): Severity | undefined {
  return (['error', 'warning', 'info'] as const).find((severity) => findings.some((each) => each.severity === severity))
}

function some(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : [text]
}
