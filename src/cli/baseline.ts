import { readFile } from 'node:fs/promises'
import { type Baseline, driftOf, driftText, hasCalls, hasDrift, readBaseline } from '../mesh/drift.ts'
import type { MeshGraph } from '../mesh/graph.ts'
import type { Skipped } from '../mesh/samples.ts'
import { oneLine } from './advice.ts'
import type { GraphArguments } from './graphArguments.ts'
import { shapeDifference, shapeOf } from './shape.ts'
import { warningReason } from './silence.ts'

/** The graph in that file; or a sentence on why it cannot be compared with what is asked. */
export async function baselineFrom(file: string, asked: GraphArguments): Promise<Baseline | string> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    return `${file} cannot be read as JSON (${oneLine(error instanceof Error ? error.message : String(error))}); it takes a file that --format json printed`
  }
  const baseline = readBaseline(value)
  if (typeof baseline === 'string')
    return `${file} is not a graph: ${baseline}; it takes a file that --format json printed`
  if (baseline.graphType !== asked.graphType) {
    return `${file} is a ${baseline.graphType} graph and this would be a ${asked.graphType} one; add --graph-type ${baseline.graphType}`
  }
  const [theirs, ours] = [baseline.namespaces, asked.namespaces].map((names) => names.toSorted().join(','))
  if (theirs !== ours) {
    const flag = theirs === undefined || theirs === '' ? 'leave out --namespaces' : `add --namespaces ${theirs}`
    return `${file} is of ${theirs === '' ? 'all namespaces' : (theirs ?? '')} and this would be of ${ours === '' ? 'all' : (ours ?? '')}; ${flag}`
  }
  const difference = baseline.options === undefined ? undefined : shapeDifference(baseline.options, shapeOf(asked))
  return difference === undefined
    ? baseline
    : `${file} was made ${oneLine(difference)}; give the same options, or make the baseline again`
}

/** What a comparison comes to: the text for stdout; or why none was made, which is no drift. */
export type Compared =
  | { readonly kind: 'compared'; readonly hasDrift: boolean; readonly text: string }
  | { readonly kind: 'incomparable'; readonly why: string }

/** The drift of `mesh` from a baseline; none where the upstream answered only in part, or not with a single call. */
export function compared(baseline: Baseline, mesh: MeshGraph, format: GraphArguments['format']): Compared {
  const partial = mesh.skipped.find(({ reason }) => reason === warningReason)
  if (partial !== undefined) {
    return {
      kind: 'incomparable',
      why: `the answer may be partial, so that what is new or gone cannot be told: ${reasonsIn(mesh.skipped)}`,
    }
  }
  if (hasCalls(baseline) && !hasCalls(mesh)) {
    return {
      kind: 'incomparable',
      why: `there is no call to compare, and the baseline has some: ${reasonsIn(mesh.skipped)}`,
    }
  }
  const drift = driftOf(baseline, mesh)
  return {
    kind: 'compared',
    hasDrift: hasDrift(drift),
    text: format === 'json' ? `${JSON.stringify(drift, null, 2)}\n` : driftText(drift),
  }
}

function reasonsIn(skipped: readonly Skipped[]): string {
  const told = skipped.map(({ reason, example }) => oneLine(`${reason} (${example})`, 300))
  return told.length === 0 ? 'all that is known is idle in the window' : told.join('; ')
}
