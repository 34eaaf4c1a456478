import type { Labels, Point, Sample, Series, Skipped } from '../../mesh/samples.ts'
import { isObject } from '../json.ts'

export interface DecodedVector {
  readonly samples: readonly Sample[]
  readonly skipped: readonly Skipped[]
}

export interface DecodedMatrix {
  readonly series: readonly Series[]
  readonly skipped: readonly Skipped[]
}

/** The steps a range was asked for: unix seconds, both ends included. */
export interface Steps {
  readonly start: number
  readonly end: number
  readonly step: number
}

/**
 * The samples of a query's `data`, in its order. Total: whatever is not a finite number with string labels is in `skipped`,
 * by reason, and nothing is thrown. NaN is what `0 / 0` and quantiles of silence give: not measured, so not a sample.
 */
export function decodeVector(data: unknown): DecodedVector {
  const skipped = new SkipCounter()
  const samples: Sample[] = []
  for (const entry of resultOf(data, 'vector', skipped)) {
    const labels = labelsOf(entry)
    if (labels === undefined) {
      skipped.add('a series without readable labels', entry)
      continue
    }
    const reading = valueOf(isObject(entry) ? entry['value'] : undefined)
    if (reading.kind === 'number') samples.push({ labels, value: reading.value })
    else skipped.add(reasonFor(reading.kind, entry), entry)
  }
  return { samples, skipped: skipped.list() }
}

/**
 * The series of a range query's `data`. Where a value is NaN or infinite the point is a gap; with `steps`, so is every step
 * that Prometheus left out, so that a line is not drawn across silence. Total, as `decodeVector`.
 */
export function decodeMatrix(data: unknown, steps?: Steps): DecodedMatrix {
  const skipped = new SkipCounter()
  const series: Series[] = []
  for (const entry of resultOf(data, 'matrix', skipped)) {
    const labels = labelsOf(entry)
    const values: unknown = isObject(entry) ? entry['values'] : undefined
    if (labels === undefined || !Array.isArray(values)) {
      const isHistogram = isObject(entry) && Array.isArray(entry['histograms'])
      skipped.add(isHistogram ? 'a native histogram' : 'a series without readable labels or values', entry)
      continue
    }
    const points: Point[] = []
    for (const pair of values) {
      const at = timeOf(pair)
      const reading = valueOf(pair)
      if (at === undefined || reading.kind === 'malformed') skipped.add('a malformed point', pair)
      else points.push({ at, value: reading.kind === 'number' ? reading.value : undefined })
    }
    series.push({ labels, points: steps === undefined ? points : onSteps(points, steps) })
  }
  return { series, skipped: skipped.list() }
}

/** One point per step, in order; steps nobody answered are gaps. Prometheus repeats our own steps, to the millisecond. */
function onSteps(points: readonly Point[], { start, end, step }: Steps): readonly Point[] {
  if (!(step > 0) || end < start) return points
  const byStep = new Map(points.map((point) => [Math.round((point.at - start) / step), point.value]))
  const count = Math.min(Math.floor((end - start) / step + 1e-6) + 1, 100_000)
  return Array.from({ length: count }, (_, index) => ({ at: start + index * step, value: byStep.get(index) }))
}

function resultOf(data: unknown, expected: 'vector' | 'matrix', skipped: SkipCounter): readonly unknown[] {
  if (!isObject(data)) {
    skipped.add('an answer without data', data)
    return []
  }
  const { resultType, result } = data
  if (resultType !== expected) {
    skipped.add(`a result that is not a ${expected}`, data)
    return []
  }
  if (Array.isArray(result)) return result
  skipped.add('a result that is not a list', data)
  return []
}

function labelsOf(entry: unknown): Labels | undefined {
  if (!isObject(entry) || !isObject(entry['metric'])) return undefined
  return isLabels(entry['metric']) ? entry['metric'] : undefined
}

/** Looped over rather than listed: this runs for every series of a large mesh (see bench/engine.ts). */
function isLabels(metric: Readonly<Record<string, unknown>>): metric is Labels {
  for (const name in metric) if (typeof metric[name] !== 'string') return false
  return true
}

type Reading = { readonly kind: 'number'; readonly value: number } | { readonly kind: 'nan' | 'infinite' | 'malformed' }

function valueOf(pair: unknown): Reading {
  if (!Array.isArray(pair) || pair.length !== 2) return { kind: 'malformed' }
  const text: unknown = pair[1]
  if (typeof text !== 'string') return { kind: 'malformed' }
  if (text === 'NaN') return { kind: 'nan' }
  if (/^[+-]?Inf$/.test(text)) return { kind: 'infinite' }
  // Number('') is 0 and Number('0x10') is 16: neither is what Prometheus writes.
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return { kind: 'malformed' }
  const value = Number(text)
  return Number.isFinite(value) ? { kind: 'number', value } : { kind: 'infinite' }
}

function timeOf(pair: unknown): number | undefined {
  const at: unknown = Array.isArray(pair) ? pair[0] : undefined
  return typeof at === 'number' && Number.isFinite(at) ? at : undefined
}

function reasonFor(kind: 'nan' | 'infinite' | 'malformed', entry: unknown): string {
  if (kind === 'nan') return 'a value that is not a number (NaN)'
  if (kind === 'infinite') return 'an infinite value'
  return isObject(entry) && 'histogram' in entry ? 'a native histogram' : 'a malformed value'
}

/** Counts what is left out by reason, with the alphabetically first instance: the order of an answer says nothing. */
class SkipCounter {
  readonly #byReason = new Map<string, { count: number; example: string }>()

  add(reason: string, instance: unknown): void {
    const known = this.#byReason.get(reason)
    const example = shortened(instance)
    if (known === undefined) {
      this.#byReason.set(reason, { count: 1, example })
      return
    }
    known.count += 1
    if (example < known.example) known.example = example
  }

  list(): readonly Skipped[] {
    return [...this.#byReason].map(([reason, { count, example }]) => ({ reason, count, example }))
  }
}

function shortened(instance: unknown): string {
  const text = typeof instance === 'string' ? instance : (JSON.stringify(instance) as string | undefined)
  return (text ?? 'nothing').slice(0, 200)
}
