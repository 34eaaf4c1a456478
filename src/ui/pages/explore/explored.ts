import type { Row } from '../../../clients/prometheus/explore.ts'
import { meanOf } from '../../../mesh/panels.ts'
import type { Labels, Series } from '../../../mesh/samples.ts'
import { rankInk, type Line } from '../../charts/line.ts'

/** More lines than these say nothing. */
export const mostLines = 40
export const mostRows = 500

/** `up{job="a"}` as PromQL writes a series; `{}` for none. */
export function seriesText({ __name__: name = '', ...labels }: Labels): string {
  const pairs = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`
}

/** The largest series as lines, by their means; labels that all have in common are left out of the names. */
export function linesOf(series: readonly Series[]): readonly Line[] {
  const common = commonOf(series.map(({ labels }) => labels))
  return series
    .map(({ labels, points }) => {
      const values = points.map(({ value }) => value)
      return { labels, values, mean: meanOf(values) }
    })
    .toSorted((a, b) => (b.mean ?? -Infinity) - (a.mean ?? -Infinity))
    .slice(0, mostLines)
    .map(({ labels, values, mean }, place) => ({
      id: seriesText(labels),
      label: seriesText(Object.fromEntries(Object.entries(labels).filter(([name]) => !common.has(name)))),
      shape: 'line',
      ink: rankInk(place),
      values,
      overall: mean,
    }))
}

/** A table's columns, one for each label there is, the metric's name first. */
export function columnsOf(rows: readonly Row[]): readonly string[] {
  const names = new Set(rows.flatMap(({ labels }) => Object.keys(labels)))
  return [...names].sort((a, b) => (a === '__name__' ? -1 : b === '__name__' ? 1 : a < b ? -1 : 1))
}

/** The labels that all series have with the same value; none of a single one, which needs its name. */
function commonOf(all: readonly Labels[]): ReadonlySet<string> {
  const [first, ...rest] = all
  if (first === undefined || rest.length === 0) return new Set()
  return new Set(Object.keys(first).filter((name) => rest.every((labels) => labels[name] === first[name])))
}
