import { endMatchers, pairMatchers, serviceMatchers, type CallEnd, type ServiceName } from './callEnd.ts'
import { peerMatchers, tuples, type PeerFilter } from './peers.ts'
import { replaceLabel, select, sumBy, withLabel } from './promql.ts'
import type { Matcher, ReporterChoice, Scope } from './scope.ts'
import { slicesFor, type ReporterSide, type Slice } from './slices.ts'
import { label, metrics, ztunnel } from './telemetry.ts'

/** How a counter's rates are to be added up so that each call counts once. */
export interface Counted {
  readonly scope: Scope
  /** A PromQL duration. */
  readonly range: string
  readonly reporter: ReporterChoice
  /** The labels that come out. */
  readonly keep: readonly Kept[]
  readonly services?: ServiceFilter
  /** Only the calls of one end, and of them only those with some peers. */
  readonly end?: CallEnd
  readonly peers?: PeerFilter
  /** Whose report of a pair goes first where both sides tell of it; the source's unless said otherwise. */
  readonly first?: 'source' | 'destination'
  /** A counter that tells whether a pair was reported, for metrics that may rightly be 0; absent: the metric itself. */
  readonly presence?: string
  readonly isTcp?: boolean
}

/** Only the calls to these services; with `isRest` only the calls to all others. */
export interface ServiceFilter {
  readonly names: readonly ServiceName[]
  readonly isRest: boolean
}

/** A label, and the end of the call it tells of: hidden together with that end. */
export interface Kept {
  readonly name: string
  readonly end: 'source' | 'destination' | 'call'
}

/**
 * Calls are matched by both workloads and the protocol. Clusters are left out on purpose: the two sides do not always know both
 * (https://github.com/istio/istio/issues/29373), and a pair that does not match would count twice.
 */
const pair: readonly string[] = [
  label.sourceNamespace,
  label.sourceWorkload,
  label.destinationNamespace,
  label.destinationWorkload,
  label.protocol,
]
const onPair = `on (${pair.join(', ')})`

/**
 * `sum by (keep) (...)` over the rates of everything that touches the scope, each call once: the source's report of a pair, else the
 * waypoint's, else the destination's (contracts page, "Panels count once too, in PromQL"). Below the peers' level `full` what comes in
 * is the destination's report and what goes out the source's. Names are matched on inside and never come out. Undefined for an empty scope.
 */
export function countedOnce(metric: string, counted: Counted): string | undefined {
  const sum: Sum = { metric, counted }
  const told = slicesOf(counted, 'source')
  const heard = slicesOf(counted, 'destination')
  const isHeardFirst = counted.first === 'destination'
  const first = isHeardFirst ? 'destination' : 'source'
  const inside = everyReport(counted, first).filter(({ hides }) => hides === undefined)
  const canMatch = counted.reporter === 'auto' && inside.length > 0
  // Where the names of one end are hidden, the other side tells of other calls: nothing to match.
  const unlessFirst = (report: string, { isWhole }: Part) =>
    canMatch && isWhole ? `(${report}) unless ${onPair} (${presence(first, inside, sum)})` : report

  const { end } = counted
  const isOfAnswering = end?.kind === 'service' && end.direction === 'outbound'
  const answering = isOfAnswering ? answeringFor(end, counted) : undefined
  if (isOfAnswering && answering === undefined) return undefined
  // Whose calls these are is decided while the callers' names are still there.
  const ofAnswering = (report: string) =>
    answering === undefined ? report : `(${report}) and on (${callers.join(', ')}) (${answering})`

  const reports = [
    ...(counted.reporter === 'destination'
      ? []
      : together('source', told, counted).map((part) => {
          const report = reported(part, sum)
          return withoutPeers(part, ofAnswering(isHeardFirst ? unlessFirst(report, part) : report), 'told')
        })),
    ...(counted.reporter === 'source'
      ? []
      : together('destination', heard, counted).map((part) => {
          const once = waypointFirst(part, sum)
          return withoutPeers(part, ofAnswering(isHeardFirst ? once : unlessFirst(once, part)), 'heard')
        })),
  ]
  if (reports.length === 0) return undefined
  const names = [...new Set(counted.keep.map(({ name }) => name))]
  const all = reports.length === 1 ? reports.join() : reports.map((each) => `(${each})`).join(' or ')
  return sumBy(names, all)
}

const callers: readonly string[] = [label.sourceNamespace, label.sourceWorkload]

/** The workloads that calls to a service arrive at, as if they were callers; undefined where the viewer may not know. */
function answeringFor(end: CallEnd, { scope, range }: Counted): string | undefined {
  const slices = (['source', 'destination'] as const).flatMap((side) =>
    slicesFor(scope, side).filter(({ hides }) => hides !== 'destination'),
  )
  const selectors = slices
    .flatMap((slice) => slice.selectors)
    .map((matchers) => [
      ...matchers,
      ...serviceMatchers(end),
      { label: label.destinationNamespace, op: '=', value: end.namespace } as const,
    ])
  if (selectors.length === 0) return undefined
  const rates = [metrics.requests, metrics.tcpOpened].flatMap((metric) =>
    selectors.map((matchers) => `rate(${select(metric, matchers)}[${range}])`),
  )
  const ends = sumBy([label.destinationNamespace, label.destinationWorkload], rates.join(' or '))
  const asCallers = replaceLabel(
    replaceLabel(`${ends} > 0`, label.sourceNamespace, label.destinationNamespace),
    label.sourceWorkload,
    label.destinationWorkload,
  )
  return sumBy(callers, asCallers)
}

interface Sum {
  readonly metric: string
  readonly counted: Counted
}

/** The reports of some slices, and the labels they are told apart by. */
interface Reports {
  readonly side: ReporterSide
  readonly slices: readonly Slice[]
  readonly by: readonly string[]
}

/** Slices that keep the same labels: one sum, since `or` between two sums would lose one of two equal label sets. */
interface Part {
  readonly side: ReporterSide
  readonly slices: readonly Slice[]
  readonly by: readonly string[]
  /** Those of the kept labels that may be told. */
  readonly told: readonly string[]
  /** Both ends are named, so that pairs can be matched. */
  readonly isWhole: boolean
}

function together(side: ReporterSide, slices: readonly Slice[], { scope, keep }: Counted): readonly Part[] {
  const parts = new Map<string, Part & { readonly slices: Slice[] }>()
  for (const slice of slices) {
    const told = [...new Set(keep.filter((each) => isTold(each, slice, scope)).map(({ name }) => name))]
    const by = [...new Set([...pair, ...told])]
    const isWhole = slice.hides === undefined
    const key = `${isWhole} ${told.join()}`
    const known = parts.get(key)
    if (known === undefined) parts.set(key, { side, slices: [slice], by, told, isWhole })
    else known.slices.push(slice)
  }
  return [...parts.values()]
}

/**
 * A report without the names that only served to match pairs inside it: what is kept at the end may have the same labels. A label of its
 * own sets it apart, since `or` would lose one of two equal label sets.
 */
function withoutPeers({ told, isWhole }: Part, report: string, side: string): string {
  return isWhole ? report : withLabel(sumBy(told, report), 'part', [side, ...told].join(' '))
}

/** What may be said of an end the viewer may not see: nothing, or its namespace. */
function isTold({ name, end }: Kept, { hides, hidesService }: Slice, { peers }: Scope): boolean {
  const isService = [label.serviceHost, label.serviceName, label.serviceNamespace].some((each) => each === name)
  if (hides !== end && !(hidesService === true && isService)) return true
  const namespaces: readonly string[] = [label.sourceNamespace, label.destinationNamespace, label.serviceNamespace]
  return peers === 'namespace' && namespaces.includes(name)
}

/** The pairs of a part, by what is kept; pairs at 0 are left out: a dead pod's 0/s would hide the live report of the other side. */
function reported({ side, slices, by }: Reports, sum: Sum): string {
  const { metric, counted } = sum
  if (counted.isTcp === true) return withoutTransport({ side, slices, by }, sum)
  const rates = sumBy(by, ratesOf(metric, slices, counted))
  return counted.presence === undefined ? `${rates} > 0` : `${rates} and ${onPair} (${presence(side, slices, sum)})`
}

/**
 * Bytes that carry a pair's requests are no traffic of their own: ztunnel's, and those of a side that sees no more than bytes of what the
 * other side reads as requests.
 */
function withoutTransport({ side, slices, by }: Reports, { metric, counted }: Sum): string {
  const half = (op: '=' | '!=') =>
    `${sumBy(by, ratesOf(metric, narrowedBy(slices, [{ label: label.targetApp, op, value: ztunnel }]), counted))} > 0`
  const ends = pair.filter((name) => name !== label.protocol)
  const read = (...sides: readonly ReporterSide[]) => {
    const everybody = sides.flatMap((each) => slicesFor(counted.scope, each))
    return `${sumBy(ends, ratesOf(metrics.requests, everybody, counted))} > 0`
  }
  const onEnds = `on (${ends.join(', ')})`
  const readElsewhere = `${read(side === 'source' ? 'destination' : 'source')} unless ${onEnds} (${read(side)})`
  const own = `${half('!=')} unless ${onEnds} (${readElsewhere})`
  return `(${own}) or (${half('=')} unless ${onEnds} (${read('source', 'destination')}))`
}

function narrowedBy(slices: readonly Slice[], more: readonly Matcher[]): readonly Slice[] {
  return slices.map((slice) => ({ ...slice, selectors: slice.selectors.map((each) => [...each, ...more]) }))
}

/** A waypoint's report of a pair goes before a destination's; they are never added. */
function waypointFirst(part: Part, sum: Sum): string {
  const waypoint = { ...part, slices: saying('waypoint', part.slices) }
  const destination = { ...part, slices: saying('destination', part.slices) }
  // Whether the source may be told depends on the pair alone.
  const every = everyReport(sum.counted, 'destination').filter(({ hides }) => (hides === undefined) === part.isWhole)
  return `(${reported(waypoint, sum)}) or (${reported(destination, sum)}) unless ${onPair} (${presence('destination', saying('waypoint', every), sum)})`
}

function saying(reporter: string, slices: readonly Slice[]): readonly Slice[] {
  const only = (each: Matcher): Matcher =>
    each.label === label.reporter ? { label: label.reporter, op: '=', value: reporter } : each
  return slices.map((slice) => ({ ...slice, selectors: slice.selectors.map((matchers) => matchers.map(only)) }))
}

/** The pairs that were reported at all. */
function presence(side: ReporterSide, slices: readonly Slice[], sum: Sum): string {
  const { metric, counted } = sum
  if (counted.isTcp === true) return sumBy(pair, reported({ side, slices, by: pair }, sum))
  return `${sumBy(pair, ratesOf(counted.presence ?? metric, slices, counted))} > 0`
}

function ratesOf(metric: string, slices: readonly Slice[], { range }: Counted): string {
  return slices
    .flatMap(({ selectors }) => selectors)
    .map((matchers) => `rate(${select(metric, matchers)}[${range}])`)
    .join(' or ')
}

/**
 * The slices of a side, narrowed to the services, the end and the peers asked for and, for TCP, without waypoints' legs, which carry
 * other calls.
 */
function slicesOf(counted: Counted, side: ReporterSide): readonly Slice[] {
  const legs = legsOf(counted)
  return slicesFor(counted.scope, side).flatMap(({ selectors, ...slice }) => {
    const narrowed = narrowing(counted, slice)
    if (narrowed.length === 0) return []
    return [
      { ...slice, selectors: selectors.flatMap((matchers) => narrowed.map((more) => [...matchers, ...legs, ...more])) },
    ]
  })
}

/**
 * Every report of the pairs that are asked for, whatever service it names: a call that one side tells of under another service's name,
 * the viewer's or not, is the same call, so that whether a pair was reported must not depend on services.
 */
function everyReport(counted: Counted, side: ReporterSide): readonly Slice[] {
  const { scope, end } = counted
  const more = [...legsOf(counted), ...(end === undefined ? [] : pairMatchers(end))]
  return slicesFor(scope, side).map(({ selectors, ...slice }) => ({
    ...slice,
    selectors: selectors.map((matchers) => [...matchers, ...more]),
  }))
}

function legsOf({ isTcp = false }: Counted): readonly Matcher[] {
  return isTcp ? [notWaypoint(label.sourceWorkload), notWaypoint(label.destinationWorkload)] : []
}

function notWaypoint(name: string): Matcher {
  return { label: name, op: '!~', value: '.*waypoint' }
}

/** The matchers, one list for each disjoint part, that select what is asked for within a slice; none where there is nothing to ask. */
function narrowing(
  { scope, services, end, peers }: Counted,
  slice: Pick<Slice, 'hides' | 'hidesService'>,
): readonly (readonly Matcher[])[] {
  const ofServices = services === undefined ? [[]] : servicesIn(services, slice)
  const ofEnd = end === undefined ? [[]] : endMatchers(end, slice)
  const ofPeers =
    end === undefined || peers === undefined
      ? [[]]
      : peerMatchers(peers, end.direction, slice, scope.peers === 'namespace')
  return ofServices.flatMap((some) => ofEnd.flatMap((more) => ofPeers.map((most) => [...some, ...more, ...most])))
}

/**
 * The matchers that select the services, or all others. Where the callee is hidden a service's name is not matched on: whether numbers
 * come out would tell whether it exists. Those calls belong to the rest.
 */
function servicesIn(
  { names, isRest }: ServiceFilter,
  { hides, hidesService }: Pick<Slice, 'hides' | 'hidesService'>,
): readonly (readonly Matcher[])[] {
  if (hides === 'destination' || hidesService === true) return isRest ? [[]] : []
  return tuples(label.serviceNamespace, label.serviceName, names, isRest)
}
