import type { Sample } from './samples.ts'
import { isKnown, label, mutualTls } from './telemetry.ts'

/** Who sent: a workload; a namespace, or nobody, where the viewer may not know more; or somebody no proxy vouches for. */
export type Sender =
  | { readonly kind: 'workload'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'outside' }
  | { readonly kind: 'hidden' }

/** One sender of plain text to one workload. */
export interface Plaintext {
  readonly from: Sender
  readonly to: { readonly namespace: string; readonly name: string }
  readonly protocol: 'requests' | 'tcp'
  /** Requests per second, or bytes per second for TCP, within the window; absent: none then. */
  readonly rate?: number
  /** Unix seconds; absent: not before the window, as far as was looked. */
  readonly lastSeen?: number
}

/** The calls from one namespace to another, as the callees' proxies took them. */
export interface MtlsPair {
  /** A namespace; `outside` the mesh; `hidden` from the viewer. */
  readonly from: { readonly kind: 'namespace'; readonly name: string } | { readonly kind: 'outside' | 'hidden' }
  readonly to: string
  /** Per second: requests, and bytes of TCP. */
  readonly requests: Share
  readonly tcp: Share
  readonly plaintext: readonly Plaintext[]
}

export interface Share {
  readonly encrypted: number
  readonly plain: number
}

/**
 * The report's pairs, those with plain text first. `mtls` answers that question over the window, `plaintext` that one over all that was
 * looked back. Reports without a policy (a label that was dropped) say nothing and are counted in `untold`.
 */
export function mtlsPairs(
  mtls: readonly Sample[],
  plaintext: readonly Sample[],
): { readonly pairs: readonly MtlsPair[]; readonly untold: number } {
  const pairs = new Map<string, { pair: Omit<MtlsPair, 'plaintext'>; senders: Map<string, Plaintext> }>()
  let untold = 0
  const entryOf = (sample: Sample) => {
    const sender = senderOf(sample)
    const to = { namespace: sample.labels[label.destinationNamespace] ?? '', name: nameOf(sample) }
    const from = 'namespace' in sender ? ({ kind: 'namespace', name: sender.namespace } as const) : sender
    const pairKey = JSON.stringify([from, to.namespace])
    const entry = pairs.get(pairKey) ?? {
      pair: { from, to: to.namespace, requests: { encrypted: 0, plain: 0 }, tcp: { encrypted: 0, plain: 0 } },
      senders: new Map<string, Plaintext>(),
    }
    pairs.set(pairKey, entry)
    const protocol = sample.labels[label.protocol] === 'tcp' ? ('tcp' as const) : ('requests' as const)
    return { entry, pairKey, sender: { from: sender, to, protocol } }
  }
  const remember = ({ entry, sender }: ReturnType<typeof entryOf>, more: Pick<Plaintext, 'rate' | 'lastSeen'>) => {
    const key = JSON.stringify(sender)
    const before: Plaintext = entry.senders.get(key) ?? sender
    const rate = (before.rate ?? 0) + (more.rate ?? 0)
    const lastSeen = Math.max(before.lastSeen ?? 0, more.lastSeen ?? 0)
    entry.senders.set(key, { ...sender, ...(rate > 0 ? { rate } : {}), ...(lastSeen > 0 ? { lastSeen } : {}) })
  }
  for (const sample of mtls) {
    const policy = sample.labels[label.securityPolicy]
    if (policy === undefined || policy === '') {
      untold += 1
      continue
    }
    const found = entryOf(sample)
    const { pair } = found.entry
    const isEncrypted = policy === mutualTls
    const part = pair[found.sender.protocol]
    const added = isEncrypted
      ? { ...part, encrypted: part.encrypted + sample.value }
      : { ...part, plain: part.plain + sample.value }
    found.entry.pair = { ...pair, [found.sender.protocol]: added }
    if (!isEncrypted) remember(found, { rate: sample.value })
  }
  for (const sample of plaintext) remember(entryOf(sample), { lastSeen: sample.value })

  const made = [...pairs.values()].map(({ pair, senders }) => ({
    ...pair,
    plaintext: [...senders.values()].sort(
      (a, b) => (b.rate ?? 0) - (a.rate ?? 0) || (b.lastSeen ?? 0) - (a.lastSeen ?? 0),
    ),
  }))
  return { pairs: made.sort((a, b) => order(a) - order(b) || (pairText(a) < pairText(b) ? -1 : 1)), untold }
}

/** Encrypted requests among all, else of TCP's bytes; `undefined` where neither was seen. */
export function encryptedShare({
  requests,
  tcp,
}: Pick<MtlsPair, 'requests' | 'tcp'>): { readonly ratio: number; readonly of: 'requests' | 'bytes' } | undefined {
  const ratioOf = ({ encrypted, plain }: Share) => encrypted / (encrypted + plain)
  if (requests.encrypted + requests.plain > 0) return { ratio: ratioOf(requests), of: 'requests' }
  if (tcp.encrypted + tcp.plain > 0) return { ratio: ratioOf(tcp), of: 'bytes' }
  return undefined
}

/** Plain text now, plain text earlier, none. */
function order({ plaintext }: MtlsPair): number {
  if (plaintext.some(({ rate }) => rate !== undefined)) return 0
  return plaintext.length > 0 ? 1 : 2
}

export function pairText({ from, to }: Pick<MtlsPair, 'from' | 'to'>): string {
  return `${to} ${from.kind === 'namespace' ? from.name : from.kind}`
}

/** An absent label was not asked for: the viewer may not know. */
function senderOf({ labels }: Sample): Sender {
  const namespace = labels[label.sourceNamespace]
  const name = labels[label.sourceWorkload]
  if (namespace === undefined) return name === undefined ? { kind: 'hidden' } : { kind: 'outside' }
  if (!isKnown(namespace)) return { kind: 'outside' }
  return isKnown(name) ? { kind: 'workload', namespace, name } : { kind: 'namespace', namespace }
}

function nameOf({ labels }: Sample): string {
  const name = labels[label.destinationWorkload]
  return isKnown(name) ? name : ''
}

/** A sender as sentences name it. */
export function senderWords(from: Sender): string {
  switch (from.kind) {
    case 'workload':
      return `${from.name} in ${from.namespace}`
    case 'namespace':
      return `Somebody in ${from.namespace}`
    case 'outside':
      return 'Somebody outside the mesh'
    case 'hidden':
      return 'Somebody you may not see'
  }
}
