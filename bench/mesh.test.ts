import { describe, expect, it } from 'vitest'
import { decodeVector } from '../src/clients/prometheus/decode.ts'
import { defaultPolicy } from '../src/mesh/health.ts'
import type { MeshGraph } from '../src/mesh/graph.ts'
import { readMesh } from '../src/mesh/read.ts'
import { answersOf } from './answers.ts'
import { faultKinds } from './faults.ts'
import { growMesh, type Mesh } from './mesh.ts'
import { seriesOf } from './series.ts'

const recipe = { seed: 7, workloads: 120 }

function graphOf(mesh: Mesh): MeshGraph {
  const answers = answersOf(mesh)
  const samples = (result: readonly unknown[]) => decodeVector({ resultType: 'vector', result }).samples
  return readMesh(
    { requests: samples(answers.requests), tcp: samples(answers.tcp), mtls: samples(answers.mtls) },
    undefined,
    {
      graphType: 'workload',
      window: { seconds: 300, at: 1_760_000_010 },
      namespaces: [],
      reporter: 'auto',
      serviceNodes: false,
      waypoints: false,
      idleEdges: false,
      http: true,
      grpc: 'requests',
      policy: defaultPolicy,
    },
  )
}

const troubledOf = ({ nodes }: MeshGraph) =>
  nodes.filter(({ health }) => health?.state === 'failing' || health?.state === 'degraded')

describe('a seeded mesh', () => {
  it('is the same for the same seed and another for another', () => {
    expect(growMesh(recipe)).toEqual(growMesh(recipe))
    expect(growMesh({ ...recipe, seed: 8 })).not.toEqual(growMesh(recipe))
  })

  it.each([50, 200, 1000])('has the workloads and the edges it was asked for: %i', (workloads) => {
    const mesh = growMesh({ seed: 3, workloads })
    const own = mesh.workloads.filter(({ proxy }) => proxy !== 'waypoint')
    expect(own).toHaveLength(workloads)
    expect(new Set(own.map(({ name }) => name)).size).toBe(workloads)
    expect(mesh.calls).toHaveLength(workloads * 5)
    const called = new Set(mesh.calls.flatMap(({ source, destination }) => [source.name, destination.name]))
    expect(own.filter(({ name }) => !called.has(name))).toEqual([])
  })

  it('writes no series twice', () => {
    const mesh = growMesh({ ...recipe, fault: 'unreachable', ambientShare: 0.5, clusters: 2 })
    const keys = [...seriesOf(mesh, { hasDurations: true })].map(({ metric, labels, le }) =>
      JSON.stringify([metric, le, labels]),
    )
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('is read back by the engine pair by pair, ambient and two clusters included', () => {
    const mesh = growMesh({ ...recipe, ambientShare: 0.4, clusters: 2 })
    const { edges, skipped } = graphOf(mesh)
    const requests = mesh.calls.filter(({ protocol }) => protocol !== 'tcp')
    const read = edges.filter(({ protocol }) => protocol !== 'tcp')
    expect(read).toHaveLength(requests.length)
    const sum = (rates: readonly { rate: number }[]) => rates.reduce((total, { rate }) => total + rate, 0)
    expect(sum(read)).toBeCloseTo(sum(requests), 6)
    expect(skipped).toEqual([])
  })

  it('has nothing in trouble when no fault is planted', () => {
    expect(troubledOf(graphOf(growMesh({ ...recipe, workloads: 500 })))).toEqual([])
  })
})

describe('a planted fault', () => {
  it.each(faultKinds)('%s puts the culprit, and besides it only its callers, in trouble', (fault) => {
    const mesh = growMesh({ ...recipe, fault })
    const culprit = mesh.fault?.culprit
    const callers = mesh.calls.filter(({ destination }) => destination === culprit).map(({ source }) => source.name)
    const troubled = troubledOf(graphOf(mesh)).map(({ workload, service }) => workload ?? service ?? '')
    expect(troubled.some((name) => name === culprit?.name || name === culprit?.app)).toBe(true)
    const others = troubled.filter((name) => name !== culprit?.name && name !== culprit?.app)
    expect(others.filter((name) => !callers.includes(name))).toEqual([])
  })
})
