import type { EndKind } from '../../mesh/callEnd.ts'
import { choiceWord, sharedWords, textWord, writeWords } from '../url.ts'
import { partWords } from './details/partWords.ts'
import { logWords } from './logs/logWords.ts'
import { endWord } from './metrics/endWord.ts'

/** A service, workload, app or namespace that a page is about. */
export interface EndName {
  readonly kind: EndKind
  readonly namespace: string
  readonly name: string
}

export interface Place {
  readonly pathname: string
  /** Without `?`. */
  readonly search: string
}

/** What goes along to another page: the words that every page shares, as they stand. */
export function sharedSearch(search: string): string {
  if (search !== lastShared.search) {
    const kept = [...new URLSearchParams(search)].filter(([word]) => Object.hasOwn(sharedWords, word))
    lastShared = { search, kept: readable(new URLSearchParams(kept)) }
  }
  return lastShared.kept
}

/** A list has hundreds of links, and all of them take the same along. */
let lastShared = { search: '', kept: '' }

/**
 * Where one end's metrics are: a service has a page of its own. The shared words go along, the span too; so does the graph's node it was
 * left from, for the way back.
 */
export function metricsPlace(end: EndName, search: string, node?: string): Place {
  const params = new URLSearchParams(sharedSearch(search))
  if (node !== undefined) params.set('node', node)
  const kept = readable(params)
  if (end.kind === 'service') {
    return { pathname: `/services/${encodeURIComponent(end.namespace)}/${encodeURIComponent(end.name)}`, search: kept }
  }
  return { pathname: '/traffic-metrics', search: writeWords({ of: endWord }, kept, { of: end }) }
}

/** The Explore page's own words of the URL: what is asked, and how the answer is shown. */
export const exploredWords = {
  q: textWord(),
  view: choiceWord(['chart', 'table'], 'chart'),
}

/** The Explore page with an expression. The shared words go along, the span too. */
export function explorePlace(promql: string, search: string): Place {
  return { pathname: '/explore', search: writeWords(exploredWords, sharedSearch(search), { q: promql }) }
}

/** The page about one namespace, workload, app or service; `part` is one of those it has beside its first. The shared words go along. */
export function detailsPlace(
  kind: EndKind,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  search: string,
  part?: 'traces' | 'logs',
): Place {
  const path = kind === 'namespace' ? [name] : [namespace, name]
  const params = new URLSearchParams(sharedSearch(search))
  if (part !== undefined) params.set('part', part)
  return {
    pathname: `/${kind}s/${path.map(encodeURIComponent).join('/')}`,
    search: readable(params),
  }
}

/** The log of a workload's pod. The shared words go along. */
export function logPlace(
  workload: { readonly namespace: string; readonly name: string },
  pod: string,
  search: string,
): Place {
  const { pathname, search: kept } = detailsPlace('workload', workload, search)
  return { pathname, search: writeWords({ ...partWords, ...logWords }, kept, { part: 'logs', pod }) }
}

/**
 * The traffic graph with an element selected: `id`, else the node that the page was left from. Without either the end's namespace is
 * shown: what telemetry calls its cluster, which is part of a node's id, is not known here.
 */
export function graphPlace({ kind, namespace }: EndName, search: string, id?: string): Place {
  const params = new URLSearchParams(sharedSearch(search))
  const selected = id ?? new URLSearchParams(search).get('node') ?? undefined
  // An app's id with five parts ends in its version, which is what the graph shows by default.
  const isVersioned = kind === 'app' && (selected?.split('/').length ?? 0) > 4
  if (!isVersioned) params.set('graphType', kind === 'app' ? 'app' : 'workload')
  if (kind === 'service') params.set('serviceNodes', 'true')
  if (selected !== undefined) params.set('selected', selected)
  else if (!params.has('project')) params.set('namespaces', namespace)
  return { pathname: '/traffic-graph', search: readable(params) }
}

/** The page about one Istio or Gateway API object; `kind` as findings write it. The shared words go along. */
export function configPlace(
  { kind, namespace, name }: { readonly kind: string; readonly namespace: string; readonly name: string },
  search: string,
): Place {
  return {
    pathname: `/istio/${[kind, namespace, name].map(encodeURIComponent).join('/')}`,
    search: sharedSearch(search),
  }
}

/** The page about one trace. The shared words go along. */
export function tracePlace(id: string, search: string): Place {
  return { pathname: `/traces/${encodeURIComponent(id)}`, search: sharedSearch(search) }
}

function readable(params: URLSearchParams): string {
  return params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')
}
