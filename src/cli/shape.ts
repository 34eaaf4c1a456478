import type { ShapeOptions } from '../mesh/graph.ts'
import type { GraphArguments } from './graphArguments.ts'

/** The options that decide which nodes and edges a graph can have, as its JSON records them. */
export function shapeOf(asked: GraphArguments): ShapeOptions {
  const { serviceNodes, waypoints, idleEdges, reporter, http, grpc, tcp, kubeconfig } = asked
  return { serviceNodes, waypoints, idleEdges, reporter, http, grpc, tcp, kubeconfig: kubeconfig !== undefined }
}

const flags: Readonly<Record<keyof ShapeOptions, string>> = {
  serviceNodes: '--service-nodes',
  waypoints: '--waypoints',
  idleEdges: '--idle-edges',
  reporter: '--reporter',
  http: '--http',
  grpc: '--grpc',
  tcp: '--tcp',
  kubeconfig: '--kubeconfig',
}

/** A sentence that names every option in which a recorded shape differs, with both values; options it does not record do not differ. */
export function shapeDifference(recorded: object, asked: ShapeOptions): string | undefined {
  const theirs = new Map<string, unknown>(Object.entries(recorded))
  const ours = Object.entries(asked) as [keyof ShapeOptions, string | boolean][]
  const differences = ours.flatMap(([name, value]) => {
    const recordedValue = theirs.get(name)
    return recordedValue === undefined || recordedValue === value
      ? []
      : [`with ${wordsOf(flags[name], recordedValue)} and this would be with ${wordsOf(flags[name], value)}`]
  })
  return differences.length === 0 ? undefined : differences.join('; ')
}

function wordsOf(flag: string, value: unknown): string {
  if (typeof value === 'boolean') return `${flag} ${value ? 'on' : 'off'}`
  return `${flag} ${typeof value === 'string' ? value.slice(0, 40) : JSON.stringify(value).slice(0, 40)}`
}
