import { flagWords } from './flags.ts'
import type { GraphEdge, GraphNode, MeshGraph, Protocol } from './graph.ts'
import { nameOf } from './origin.ts'
import { amount, duration, percent, short } from './phrases.ts'

/** The graph as JSON, one node and one edge a line, so that two of them compare line by line; parsed, it is the graph itself. */
export function toJson(graph: MeshGraph): string {
  const { nodes, edges, skipped, ...head } = graph
  const fields = Object.entries(head).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  const lists = Object.entries({ nodes, edges, skipped }).map(
    ([name, items]) =>
      `${JSON.stringify(name)}: [${items.map((item) => `\n    ${JSON.stringify(item)}`).join(',')}${items.length > 0 ? '\n  ' : ''}]`,
  )
  return `{\n  ${[...fields, ...lists].join(',\n  ')}\n}\n`
}

/**
 * The graph as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html): a subgraph per namespace, rates on the edges,
 * health as a class. Names of any content become harmless labels; an empty graph is an empty flowchart.
 */
export function toMermaid(graph: MeshGraph): string {
  const ids = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]))
  const places = new Map<string, GraphNode[]>()
  for (const node of graph.nodes) {
    const place = node.kind === 'unknown' ? '' : `${node.cluster}/${node.namespace}`
    const members = places.get(place)
    if (members === undefined) places.set(place, [node])
    else members.push(node)
  }
  const isMultiCluster =
    new Set(graph.nodes.flatMap(({ cluster, kind }) => (kind === 'unknown' ? [] : [cluster]))).size > 1
  const lines = ['flowchart LR']
  let count = 0
  for (const [place, members] of places) {
    const [first] = members
    const drawn = members.map((node) => `${ids.get(node.id) ?? ''}${shapeOf(node)}${classOf(node.health?.state)}`)
    if (place === '' || first === undefined) lines.push(...drawn.map((line) => `  ${line}`))
    else {
      const title = isMultiCluster ? `${first.namespace} (${first.cluster})` : first.namespace
      lines.push(`  subgraph s${count++}["${mermaidText(title)}"]`, ...drawn.map((line) => `    ${line}`), '  end')
    }
  }
  for (const edge of graph.edges) {
    const [from, to] = [ids.get(edge.source), ids.get(edge.target)]
    if (from === undefined || to === undefined) continue
    const arrow = edge.isIdle === true ? '-.->' : '-->'
    lines.push(`  ${from} ${arrow}|"${mermaidText(edgeLabel(edge))}"| ${to}`)
  }
  lines.push(
    '  classDef failing stroke:#c00,stroke-width:3px',
    '  classDef degraded stroke:#c80,stroke-width:2px,stroke-dasharray:6 3',
    '  classDef notReady stroke:#06c,stroke-dasharray:2 2',
  )
  return `${lines.join('\n')}\n`
}

function shapeOf(node: GraphNode): string {
  const label = `"${mermaidText(nameOf(node, node.namespace))}"`
  if (node.kind === 'service') return `([${label}])`
  if (node.kind === 'operation') return `[/${label}/]`
  return node.kind === 'unknown' ? `{{${label}}}` : `[${label}]`
}

function classOf(state: string | undefined): string {
  return state === 'failing' || state === 'degraded' || state === 'notReady' ? `:::${state}` : ''
}

/** Quotes, brackets and the like as Mermaid's entity codes. */
function mermaidText(text: string): string {
  return short(text, 80).replace(/[^\p{L}\p{N} .,:/_()%-]/gu, (character) => `#${character.codePointAt(0) ?? 63};`)
}

function edgeLabel(edge: GraphEdge): string {
  const errors = edge.errorRatio === undefined || edge.errorRatio === 0 ? '' : `, ${percent(edge.errorRatio)} errors`
  return `${edge.protocol} ${rateWords(edge.protocol, edge.rate)}${errors}`
}

function rateWords(protocol: Protocol, rate: number): string {
  return protocol === 'tcp' ? `${amount(rate)} B/s` : `${amount(rate)}/s`
}

const columns = [
  'source_cluster',
  'source_namespace',
  'source',
  'source_version',
  'target_cluster',
  'target_namespace',
  'target',
  'target_version',
  'protocol',
  'rate',
  'error_ratio',
  'latency_seconds',
  'throughput_bytes_per_second',
  'mtls',
  'health',
  'source_principal',
  'target_principal',
  'responses',
  'marks',
] as const

/**
 * One row per edge after a header row (RFC 4180, CRLF); an empty field is "not measured". Text that a spreadsheet would run as a
 * formula gets an apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function toCsv(graph: MeshGraph): string {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const rows = graph.edges.map((edge) => {
    const { avg, p50, p95, p99 } = edge.latency ?? {}
    return [
      ...endOf(nodes.get(edge.source)),
      ...endOf(nodes.get(edge.target)),
      edge.protocol,
      edge.rate,
      edge.errorRatio,
      avg ?? p50 ?? p95 ?? p99,
      edge.throughput,
      edge.mtls,
      edge.health?.state,
      edge.sourcePrincipal,
      edge.destinationPrincipal,
      edge.responses.map(({ code, flags, rate }) => `${code} ${flags ?? '-'} ${amount(rate)}`).join('; '),
      edge.marks.join(' '),
    ]
  })
  return [columns, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('')
}

function endOf(node: GraphNode | undefined): readonly (string | undefined)[] {
  const name =
    node?.kind === 'service'
      ? node.service
      : node?.kind === 'operation'
        ? node.operation
        : node?.kind === 'workload'
          ? node.workload
          : (node?.app ?? node?.workload)
  return [node?.cluster, node?.namespace, name ?? node?.kind, node?.version]
}

export function csvField(value: string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) && value !== '-' ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** For reading in a terminal: what calls what, the busiest first, then what is not healthy and why, and what was skipped. */
export function toText(graph: MeshGraph): string {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const where =
    graph.namespaces.length === 0 ? 'all namespaces' : graph.namespaces.map((name) => short(name)).join(', ')
  const at = new Date(graph.time * 1000).toISOString().replace('.000Z', 'Z')
  const head = `${graph.graphType} graph of ${where}: ${graph.nodes.length} nodes, ${graph.edges.length} edges, last ${duration(graph.window)} before ${at}`
  const order: readonly Protocol[] = ['http', 'grpc', 'tcp']
  const edges = graph.edges
    .toSorted((a, b) => order.indexOf(a.protocol) - order.indexOf(b.protocol) || b.rate - a.rate)
    .map((edge) => edgeRow(edge, nodes))
  const troubled = graph.nodes.flatMap((node) => {
    const state = node.health?.state
    if (state !== 'failing' && state !== 'degraded' && state !== 'notReady') return []
    const word = state === 'notReady' ? 'not ready' : state
    return [`${word}: ${nameOf(node)}`, ...(node.health?.reasons ?? []).map((reason) => `  ${reason}`)]
  })
  const skipped = graph.skipped.map(
    ({ reason, count, example }) => `skipped ${count}: ${short(reason, 200)} (${short(example, 120)})`,
  )
  const sections = [[head], table(edges), troubled, skipped].filter((lines) => lines.length > 0)
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function edgeRow(edge: GraphEdge, nodes: ReadonlyMap<string, GraphNode>): readonly string[] {
  const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)]
  const [statistic, seconds] = Object.entries(edge.latency ?? {})[0] ?? []
  const worst = edge.responses.filter(({ flags }) => flagWords(flags) !== '').toSorted((a, b) => b.rate - a.rate)[0]
  return [
    source === undefined ? edge.source : nameOf(source),
    '→',
    target === undefined ? edge.target : nameOf(target),
    edge.protocol,
    rateWords(edge.protocol, edge.rate),
    edge.errorRatio === undefined ? '' : `${percent(edge.errorRatio)} errors`,
    statistic === undefined || seconds === undefined ? '' : `${statistic} ${amount(seconds * 1000)} ms`,
    edge.mtls === undefined ? '' : `${percent(edge.mtls)} mTLS`,
    worst === undefined ? '' : `${worst.code} ${short(worst.flags ?? '', 20)} ${short(flagWords(worst.flags), 40)}`,
  ]
}

/** Rows with their columns under each other. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => Array.from(row[column] ?? '').length)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max((widths[column] ?? 0) - Array.from(cell).length, 0)))
      .join('  ')
      .trimEnd(),
  )
}
