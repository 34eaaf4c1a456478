import type { MeshGraph } from '../graph.ts'

/** A graph's edges in words, sorted: `source -> target | protocol rate/s | rate x code flags, ... | reported s/d | rate failed flags | marks | l4 sent/received`. */
export function wordsOf(graph: MeshGraph): readonly string[] {
  return graph.edges.map((edge) => {
    const responses = edge.responses.map(({ code, flags, rate }) => `${round(rate)} x ${code} ${flags ?? '?'}`)
    const l4 = edge.layers?.l4
    return [
      `${edge.source} -> ${edge.target}`,
      `${edge.protocol} ${round(edge.rate)}/s`,
      ...(edge.protocol === 'tcp' || responses.length === 0 ? [] : [responses.join(', ')]),
      ...(edge.reported === undefined
        ? []
        : [`reported ${round(edge.reported.source)}/${round(edge.reported.destination)}`]),
      ...(edge.failedConnections ?? []).map(({ flags, rate }) => `${round(rate)} failed ${flags}`),
      ...(edge.marks.length === 0 ? [] : [edge.marks.join(' ')]),
      ...(l4 === undefined ? [] : [`l4 ${round(l4.sent)}/${round(l4.received)}${l4.isEstimated ? ' estimated' : ''}`]),
    ].join(' | ')
  })
}

function round(value: number | undefined): string {
  return value === undefined ? '-' : String(Math.round(value * 1000) / 1000)
}
