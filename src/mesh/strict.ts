import { indexObjects } from './config/matching.ts'
import { effectiveMtls } from './config/mtls.ts'
import type { DestinationRule, MeshObjects, MtlsMode, WorkloadObject } from './config/objects.ts'
import { hostKey } from './config/routing.ts'
import { encryptedShare, senderWords, type MtlsPair, type Plaintext } from './mtlsReport.ts'
import { amount, duration, listed, percent } from './phrases.ts'

type Mode = Exclude<MtlsMode, 'UNSET'>

/** What the PeerAuthentications make of a namespace. */
export interface NamespaceMode {
  /** What counts for a workload without a policy of its own. */
  readonly wide?: Mode
  /** `mixed`: its workloads differ; `undefined`: not read. */
  readonly mode: Mode | 'mixed' | undefined
  /** Workloads whose own policy, or a port's, differs from their namespace's. */
  readonly exceptions: readonly { readonly workload: string; readonly mode: Mode; readonly why: string }[]
  /** Workloads without any proxy, to which no PeerAuthentication applies. */
  readonly withoutProxy: readonly string[]
  /** How many run behind a proxy. */
  readonly proxied: number
}

/** May this namespace be set to STRICT? */
export interface StrictVerdict {
  readonly namespace: string
  /**
   * `strict`: it is, exceptions aside; `no`: somebody would be cut off; `yes`: nobody would, and the history says so; `unproven`: nothing speaks against it,
   * and too little for it; `nothing`: no proxy would enforce it.
   */
  readonly answer: 'strict' | 'no' | 'yes' | 'unproven' | 'nothing'
  /** What it rests on, each a sentence. */
  readonly evidence: readonly string[]
  readonly mode: NamespaceMode
  readonly pairs: readonly MtlsPair[]
}

export interface StrictEvidence {
  readonly objects: MeshObjects | undefined
  readonly pairs: readonly MtlsPair[]
  /** Seconds that were looked back, never more than Prometheus holds. */
  readonly history: number
  /** Seconds over which rates are. */
  readonly window: number
}

/** A day and night of traffic: jobs that run once a day have been seen. */
const enough = 86_400

/** The mode of a namespace's workloads. Without the objects it is not known. */
export function namespaceMode(namespace: string, objects: StrictEvidence['objects']): NamespaceMode {
  const { workloads, peerAuthentications, rootNamespace } = objects ?? {}
  const own = (workloads ?? []).filter((one) => one.namespace === namespace && runs(one))
  const withoutProxy = own.filter((one) => !hasProxy(one)).map(({ name }) => name)
  const proxied = own.filter(hasProxy)
  if (peerAuthentications === undefined) {
    return { mode: undefined, exceptions: [], withoutProxy, proxied: proxied.length }
  }
  const { mode: wide } = effectiveMtls(peerAuthentications, { namespace, labels: {} }, rootNamespace)
  const modes = new Set<Mode>()
  const exceptions = proxied.flatMap(({ name, labels }) => {
    const { mode, ports, from } = effectiveMtls(peerAuthentications, { namespace, labels }, rootNamespace)
    modes.add(mode)
    const policy = from.at(-1)?.name ?? ''
    return [
      ...(mode === wide ? [] : [{ workload: name, mode, why: `PeerAuthentication ${policy}` }]),
      ...Object.entries(ports)
        .filter(([, its]) => its !== mode)
        .map(([port, its]) => ({ workload: name, mode: its, why: `PeerAuthentication ${policy}, port ${port}` })),
    ]
  })
  if (modes.size > 1) return { wide, mode: 'mixed', exceptions, withoutProxy, proxied: proxied.length }
  return { wide, mode: [...modes][0] ?? wide, exceptions, withoutProxy, proxied: proxied.length }
}

/** The verdict on one namespace, with its evidence; `pairs` of all namespaces, of which those that lead there count. */
export function strictVerdict(namespace: string, evidence: StrictEvidence): StrictVerdict {
  const { objects, history, window } = evidence
  const pairs = evidence.pairs.filter(({ to }) => to === namespace)
  const mode = namespaceMode(namespace, objects)
  const plaintext = pairs.flatMap((pair) => pair.plaintext)
  const exempt = new Set(mode.exceptions.filter(({ mode: its }) => its !== 'STRICT').map(({ workload }) => workload))
  // A workload's own policy outlives a change of its namespace's.
  const hindering = plaintext.filter(({ to }) => !exempt.has(to.name))
  const tolerated = plaintext.filter(({ to }) => exempt.has(to.name))
  const byConfig = plainRules(namespace, objects, exempt)
  const isUnread = objects !== undefined && objects.destinationRules === undefined
  const said = [
    ...sharesOf(pairs, window),
    ...hindering.map((each) => plaintextSentence(each)),
    ...tolerated.map((each) => `${plaintextSentence(each)} Its own PeerAuthentication lets it, and stays.`),
    ...byConfig.map(
      ({ name, namespace: its, host }) =>
        `DestinationRule ${name} in ${its} makes its clients send plain text to ${host}.`,
    ),
    ...(isUnread
      ? ['DestinationRules were not read: one may make its clients send plain text, and nobody would know.']
      : []),
    ...(mode.withoutProxy.length > 0
      ? [
          `${shortList(mode.withoutProxy)} ${mode.withoutProxy.length === 1 ? 'runs' : 'run'} without a proxy: no PeerAuthentication applies to ${mode.withoutProxy.length === 1 ? 'it' : 'them'}.`,
        ]
      : []),
    ...mode.exceptions.map(({ workload, mode: its, why }) => `${workload} is ${its} by ${why}.`),
    historySentence(plaintext.length > 0, history),
  ]
  return { namespace, answer: answerOf(), evidence: said, mode, pairs }

  function answerOf(): StrictVerdict['answer'] {
    if (objects?.workloads !== undefined && mode.proxied === 0) return 'nothing'
    if (mode.wide === 'STRICT') return 'strict'
    if (hindering.length > 0 || byConfig.length > 0) return 'no'
    if (pairs.length === 0 || history < enough || isUnread) return 'unproven'
    return 'yes'
  }
}

/** Rules that switch mTLS off for a host of the namespace: their clients would be refused, whether they called lately or not. */
function plainRules(
  namespace: string,
  objects: MeshObjects | undefined,
  exempt: ReadonlySet<string>,
): readonly DestinationRule[] {
  if (objects === undefined) return []
  const index = indexObjects(objects)
  return (objects.destinationRules ?? []).filter(({ host, namespace: from, trafficPolicy, subsets }) => {
    if (trafficPolicy?.tls !== 'DISABLE' && !subsets.some((one) => one.trafficPolicy?.tls === 'DISABLE')) return false
    const [its, name] = hostKey(host.toLowerCase(), from).split('/')
    if (name === undefined) return host.includes('*') && host.includes(`.${namespace}.svc`)
    if (its !== namespace) return false
    const service = index.serviceOf(namespace, name)
    const behind = service === undefined ? [] : index.workloadsBehind(service)
    return behind.length === 0 || behind.some((workload) => !exempt.has(workload.name))
  })
}

function historySentence(wasPlain: boolean, history: number): string {
  const span = roughly(history)
  if (wasPlain) return `Looked back ${span}.`
  return history < enough
    ? `No plain text was seen in ${span}. That is less than a day: what calls once a day or a week was not seen yet.`
    : `No plain text was seen in ${span}.`
}

/** In whole minutes, hours or days, rounded down: a history is never said to be longer than it is. */
export function roughly(seconds: number): string {
  const size = seconds >= 2 * 86_400 ? 86_400 : seconds >= 3600 ? 3600 : 60
  const whole = Math.floor(seconds / size) * size
  return size === 86_400 ? `${whole / size} days` : duration(Math.max(whole, 60))
}

function sharesOf(pairs: readonly MtlsPair[], window: number): readonly string[] {
  const sum = (family: 'requests' | 'tcp') => ({
    encrypted: pairs.reduce((all, pair) => all + pair[family].encrypted, 0),
    plain: pairs.reduce((all, pair) => all + pair[family].plain, 0),
  })
  const requests = sum('requests')
  const tcp = sum('tcp')
  const share = encryptedShare({ requests, tcp })
  if (share === undefined) return [`No call was seen in the last ${duration(window)}.`]
  const { encrypted, plain } = share.of === 'requests' ? requests : tcp
  const total =
    share.of === 'requests' ? `${amount(encrypted + plain)} requests/s` : `${amount(encrypted + plain)} bytes/s of TCP`
  return [`${percent(share.ratio)} of ${total} were under mTLS in the last ${duration(window)}.`]
}

function plaintextSentence({ from, to, rate, protocol, lastSeen }: Plaintext): string {
  const who = senderWords(from)
  const unit = protocol === 'tcp' ? 'bytes/s of TCP' : 'requests/s'
  if (rate !== undefined) return `${who} sends plain text to ${to.name} now: ${amount(rate)} ${unit}.`
  const when = lastSeen === undefined ? 'earlier' : `last at ${isoMinute(lastSeen)}`
  return `${who} sent plain text to ${to.name}, ${when}.`
}

/** `2026-01-31 14:07 UTC`. */
function isoMinute(at: number): string {
  return `${new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function shortList(names: readonly string[]): string {
  return listed(names.length > 5 ? [...names.slice(0, 4), `${names.length - 4} more`] : names)
}

function runs({ replicas, kind }: WorkloadObject): boolean {
  return kind !== 'Job' && kind !== 'CronJob' && (replicas === undefined || replicas.desired > 0)
}

function hasProxy({ isInjected, isAmbient, pods = [] }: WorkloadObject): boolean {
  return isInjected === true || isAmbient === true || pods.some(({ hasSidecar }) => hasSidecar === true)
}
