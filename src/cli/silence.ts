import type { MeshGraph } from '../mesh/graph.ts'
import type { Skipped } from '../mesh/samples.ts'
import type { GraphArguments } from './graphArguments.ts'

/** Under which an upstream's own warnings stand in `skipped`: Thanos, Mimir and remote reads tell partial answers so. */
export const warningReason = 'a warning of Prometheus'

/** Seconds. A rate needs two samples, and scrapes are commonly up to a minute apart. */
const shortWindow = 120

/** Says why there is nothing, for the whole graph or for a namespace: unknown and silent look alike to telemetry. */
export function withSilence(mesh: MeshGraph, { matchers, window }: GraphArguments): MeshGraph {
  const drawn = new Set(mesh.nodes.map(({ namespace }) => namespace))
  const span = `the last ${window} s`
  const silent = mesh.namespaces
    .filter((namespace) => !drawn.has(namespace))
    .map((namespace) => ({
      reason: 'no call touches this namespace in the window: it is unknown, silent, or out of the mesh',
      count: 1,
      example: namespace,
    }))
  const causes: readonly Skipped[] = [
    ...(matchers.length === 0
      ? []
      : [
          {
            reason: 'no Istio traffic in the window matches --matcher; it may match nothing at all',
            count: 1,
            example: matchers.map(({ label, op, value }) => `${label}${op}${JSON.stringify(value)}`).join(', '),
          },
        ]),
    ...(window >= shortWindow
      ? []
      : [
          {
            reason: 'the window may be shorter than two scrapes, which a rate needs; try a longer --window',
            count: 1,
            example: span,
          },
        ]),
  ]
  const general: readonly Skipped[] =
    causes.length > 0 || mesh.namespaces.length > 0
      ? causes
      : [{ reason: 'this Prometheus holds no Istio traffic in the window', count: 1, example: span }]
  const reasons = [...silent, ...(mesh.nodes.length === 0 ? general : [])]
  return reasons.length === 0 ? mesh : { ...mesh, skipped: [...mesh.skipped, ...reasons] }
}
