import type { Matcher } from './scope.ts'
import type { Slice } from './slices.ts'
import { label } from './telemetry.ts'

/** Only the calls to one service, workload, app or namespace (`inbound`), or only those it makes (`outbound`). A namespace's name is its own. */
export interface CallEnd {
  readonly kind: EndKind
  readonly namespace: string
  readonly name: string
  readonly direction: Direction
}

/** A service as telemetry names it. */
export interface ServiceName {
  readonly namespace: string
  readonly name: string
}

export type EndKind = (typeof endKinds)[number]
export const endKinds = ['service', 'workload', 'app', 'namespace'] as const

export type Direction = (typeof callDirections)[number]
export const callDirections = ['inbound', 'outbound'] as const

/**
 * The matchers, one list for each disjoint part, that select an end's calls within a slice. None where the slice hides that end:
 * whether numbers come out would tell whether it exists. A service makes no calls itself: of its outbound calls only the namespace is
 * matched here, and `countedOnce` leaves those of the workloads that answer for it.
 */
export function endMatchers(
  { kind, namespace, name, direction }: CallEnd,
  { hides, hidesService }: Pick<Slice, 'hides' | 'hidesService'>,
): readonly (readonly Matcher[])[] {
  if (hides === (direction === 'inbound' ? 'destination' : 'source')) return []
  if (hidesService === true && kind === 'service' && direction === 'inbound') return []
  const { inNamespace, workload, canonical, app } = labelsOf[direction]
  const within = is(inNamespace, namespace)
  switch (kind) {
    case 'service':
      return [direction === 'outbound' ? [within] : serviceMatchers({ namespace, name })]
    case 'workload':
      return [[within, is(workload, name)]]
    case 'namespace':
      // Calls that reached no workload were meant for the services there, as far as those may be told.
      return direction === 'outbound' || hidesService === true
        ? [[within]]
        : [
            [within],
            [
              { label: inNamespace, op: '!=', value: namespace },
              untold(workload),
              is(label.serviceNamespace, namespace),
            ],
          ]
    case 'app':
      // As nodes are named: the canonical service, else the app label, else the workload's own name.
      return [
        [within, is(canonical, name)],
        [within, untold(canonical), is(app, name)],
        [within, untold(canonical), untold(app), is(workload, name)],
      ]
  }
}

/**
 * What selects every pair an end's calls are of, whatever else is told of them: only labels that both sides' reports are matched by. A
 * service's calls may arrive anywhere.
 */
export function pairMatchers({ kind, namespace, name, direction }: CallEnd): readonly Matcher[] {
  const { inNamespace, workload } = labelsOf[direction]
  if (kind === 'service' && direction === 'inbound') return []
  return kind === 'workload' ? [is(inNamespace, namespace), is(workload, name)] : [is(inNamespace, namespace)]
}

/** What selects the calls to a service. */
export function serviceMatchers({ namespace, name }: Pick<CallEnd, 'namespace' | 'name'>): readonly Matcher[] {
  return [is(label.serviceNamespace, namespace), is(label.serviceName, name)]
}

const labelsOf = {
  inbound: {
    inNamespace: label.destinationNamespace,
    workload: label.destinationWorkload,
    canonical: label.destinationCanonicalService,
    app: label.destinationApp,
  },
  outbound: {
    inNamespace: label.sourceNamespace,
    workload: label.sourceWorkload,
    canonical: label.sourceService,
    app: label.sourceApp,
  },
} as const

function is(name: string, value: string): Matcher {
  return { label: name, op: '=', value }
}

function untold(name: string): Matcher {
  return { label: name, op: '=~', value: 'unknown|' }
}
