import { Agent, request } from 'node:http'
import { rounded } from '../traffic/exposition.ts'
import type { Labels } from '../traffic/labels.ts'
import { basisKey, happenedAt, type Basis, type Series } from '../traffic/series.ts'
import type { Waves } from '../traffic/waves.ts'
import { encodeLabel, encodeWriteRequest, type EncodedSeries } from './remoteWrite.ts'
import type { Target } from './targets.ts'

export interface BackfillRequest {
  readonly targets: readonly Pick<Target, 'labels' | 'series'>[]
  readonly waves: Waves
  /** Prometheus's address, with its remote write receiver on and `out_of_order_time_window` covering the span. */
  readonly prometheus: string
  /** Unix seconds, rising. */
  readonly instants: readonly number[]
}

/** What the demo's past is made of. */
export interface History {
  readonly seconds: number
  readonly step: number
  /** The last part, as close as scraping will go on: a rate over mixed steps would be off by what Prometheus extrapolates. */
  readonly recent: { readonly seconds: number; readonly step: number }
}

/** The instants of a history that ends at `to`, unix seconds. */
export function instantsOf({ seconds, step, recent }: History, to: number): readonly number[] {
  const every = (from: number, until: number, step: number) =>
    Array.from({ length: Math.ceil((until - from) / step) }, (_, index) => from + index * step)
  const seam = to - recent.seconds
  return [...every(to - seconds, seam, step), ...every(seam, to, recent.step), to]
}

/** Series per request: some 2 MB. */
const batchSize = 400

/**
 * Writes the past of every series into Prometheus: the labels scraping would have given, the values the counters had.
 * Resolves to the number of samples; rejects with Prometheus's own words when it refuses.
 */
export async function backfill({ targets, waves, prometheus, instants }: BackfillRequest): Promise<number> {
  const timestamps = instants.map((at) => Math.round(at * 1000))
  const past = pastOf(waves, instants)
  const agent = new Agent({ keepAlive: true, maxSockets: 2 })
  let batch: EncodedSeries[] = []
  let pending: Promise<void> = Promise.resolve()
  let samples = 0
  const flush = async () => {
    const body = encodeWriteRequest(batch, timestamps)
    samples += batch.length * timestamps.length
    batch = []
    // Prometheus takes in one batch while the next is made.
    await pending
    pending = write(prometheus, body, agent)
    pending.catch(() => undefined)
  }
  try {
    for (const { labels, series } of targets) {
      const encode = labelEncoder(labels)
      for (const one of series) {
        batch.push({ labels: encode(one), values: past(one) })
        if (batch.length >= batchSize) await flush()
      }
    }
    if (batch.length > 0) await flush()
    await pending
    return samples
  } finally {
    agent.destroy()
  }
}

/** The values of a series at all instants; what a wave did is worked out once. */
function pastOf(waves: Waves, instants: readonly number[]): (series: Series) => Float64Array {
  const known = new Map<string, readonly { readonly normal: number; readonly faulty: number }[]>()
  const happenedOf = (basis: Basis) => {
    const key = basisKey(basis)
    const happened = known.get(key) ?? instants.map((at) => happenedAt(basis, waves, at))
    known.set(key, happened)
    return happened
  }
  return ({ basis, normal, faulty }) =>
    Float64Array.from(happenedOf(basis), (happened) => rounded(normal * happened.normal + faulty * happened.faulty))
}

/** Encodes a series' labels in the order remote write demands, sharing what a report's series have in common. */
function labelEncoder(target: Labels): (series: Series) => readonly Buffer[] {
  const known = new Map<Labels, { before: Buffer; after: Buffer }>()
  const encodeAll = (entries: readonly (readonly [string, string])[]) =>
    Buffer.concat(entries.map(([name, value]) => encodeLabel(name, value)))
  return ({ family, suffix, labels, le }) => {
    const entries = () => Object.entries({ ...labels, ...target }).sort(([one], [other]) => (one < other ? -1 : 1))
    const shared = known.get(labels) ?? {
      before: encodeAll(entries().filter(([name]) => name < 'le')),
      after: encodeAll(entries().filter(([name]) => name > 'le')),
    }
    known.set(labels, shared)
    const name = encodeLabel('__name__', family + suffix)
    return le === undefined
      ? [name, shared.before, shared.after]
      : [name, shared.before, encodeLabel('le', le), shared.after]
  }
}

function write(prometheus: string, body: Buffer, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'content-length': body.length,
      'x-prometheus-remote-write-version': '0.1.0',
    }
    const call = request(new URL('/api/v1/write', prometheus), { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const code = response.statusCode ?? 0
        if (code >= 200 && code < 300) resolve()
        else reject(new Error(`Prometheus refused the history (${code}): ${Buffer.concat(chunks).toString().trim()}`))
      })
      response.on('error', reject)
    })
    call.on('error', reject)
    call.end(body)
  })
}
