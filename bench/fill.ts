import { type EncodedSeries, encodeLabel, encodeWriteRequest } from '../src/demo/simulator/remoteWrite.ts'
import type { Labels } from '../src/demo/traffic/labels.ts'
import type { Mesh } from './mesh.ts'
import { type MeshSeries, seriesOf } from './series.ts'

/** Unix seconds, a multiple of the step: the instant that all filled meshes are asked about. */
export const fixedAt = 1_760_000_010
/** The window they are asked about, seconds. */
export const windowSeconds = 300

const step = 15
/** Samples begin before the window, and go on for those who refresh. */
const before = windowSeconds + 6 * step
const after = 20 * step

export interface Filled {
  readonly series: number
  readonly samples: number
}

/** Series per request: some 800 kB. */
const batchSize = 500

/**
 * Writes the mesh into a Prometheus that takes remote write: counters that grow evenly, so that a rate at any instant is what the mesh
 * says. Rejects with Prometheus's own words when it refuses.
 */
export async function fill(
  prometheus: string,
  mesh: Mesh,
  wanted: { readonly hasDurations: boolean },
): Promise<Filled> {
  const instants = Array.from({ length: (before + after) / step + 1 }, (_, index) => fixedAt - before + index * step)
  const timestamps = instants.map((instant) => instant * 1000)
  const encode = encoder()
  let batch: EncodedSeries[] = []
  let pending: Promise<void> = Promise.resolve()
  let series = 0
  const flush = async () => {
    const body = encodeWriteRequest(batch, timestamps)
    series += batch.length
    batch = []
    // Prometheus takes in one batch while the next is made.
    await pending
    pending = write(prometheus, body)
    pending.catch(() => undefined)
  }
  for (const one of seriesOf(mesh, wanted)) {
    // A counter that starts above nought is never taken for one that was just reset.
    const values = Float64Array.from(instants, (_, index) => one.perSecond * (3600 + index * step))
    batch.push({ labels: encode(one), values })
    if (batch.length >= batchSize) await flush()
  }
  if (batch.length > 0) await flush()
  await pending
  return { series, samples: series * instants.length }
}

/** Labels in the order of their names, as remote write demands; what a report's series share is encoded once. */
function encoder(): (series: MeshSeries) => readonly Buffer[] {
  let last: { readonly labels: Labels; readonly before: Buffer; readonly after: Buffer } | undefined
  return ({ metric, labels, le }) => {
    if (last?.labels !== labels) {
      const entries = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1))
      const encoded = (isWanted: (name: string) => boolean) =>
        Buffer.concat(entries.filter(([name]) => isWanted(name)).map(([name, value]) => encodeLabel(name, value)))
      last = { labels, before: encoded((name) => name < 'le'), after: encoded((name) => name > 'le') }
    }
    return [
      encodeLabel('__name__', metric),
      last.before,
      ...(le === undefined ? [] : [encodeLabel('le', le)]),
      last.after,
    ]
  }
}

async function write(prometheus: string, body: Buffer): Promise<void> {
  const answer = await fetch(new URL('/api/v1/write', prometheus), {
    method: 'POST',
    body: new Uint8Array(body),
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`Prometheus refused the mesh (${answer.status}): ${text.trim()}`)
}
