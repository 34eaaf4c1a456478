import { clustersAgree } from './identity.ts'
import { clusterOf, type Record, type RecordReader, type Reporter } from './records.ts'
import { isKnown, unknown } from './telemetry.ts'

/**
 * Reports of one pair of names, with unknown clusters filled in from what the other reporters know of the same calls
 * (contracts page, "Count once"); where several clusters fit, the report is shared by the others' rates and marked estimated.
 * Only then does a destination cluster nobody knows become the caller's, if the service's namespace is known
 * (https://github.com/istio/istio/issues/29373).
 */
export function withClusters(records: readonly Record[], reader: RecordReader): readonly Record[] {
  if (records.every(isTold)) return records
  const placed = steps.reduce((so, step) => fill(so, step, reader), records)
  return placed.map((record) => {
    const { source, destination, service } = record
    const isHomeless = destination.kind === 'workload' && destination.cluster === unknown
    if (!isHomeless || !isKnown(service.namespace) || clusterOf(source) === unknown) return record
    return { ...record, destination: reader.with(destination, { cluster: clusterOf(source) }) }
  })
}

interface Step {
  readonly asking: Reporter
  readonly told: readonly Reporter[]
}

/** The caller's word first; then the callee's side fills in its own gaps, and the caller's; what the caller then knows goes round once more. */
const steps: readonly Step[] = [
  { asking: 'waypoint', told: ['source'] },
  { asking: 'destination', told: ['source'] },
  { asking: 'waypoint', told: ['destination'] },
  { asking: 'destination', told: ['waypoint'] },
  { asking: 'source', told: ['waypoint', 'destination'] },
  { asking: 'waypoint', told: ['source'] },
  { asking: 'destination', told: ['source'] },
]

function isTold({ source, destination }: Record): boolean {
  return (
    (source.kind !== 'workload' || source.cluster !== unknown) &&
    (destination.kind !== 'workload' || destination.cluster !== unknown)
  )
}

interface Place {
  readonly source: string
  readonly destination: string
  rate: number
}

function fill(records: readonly Record[], { asking, told }: Step, reader: RecordReader): readonly Record[] {
  if (!records.some((record) => record.reporter === asking && !isTold(record))) return records
  const others = records.filter(({ reporter }) => told.includes(reporter))
  const ofProtocol = new Map<string, readonly Place[]>()
  const placesFor = (protocol: string): readonly Place[] => {
    const known = ofProtocol.get(protocol)
    if (known !== undefined) return known
    const same = others.filter((record) => record.protocol === protocol)
    const places = placesOf(same.length > 0 ? same : others)
    ofProtocol.set(protocol, places)
    return places
  }
  return records.flatMap((record) => {
    if (record.reporter !== asking || isTold(record)) return [record]
    const from = clusterOf(record.source)
    const to = clusterOf(record.destination)
    const fitting = placesFor(record.protocol).filter(
      (place) => clustersAgree(place.source, from) && clustersAgree(place.destination, to),
    )
    const total = fitting.reduce((sum, { rate }) => sum + rate, 0)
    return fitting.length === 0
      ? [record]
      : fitting.flatMap((place) => {
          const share = fitting.length === 1 ? 1 : total > 0 ? place.rate / total : 1 / fitting.length
          if (share === 0) return []
          const placed = {
            ...record,
            value: record.value * share,
            source: reader.with(record.source, { cluster: from === unknown ? place.source : from }),
            destination: reader.with(record.destination, { cluster: to === unknown ? place.destination : to }),
          }
          return [fitting.length === 1 ? placed : { ...placed, isEstimated: true }]
        })
  })
}

/** The pairs of clusters the other side tells of, sorted; one that only says less than another is no place of its own. */
function placesOf(records: readonly Record[]): readonly Place[] {
  const bySource = new Map<string, Map<string, Place>>()
  for (const record of [...records].sort((a, b) => a.value - b.value)) {
    const source = clusterOf(record.source)
    const destination = clusterOf(record.destination)
    const row = bySource.get(source) ?? new Map<string, Place>()
    bySource.set(source, row)
    const place = row.get(destination) ?? { source, destination, rate: 0 }
    row.set(destination, place)
    place.rate += record.value
  }
  const all = [...bySource.values()].flatMap((row) => [...row.values()])
  const isVague = (place: Place): boolean => place.source === unknown || place.destination === unknown
  return all
    .filter(
      (place) =>
        !isVague(place) ||
        !all.some(
          (other) =>
            other !== place &&
            !isVague(other) &&
            clustersAgree(other.source, place.source) &&
            clustersAgree(other.destination, place.destination),
        ),
    )
    .sort((a, b) => order(a.source, b.source) || order(a.destination, b.destination))
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
