import { anyOf } from './promql.ts'
import type { Matcher, Scope } from './scope.ts'
import { isKnown, label } from './telemetry.ts'

/** The two sides that report a call: the caller's proxy; the callee's proxy or the waypoint before it. */
export type ReporterSide = 'source' | 'destination'

/** A part of what touches the scope. The parts of one side have no series in common, so `or` adds them up exactly. */
export interface Slice {
  /** One selector each; several together are one part. */
  readonly selectors: readonly (readonly Matcher[])[]
  /** Whose names must not be asked for: that end of these calls lies outside what the viewer may see. */
  readonly hides?: 'source' | 'destination'
}

/** The scope's namespaces without repetition, sorted; the empty name and `unknown` are nobody's. */
export function namespacesOf(scope: Scope): 'all' | readonly string[] {
  return scope.namespaces === 'all' ? 'all' : [...new Set(scope.namespaces.filter(isKnown))].sort()
}

/** What to ask one reporter side so that every call that touches the scope is answered once; nothing for an empty scope. */
export function slicesFor(scope: Scope, side: ReporterSide): readonly Slice[] {
  const namespaces = namespacesOf(scope)
  const base: readonly Matcher[] = [reporterIs(side), ...scope.matchers]
  if (namespaces === 'all') return [{ selectors: [base] }]
  if (namespaces.length === 0) return []
  const slice = (...matchers: readonly Matcher[]): readonly Matcher[] => [...base, ...matchers]
  const inside = anyOf(namespaces)
  const from = is(label.sourceNamespace, '=~', inside)
  const notFrom = is(label.sourceNamespace, '!~', inside)
  const to = is(label.destinationNamespace, '=~', inside)
  const notTo = is(label.destinationNamespace, '!~', inside)
  const isFull = scope.peers === 'full'

  if (side === 'destination') {
    if (isFull) return [{ selectors: [slice(to)] }, { selectors: [slice(from, notTo)] }]
    // Pairs cannot be matched without names: what comes in is the destination's report, what goes out the source's.
    return [{ selectors: [slice(from, to)] }, { selectors: [slice(notFrom, to)], hides: 'source' }]
  }

  const ownService = is(label.serviceNamespace, '=~', inside)
  const ownHost = is(label.serviceHost, '=~', `[^.]+\\.(${inside})\\.svc(\\..*)?`)
  const undelivered: readonly Slice[] = [
    {
      // A ServiceEntry anyone exports can claim any host for its namespace: a member is only told of hosts that stand in it.
      selectors: [slice(notFrom, notTo, noWorkload, ownService, ...(scope.seesAll ? [] : [ownHost]))],
      ...(isFull ? {} : { hides: 'source' as const }),
    },
    // A client chooses the Host header, so this rests on a word anyone can say: only for those who may see it all anyway.
    ...(scope.seesAll
      ? [
          {
            selectors: [slice(notFrom, notTo, noWorkload, is(label.serviceNamespace, '=', 'unknown'), ownHost)],
            ...(isFull ? {} : { hides: 'source' as const }),
          },
        ]
      : []),
  ]
  if (isFull) return [{ selectors: [slice(from)] }, { selectors: [slice(notFrom, to)] }, ...undelivered]
  return [
    { selectors: [slice(from, to)] },
    // The scope's own calls to its own services that reached no workload: both ends are the viewer's.
    { selectors: [slice(from, notTo, noWorkload, ownService)] },
    {
      selectors: [
        slice(from, notTo, is(label.serviceNamespace, '!~', inside)),
        slice(from, notTo, ownService, is(label.destinationWorkload, '!~', 'unknown|')),
      ],
      hides: 'destination',
    },
    ...undelivered,
  ]
}

const noWorkload = is(label.destinationWorkload, '=~', 'unknown|')

function reporterIs(side: ReporterSide): Matcher {
  return side === 'source' ? is(label.reporter, '=', 'source') : is(label.reporter, '=~', 'destination|waypoint')
}

function is(name: string, op: Matcher['op'], value: string): Matcher {
  return { label: name, op, value }
}
