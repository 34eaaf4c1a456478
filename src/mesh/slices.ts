import { anyOf, regexQuote } from './promql.ts'
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
  /** Nor the service's: it lies outside, whoever answers for it. */
  readonly hidesService?: true
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
  const inside = anyOf(namespaces)
  const selectors = (...parts: readonly Alternatives[]): readonly (readonly Matcher[])[] => product([[base], ...parts])
  const from = own(inside, label.sourceNamespace, label.sourceCluster, scope)
  const notFrom = foreign(inside, label.sourceNamespace, label.sourceCluster, scope)
  const to = own(inside, label.destinationNamespace, label.destinationCluster, scope)
  const notTo = foreign(inside, label.destinationNamespace, label.destinationCluster, scope)
  const ownService = one(is(label.serviceNamespace, '=~', inside))
  const notOwnService = one(is(label.serviceNamespace, '!~', inside))
  const isFull = scope.peers === 'full'

  const ownHost = is(label.serviceHost, '=~', hostsIn(inside, scope))
  const hidesSource = isFull ? {} : { hides: 'source' as const }
  // A ServiceEntry anyone exports can claim any host for its namespace: a member is only told of hosts that stand in it.
  const standsInside = scope.seesAll ? [[]] : one(ownHost)
  /** Calls from elsewhere to the scope's own services that reached no workload. */
  const undelivered: readonly Slice[] =
    ownHost.value === ''
      ? []
      : [{ selectors: selectors(notFrom, notTo, one(noWorkload), ownService, standsInside), ...hidesSource }]

  if (side === 'destination') {
    if (isFull) {
      // A waypoint knows its services even where nobody is behind them, and ambient callers report no requests of their own.
      return [{ selectors: selectors(to) }, { selectors: selectors(from, notTo) }, ...undelivered]
    }
    // Pairs cannot be matched without names: what comes in is the destination's report, what goes out the source's.
    return [
      { selectors: selectors(from, to, ownService) },
      { selectors: selectors(from, to, notOwnService), hidesService: true },
      { selectors: selectors(notFrom, to, ownService), hides: 'source' },
      { selectors: selectors(notFrom, to, notOwnService), hides: 'source', hidesService: true },
    ]
  }

  // A client chooses the Host header, so this rests on a word anyone can say: only for those who may see it all anyway.
  const byHostAlone: readonly Slice[] = scope.seesAll
    ? [
        {
          selectors: selectors(notFrom, notTo, one(noWorkload, is(label.serviceNamespace, '=', 'unknown'), ownHost)),
          ...hidesSource,
        },
      ]
    : []
  if (isFull) {
    return [{ selectors: selectors(from) }, { selectors: selectors(notFrom, to) }, ...undelivered, ...byHostAlone]
  }
  const known = is(label.destinationWorkload, '!~', 'unknown|')
  const standing = scope.hosts === undefined ? [] : [ownHost]
  return [
    { selectors: selectors(from, to, ownService) },
    { selectors: selectors(from, to, notOwnService), hidesService: true },
    // The scope's own calls to its own services that reached no workload: both ends are the viewer's.
    ...(ownHost.value === '' ? [] : [{ selectors: selectors(from, notTo, one(noWorkload, ...standing), ownService) }]),
    {
      selectors: [
        ...selectors(from, notTo, notOwnService),
        ...selectors(from, notTo, ownService, one(known)),
        ...standing.flatMap(({ label: host, value }) =>
          selectors(from, notTo, ownService, one(noWorkload, ...(value === '' ? [] : [is(host, '!~', value)]))),
        ),
      ],
      hides: 'destination',
    },
    ...undelivered,
    ...byHostAlone,
  ]
}

/** One list of matchers, or another: the lists have no series in common. */
type Alternatives = readonly (readonly Matcher[])[]

function one(...matchers: readonly Matcher[]): Alternatives {
  return [matchers]
}

function product(parts: readonly Alternatives[]): Alternatives {
  return parts.reduce<Alternatives>(
    (so, alternatives) => so.flatMap((before) => alternatives.map((matchers) => [...before, ...matchers])),
    [[]],
  )
}

/** An end in the scope: in its namespaces and, where several clusters share a Prometheus, in its cluster. */
function own(inside: string, namespace: string, cluster: string, scope: Scope): Alternatives {
  return one(is(namespace, '=~', inside), ...(scope.cluster === undefined ? [] : [is(cluster, '=', scope.cluster)]))
}

/** Every other end: in another namespace, or in one of the same name in another cluster. */
function foreign(inside: string, namespace: string, cluster: string, scope: Scope): Alternatives {
  const elsewhere = is(namespace, '!~', inside)
  if (scope.cluster === undefined) return [[elsewhere]]
  return [[elsewhere], [is(namespace, '=~', inside), is(cluster, '!=', scope.cluster)]]
}

/** The hosts that stand in the scope, as a regular expression; the empty one where none does. */
function hostsIn(inside: string, { hosts }: Scope): string {
  if (hosts === undefined) return `[^.]+\\.(${inside})\\.svc(\\..*)?`
  const services = [...new Set(hosts.services)].sort()
  const entries = [...new Set(hosts.entries)].filter(isKnown).sort()
  return [...(services.length === 0 ? [] : [`(${anyOf(services)})(\\..*)?`]), ...entries.map(regexQuote)].join('|')
}

const noWorkload = is(label.destinationWorkload, '=~', 'unknown|')

function reporterIs(side: ReporterSide): Matcher {
  return side === 'source' ? is(label.reporter, '=', 'source') : is(label.reporter, '=~', 'destination|waypoint')
}

function is(name: string, op: Matcher['op'], value: string): Matcher {
  return { label: name, op, value }
}
