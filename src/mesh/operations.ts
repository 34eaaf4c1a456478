import { flagKinds } from './flags.ts'
import { byPair, type ByPair, reportsOf } from './measures.ts'
import type { RecordReader } from './records.ts'
import type { Sample } from './samples.ts'
import { isKnown, label } from './telemetry.ts'
import type { EdgeMark } from './graph.ts'
import type { Flow, FlowPart, Layer } from './traffic.ts'

/** Some of a flow's calls: those classified as one operation, or those that are not classified. */
interface OperationPart {
  readonly operation: string | undefined
  readonly flow: Flow
}

/**
 * Tells flows apart by what their requests were classified as. Only the callee's side knows, so its report decides the shares, code by
 * code, and the flow stays what it was: its parts add up to it. Calls that never reached anybody were never classified.
 */
export class Operations {
  readonly #byPair: ByPair

  constructor(samples: readonly Sample[], reader: RecordReader) {
    this.#byPair = byPair(samples, 'requests', reader)
  }

  /** The parts of a flow, sorted by name, the unclassified last; `undefined` where nothing of it was classified. */
  of(flow: Flow): readonly OperationPart[] | undefined {
    if (flow.protocol === 'tcp') return undefined
    const shares = sharesFor(flow, this.#byPair)
    if (shares === undefined) return undefined
    const parts = new Map<string, { readonly parts: FlowPart[]; isEstimated: boolean }>()
    for (const part of flow.parts) {
      const { byOperation, isEstimated } = shares(part)
      for (const [operation, share] of byOperation) {
        const known = parts.get(operation) ?? { parts: [], isEstimated: false }
        parts.set(operation, known)
        known.parts.push(share === 1 ? part : { ...part, rate: part.rate * share })
        known.isEstimated ||= isEstimated
      }
    }
    if ([...parts.keys()].every((operation) => operation === unclassified)) return undefined
    return [...parts]
      .sort(([a], [b]) => (a === unclassified ? 1 : b === unclassified ? -1 : a < b ? -1 : 1))
      .map(([operation, some]) => ({
        operation: operation === unclassified ? undefined : operation,
        flow: partOf(flow, some.parts, some.isEstimated),
      }))
  }
}

/** No operation has this name: Prometheus takes an empty label for an absent one. */
const unclassified = ''

type Shares = ReadonlyMap<string, number>

/** How the callee's side tells the answers of a code apart; `undefined` where it names no operation at all. */
function sharesFor(
  flow: Flow,
  map: ByPair,
): ((part: FlowPart) => { readonly byOperation: Shares; readonly isEstimated: boolean }) | undefined {
  const reports = reportsOf(flow, map)
  const waypoint = reports.filter(({ reporter }) => reporter === 'waypoint')
  const told = waypoint.length > 0 ? waypoint : reports
  if (!told.some(({ labels, value }) => value > 0 && isKnown(labels[label.operation]))) return undefined
  const byCode = new Map<string, Map<string, number>>()
  const others = new Map<string, number>()
  const codes = new Set(flow.parts.map(({ code }) => code))
  for (const { labels, code, value } of told) {
    const name = labels[label.operation]
    const operation = isKnown(name) ? name : unclassified
    const rates = codes.has(code) ? (byCode.get(code) ?? new Map<string, number>()) : others
    if (codes.has(code)) byCode.set(code, rates)
    rates.set(operation, (rates.get(operation) ?? 0) + value)
  }
  const sharesOfCode = new Map([...byCode].map(([code, rates]) => [code, normalised(rates)]))
  const sharesOfOthers = normalised(others)
  return ({ code, flags }) => {
    const own = sharesOfCode.get(code)
    if (own !== undefined) return { byOperation: own, isEstimated: false }
    // What the caller saw as a timeout, the callee saw as a client that left: the same calls under another code.
    if (sharesOfOthers === undefined || flagKinds(flags).includes('neverReached')) return notClassified
    return { byOperation: sharesOfOthers, isEstimated: true }
  }
}

const notClassified = { byOperation: new Map([[unclassified, 1]]), isEstimated: false }

/** Shares of their sum; `undefined` where nothing moves. */
function normalised(rates: ReadonlyMap<string, number>): Shares | undefined {
  const moving = [...rates].filter(([, rate]) => rate > 0).sort(([a], [b]) => (a < b ? -1 : 1))
  const total = moving.reduce((sum, [, rate]) => sum + rate, 0)
  return total > 0 ? new Map(moving.map(([operation, rate]) => [operation, rate / total])) : undefined
}

function partOf(flow: Flow, parts: readonly FlowPart[], isEstimated: boolean): Flow {
  const rate = parts.reduce((sum, part) => sum + part.rate, 0)
  const share = flow.rate > 0 ? rate / flow.rate : 0
  const marks: readonly EdgeMark[] =
    isEstimated && !flow.marks.includes('estimated') ? [...flow.marks, 'estimated'] : flow.marks
  const { reported, l4 } = flow
  return {
    ...flow,
    rate,
    parts,
    marks,
    reported:
      reported === undefined
        ? undefined
        : { source: reported.source * share, destination: reported.destination * share },
    l4: l4 === undefined ? undefined : shareOf(l4, share),
    isPart: true,
  }
}

function shareOf({ sent, received }: Layer, share: number): Layer {
  return {
    sent: sent === undefined ? undefined : sent * share,
    received: received === undefined ? undefined : received * share,
    isEstimated: true,
  }
}
