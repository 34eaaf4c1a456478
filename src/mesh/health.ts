import { indexObjects } from './config/matching.ts'
import type { ObjectIndex } from './config/matching.ts'
import type { MeshObjects } from './config/objects.ts'
import { hasTraffic, judge, merged } from './findings.ts'
import type { Finding } from './findings.ts'
import type { GraphEdge, GraphNode, MeshGraph, Replicas } from './graph.ts'
import { nameOf, Origins } from './origin.ts'
import type { Culprit, Neighbourhood } from './origin.ts'
import { amount, duration, short } from './phrases.ts'
import { annotatedPolicy, rulesOf } from './policy.ts'
import type { HealthPolicy, Rules } from './policy.ts'
import { severity } from './verdict.ts'
import type { Health, HealthState } from './verdict.ts'

export { defaultPolicy } from './policy.ts'
export type { HealthPolicy } from './policy.ts'
export type { Health, HealthState } from './verdict.ts'

/**
 * The graph with a verdict and its reasons on every node and edge; numbers, order and everything else stay.
 * Replicas come from the nodes (see withObjects) or else from `objects`, Kiali's annotations from `objects`.
 * Total: strange codes and flags are judged by no rule, and a rule that is no valid expression never matches.
 */
export function withHealth(graph: MeshGraph, policy: HealthPolicy, objects?: MeshObjects): MeshGraph {
  const copy = {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node })),
    edges: graph.edges.map((edge) => ({ ...edge })),
  }
  addHealth(copy, { policy, objects })
  return copy
}

/** A graph whose verdicts are still to be written. */
export interface Unjudged extends MeshGraph {
  readonly nodes: readonly (GraphNode & { health?: Health })[]
  readonly edges: readonly (GraphEdge & { health?: Health })[]
}

export interface Judging {
  readonly policy: HealthPolicy
  readonly objects?: MeshObjects | undefined
  /** Calls of some protocol were not asked for: nobody is said to make none. */
  readonly isPartial?: boolean
}

/** As `withHealth`, but writes into a graph that nobody else holds yet: copying a large mesh takes as long as judging it. */
export function addHealth(graph: Unjudged, { policy, objects, isPartial = false }: Judging): void {
  const index = objects === undefined ? undefined : indexObjects(objects)
  const rulesFor = rulesOf(policy)
  const neighbours = neighboursIn(graph)
  const rules = new Map<string, Rules>()
  for (const node of graph.nodes) {
    rules.set(node.id, rulesFor(subjectOf(node), annotatedRules(node, index)))
  }
  const origins = new Origins({ neighbours, graphType: graph.graphType, isPartial })
  const context: Context = { window: graph.window, neighbours, rules, origins }
  for (const node of graph.nodes) node.health = healthOfNode(node, context, standsOf(node, index))
  for (const edge of graph.edges) edge.health = healthOfEdge(edge, context)
}

/**
 * The verdict on several nodes of a judged graph seen as one (an app, a namespace, a folded group): the worst member's state, naming
 * it; beside it what the group's own totals say, that is, the calls that enter it. Unknown for a group of nobody.
 */
export function groupHealth(graph: MeshGraph, members: ReadonlySet<string>, policy: HealthPolicy): Health {
  const { places, inbound } = entriesOf(graph)
  const inside = [...members]
    .flatMap((id) => places.get(id) ?? [])
    .sort((a, b) => a - b)
    .flatMap((place) => graph.nodes[place] ?? [])
  const worst = inside.reduce<GraphNode | undefined>((found, node) => {
    if (found === undefined) return node
    return severity(node.health?.state ?? 'unknown') < severity(found.health?.state ?? 'unknown') ? node : found
  }, undefined)
  if (worst === undefined) return { state: 'unknown', reasons: ['The group has no members.'] }

  const entering = [...members]
    .flatMap((id) => inbound.get(id) ?? [])
    .filter(({ edge }) => !members.has(edge.source))
    .sort((a, b) => a.place - b.place)
    .map(({ edge }) => edge)
  const [namespace = '', ...others] = new Set(inside.map((node) => node.namespace))
  const subject = { namespace: others.length === 0 ? namespace : '', name: '', kind: 'app' }
  const findings = judge(entering, 'inbound', rulesOf(policy)(subject), graph.window)
  const own = findings.length === 0 ? undefined : merged(findings)
  const state = worst.health?.state ?? 'unknown'
  const same = inside.filter(({ health }) => (health?.state ?? 'unknown') === state).length
  const count = same > 1 ? ` (${amount(same)} of ${amount(inside.length)} members are)` : ''
  const inWords =
    state === 'healthy' && same > 1
      ? [`${amount(same)} of ${amount(inside.length)} members are healthy, and none is worse.`]
      : [`Worst member: ${nameOf(worst)} is ${stateWords[state]}${count}.`, ...(worst.health?.reasons ?? [])]
  return {
    state,
    reasons: [
      ...inWords,
      own === undefined
        ? 'Nobody outside the group calls it, so its own totals say nothing.'
        : `The group’s own totals are ${stateWords[own.state]}: ${own.reasons[0] ?? ''}`,
    ],
  }
}

interface Entries {
  /** Node id → where it stands among the nodes. */
  readonly places: ReadonlyMap<string, number>
  /** Node id → the edges that lead to it, and where they stand. */
  readonly inbound: ReadonlyMap<string, readonly { readonly place: number; readonly edge: GraphEdge }[]>
}

const entries = new WeakMap<MeshGraph, Entries>()

/** Made once for a graph: a list of a large mesh asks for thousands of its groups. */
function entriesOf(graph: MeshGraph): Entries {
  const known = entries.get(graph)
  if (known !== undefined) return known
  const inbound = new Map<string, { place: number; edge: GraphEdge }[]>()
  for (const [place, edge] of graph.edges.entries()) {
    const list = inbound.get(edge.target)
    if (list === undefined) inbound.set(edge.target, [{ place, edge }])
    else list.push({ place, edge })
  }
  const made = { places: new Map(graph.nodes.map(({ id }, place) => [id, place])), inbound }
  entries.set(graph, made)
  return made
}

const stateWords: Readonly<Record<HealthState, string>> = {
  failing: 'failing',
  degraded: 'degraded',
  notReady: 'not ready',
  healthy: 'healthy',
  idle: 'idle',
  unknown: 'not measurable',
}

/** Whom rules speak of: of an operation, the app whose it is. */
function subjectOf({ kind, namespace, service, app, workload }: GraphNode) {
  if (kind === 'service') return { namespace, name: service ?? '', kind }
  if (kind === 'operation' || kind === 'app') return { namespace, name: app ?? '', kind: 'app' }
  return { namespace, name: workload ?? '', kind }
}

interface Context {
  /** Seconds. */
  readonly window: number
  readonly neighbours: ReadonlyMap<string, Neighbourhood>
  readonly origins: Origins
  /** Node id → the rules that concern it. */
  readonly rules: ReadonlyMap<string, Rules>
}

function neighboursIn(graph: MeshGraph): ReadonlyMap<string, Neighbourhood> {
  const found = new Map(
    graph.nodes.map((node) => [node.id, { node, inbound: [] as GraphEdge[], outbound: [] as GraphEdge[] }]),
  )
  for (const edge of graph.edges) {
    found.get(edge.target)?.inbound.push(edge)
    found.get(edge.source)?.outbound.push(edge)
  }
  return found
}

function annotatedRules(node: GraphNode, index: ObjectIndex | undefined): HealthPolicy {
  if (index === undefined) return []
  if (node.kind === 'service') {
    const service = index.speaksFor(node.cluster) ? index.serviceOf(node.namespace, node.service ?? '') : undefined
    return annotatedPolicy(service?.annotations)
  }
  return index.workloadsOf(node).flatMap(({ annotations }) => annotatedPolicy(annotations))
}

/** What the replicas of each workload behind the node say, by name where there are several. */
function standsOf(node: GraphNode, index: ObjectIndex | undefined): readonly Finding[] {
  if (node.kind === 'operation') return []
  const workloads = index?.workloadsOf(node).filter(({ replicas }) => replicas !== undefined) ?? []
  if (workloads.length < 2) {
    const replicas = node.replicas ?? workloads[0]?.replicas
    return replicas === undefined ? [] : [standOf(replicas)]
  }
  return workloads.flatMap(({ name, replicas }) => (replicas === undefined ? [] : [standOf(replicas, name)]))
}

function healthOfNode(node: GraphNode, context: Context, stands: readonly Finding[]): Health {
  if (node.kind === 'unknown') {
    return { state: 'unknown', reasons: ['Telemetry does not say who this is, so there is nothing to judge.'] }
  }
  const at = context.neighbours.get(node.id) ?? { node, inbound: [], outbound: [] }
  const isCalled = at.inbound.some(hasTraffic)
  const rules = context.rules.get(node.id)

  const inbound = judge(at.inbound, 'inbound', rules, context.window)
  // Whom nobody calls answers nobody that we see (a gateway, a load generator): its calls are what there is to judge.
  const isJudgedByCalls = !isCalled || rules?.looksAt('outbound') === true
  const outbound = isJudgedByCalls ? judge(at.outbound, isCalled ? 'outbound' : 'either', rules, context.window) : []
  const calls = isCalled ? outbound.filter(({ culprits }) => culprits.length > 0) : outbound
  const traffic = [...inbound, ...calls]
  // Replicas that are all there say nothing about traffic, so they count only where something is missing or nothing flows.
  const findings = [...traffic, ...stands.filter(({ state }) => state !== 'idle' || traffic.length === 0)]
  if (findings.length === 0) return { state: 'idle', reasons: [`No traffic in the last ${duration(context.window)}.`] }

  const answers = inbound.flatMap(({ culprits }) => culprits)
  const origin =
    answers.length > 0
      ? context.origins.of(answers, at)
      : calls.some(({ culprits }) => culprits.length > 0)
        ? context.origins.ofCalls(at)
        : undefined
  const idle = traffic.length === 0 ? [`No traffic in the last ${duration(context.window)}.`] : []
  const { state, reasons } = merged(findings)
  const preface =
    !isCalled && calls.length > 0 ? ['Nobody in this graph calls it, so it is judged by what its own calls get.'] : []
  return { state, reasons: [...reasons, ...idle, ...(origin === undefined ? [] : [origin]), ...preface] }
}

function healthOfEdge(edge: GraphEdge, { window, neighbours, rules, origins }: Context): Health {
  if (!hasTraffic(edge)) return { state: 'idle', reasons: [`No traffic in the last ${duration(window)}.`] }
  const callers = rules.get(edge.source)
  const inbound = judge([edge], 'inbound', rules.get(edge.target), window)
  const findings =
    callers?.looksAt('outbound') === true
      ? [...inbound, ...judge([edge], 'outbound', callers, window).filter(({ culprits }) => culprits.length > 0)]
      : inbound
  const verdict = merged(findings)
  const target = neighbours.get(edge.target)
  if (target === undefined || findings.every(({ culprits }) => culprits.length === 0)) return verdict
  const origin = origins.of(uniqueCulprits(findings), target)
  return origin === undefined ? verdict : { state: verdict.state, reasons: [...verdict.reasons, origin] }
}

/** Both directions may claim the same responses; their origin is told once. */
function uniqueCulprits(findings: readonly Finding[]): readonly Culprit[] {
  const seen = new Map<string, Culprit>()
  for (const culprit of findings.flatMap(({ culprits }) => culprits)) {
    seen.set(`${culprit.protocol} ${culprit.code} ${culprit.flags ?? ''}`, culprit)
  }
  return [...seen.values()]
}

/** Replicas: 0 wanted = Idle; none available = Failing; fewer than wanted = Degraded; more running than ready = Not ready. */
function standOf({ desired, current, available }: Replicas, name?: string): Finding {
  const of = name === undefined ? '' : ` of ${short(name)}`
  const finding = (state: HealthState, reason: string): Finding => ({ state, reasons: [reason], culprits: [] })
  const wanted = `${desired} wanted ${desired === 1 ? 'replica' : 'replicas'}${of}`
  const unready = current - available
  if (desired <= 0) return finding('idle', `No replicas${of} are wanted (scaled to zero).`)
  if (available <= 0) return finding('failing', `None of ${wanted} is available.`)
  if (available < desired)
    return finding('degraded', `${available} of ${wanted} ${available === 1 ? 'is' : 'are'} available.`)
  if (unready > 0)
    return finding(
      'notReady',
      `${unready} of ${current} running replicas${of} ${unready === 1 ? 'is' : 'are'} not ready.`,
    )
  return finding('idle', `All ${wanted} ${desired === 1 ? 'is' : 'are'} available.`)
}
