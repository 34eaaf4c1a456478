import type { MeshObjects, WorkloadObject } from '../config/objects.ts'
import { injectionOf } from '../injection.ts'
import { duration, listed } from '../phrases.ts'
import { shellWord } from '../shellWord.ts'
import type { Examined } from './examined.ts'
import { doctorFinding, type DoctorFinding } from './finding.ts'
import { isProxyItself, namesIn, shortList } from './scrapeFindings.ts'

/** Kubernetes' and Istio's own, which nobody expects in the mesh. */
const systems = /^(kube-|cattle-|istio-|calico-|tigera-|cert-manager|gatekeeper-|longhorn-|fleet-)/

/** What the mesh itself leaves out: namespaces, workloads, and what the viewer may not see. */
export function meshFindings(examined: Examined): readonly DoctorFinding[] {
  const { objects, namespaces, visible } = examined
  return [
    ...(objects === undefined ? [] : namespaceFindings(examined, objects)),
    ...(visible === null || objects?.namespaces === undefined ? [] : rightsFindings(namespaces, visible)),
  ]
}

function namespaceFindings(examined: Examined, objects: MeshObjects): readonly DoctorFinding[] {
  const { namespaces, visible } = examined
  const known = new Set((objects.namespaces ?? []).map(({ name }) => name))
  const isChosen = namespaces.length > 0
  const absent =
    objects.namespaces === undefined || visible !== null ? [] : namespaces.filter((name) => !known.has(name))
  const states = objects.workloads === undefined ? [] : statesOf(namesIn(namespaces, objects), objects)
  const outside = states.filter(({ running, inMesh, waiting }) => running > 0 && inMesh === 0 && waiting.length === 0)
  const shown = isChosen ? outside : outside.filter(({ namespace }) => !systems.test(namespace))
  const empty = isChosen ? states.filter(({ running }) => running === 0) : []
  const waiting = states.flatMap((state) => state.waiting)
  return [
    ...absent.map((name) =>
      doctorFinding('MD404', {
        message: `The cluster has no namespace ${name}`,
        fix: { say: 'Choose another, or correct the address.', paste: 'kubectl get namespaces' },
        confidence: 'certain',
        namespaces: [name],
        ...(absent.length === namespaces.length ? { explainsSilence: true as const } : {}),
      }),
    ),
    ...(shown.length === 0
      ? []
      : [
          doctorFinding('MD401', {
            severity: isChosen ? 'warning' : 'note',
            message: `${shortList(shown.map(({ namespace }) => namespace))} ${shown.length === 1 ? 'has' : 'have'} no proxies`,
            evidence: shown.slice(0, 10).map(({ namespace, why }) => `${namespace}: ${why}`),
            objects: shown.slice(0, 10).map(({ namespace }) => ({ kind: 'Namespace', namespace, name: namespace })),
            fix: {
              say: 'If it belongs into the mesh: ask for sidecars, then restart what runs there.',
              paste: pasteInjection(shown[0]?.namespace ?? ''),
            },
            confidence: 'certain',
            namespaces: shown.map(({ namespace }) => namespace),
            ...(isChosen && shown.length + empty.length === states.length ? { explainsSilence: true as const } : {}),
          }),
        ]),
    ...(waiting.length === 0
      ? []
      : [
          doctorFinding('MD402', {
            message: `${shortList(waiting.map(({ name, namespace }) => `${name} in ${namespace}`))} ${waiting.length === 1 ? 'runs' : 'run'} without the sidecar that is asked for`,
            evidence: waiting.slice(0, 10).map(({ name, why }) => `${name}: ${why}`),
            objects: waiting.slice(0, 10).map(({ kind, namespace, name }) => ({ kind, namespace, name })),
            fix: {
              say: 'Restart them.',
              paste: waiting
                .slice(0, 10)
                .map(
                  ({ kind, namespace, name }) =>
                    `kubectl rollout restart ${shellWord(`${kind.toLowerCase()}/${name}`)} -n ${shellWord(namespace)}`,
                )
                .join('\n'),
            },
            confidence: 'certain',
            affects: ['requests', 'mtls'],
            namespaces: [...new Set(waiting.map(({ namespace }) => namespace))],
            ...(isChosen && states.every(({ inMesh }) => inMesh === 0) ? { explainsSilence: true as const } : {}),
          }),
        ]),
    ...empty.map(({ namespace }) =>
      doctorFinding('MD403', {
        message: `Nothing runs in ${namespace}`,
        fix: {
          say: 'See what should run there.',
          paste: `kubectl get deployments,statefulsets,daemonsets -n ${shellWord(namespace)}`,
        },
        confidence: 'certain',
        namespaces: [namespace],
        ...(empty.length === states.length ? { explainsSilence: true as const } : {}),
      }),
    ),
    ...quiet(examined, states),
  ]
}

function pasteInjection(namespace: string): string {
  const word = shellWord(namespace)
  return `kubectl label namespace ${word} istio-injection=enabled --overwrite && kubectl rollout restart deployment -n ${word}`
}

interface NamespaceState {
  readonly namespace: string
  readonly running: number
  readonly inMesh: number
  readonly waiting: readonly (WorkloadObject & { readonly why: string })[]
  /** Who decides that it is not in the mesh. */
  readonly why: string
}

function statesOf(names: readonly string[], objects: MeshObjects): readonly NamespaceState[] {
  return names.map((name) => {
    const namespace = objects.namespaces?.find((each) => each.name === name)
    const own = (objects.workloads ?? []).filter((each) => each.namespace === name)
    const judged = own.flatMap((workload) => {
      const { labels, annotations, pods, isAmbient } = workload
      const injection = injectionOf({
        labels,
        ...(annotations === undefined ? {} : { annotations }),
        ...(pods === undefined ? {} : { pods }),
        ...(isAmbient === undefined ? {} : { isAmbient }),
        isProxy: isProxyItself(workload),
        namespace,
      })
      return injection === undefined ? [] : [{ workload, injection }]
    })
    return {
      namespace: name,
      running: judged.length,
      inMesh: judged.filter(({ injection: { state } }) => ['injected', 'lingering', 'ambient', 'proxy'].includes(state))
        .length,
      waiting: judged
        .filter(({ injection }) => injection.state === 'restart')
        .map(({ workload, injection }) => ({ ...workload, why: injection.reason })),
      why: judged.find(({ injection: { state } }) => state === 'none' || state === 'optedOut')?.injection.reason ?? '',
    }
  })
}

/** Scraped, in the mesh, and still. */
function quiet(
  { telemetry, namespaces, window }: Examined,
  states: readonly NamespaceState[],
): readonly DoctorFinding[] {
  const { reports, moved } = (telemetry.kind === 'answered' ? telemetry.evidence : undefined) ?? {}
  if (namespaces.length === 0 || reports === undefined || moved !== 0) return []
  const scraped = reports.filter(
    ({ namespace, ownSource, ownDestination }) => namespaces.includes(namespace) && ownSource + ownDestination > 0,
  )
  if (scraped.length === 0 || states.every(({ inMesh }) => inMesh === 0)) return []
  return [
    doctorFinding('MD405', {
      message: `The proxies of ${listed(scraped.map(({ namespace }) => namespace))} are scraped, and none of their counters moved in the last ${duration(window.seconds)}`,
      evidence: scraped.map(
        ({ namespace, ownSource, ownDestination }) =>
          `${namespace}: ${ownSource} series as callers, ${ownDestination} as callees.`,
      ),
      query: 'reports',
      fix: { say: 'Nothing to do, or choose a longer window.' },
      confidence: 'certain',
      namespaces: scraped.map(({ namespace }) => namespace),
      explainsSilence: true,
    }),
  ]
}

/** What of the chosen namespaces the viewer may not see; the same sentence for those that do not exist. */
function rightsFindings(namespaces: readonly string[], visible: readonly string[]): readonly DoctorFinding[] {
  const foreign = namespaces.filter((name) => !visible.includes(name))
  const [first] = foreign
  const seen = visible.length === 0 ? 'nothing' : shortList(visible)
  return [
    doctorFinding('MD501', {
      message:
        first === undefined
          ? `You see the part of the mesh that touches ${seen}`
          : `You may not see ${shortList(foreign)}, if there is such a namespace`,
      fix: {
        say: 'Whether you may see a namespace is whether you may list its pods. Ask a cluster owner for a role there.',
        paste: `kubectl auth can-i list pods -n ${shellWord(first ?? visible[0] ?? 'NAMESPACE')}`,
      },
      confidence: 'certain',
      ...(first === undefined ? {} : { namespaces: foreign }),
      ...(foreign.length > 0 && foreign.length === namespaces.length ? { explainsSilence: true as const } : {}),
    }),
  ]
}
