import { type InstantQuestion, queriesFor, type Query } from '../src/mesh/queries.ts'
import type { Scope } from '../src/mesh/scope.ts'
import { queryUrl } from './call.ts'
import { windowSeconds } from './fill.ts'
import type { ServedMesh } from './serve.ts'
import { medians } from './stats.ts'

/** What one refresh of the graph costs the Prometheus, for a viewer who asks about so many namespaces. */
export interface ScopeFigures {
  /** `NaN` for a viewer of the whole mesh, who needs no slices. */
  readonly namespaces: number
  readonly labels: 'rates' | 'rates and p95'
  /** The same however many namespaces there are. */
  readonly queries: number
  /** Samples that Prometheus touched (`totalQueryableSamples` of `stats=all`). */
  readonly samples: number
  readonly megabytes: number
  /** Seconds Prometheus says it worked, all queries together. */
  readonly workedSeconds: number
  /** Milliseconds of wall time, all queries at once. */
  readonly ms: number
}

const rates: readonly InstantQuestion[] = [{ ask: 'requests' }, { ask: 'tcp', direction: 'sent' }, { ask: 'mtls' }]
const withLatency: readonly InstantQuestion[] = [...rates, { ask: 'response-time', statistic: 'p95' }]

/**
 * The graph's questions of 1, 40 and 500 of the mesh's namespaces (as far as it has so many) and of all of it, without and with p95 on
 * the edges, asked of Prometheus itself. Rejects when it answers anything but success.
 */
export async function measureScopes(
  served: ServedMesh,
  namespaces: readonly string[],
  runs: number,
): Promise<readonly ScopeFigures[]> {
  const counts = [1, 40, 500].filter((count) => count <= namespaces.length)
  const scopes = [...counts.map((count) => namespaces.slice(0, count)), 'all' as const]
  const figures: ScopeFigures[] = []
  for (const asked of scopes) {
    const scope: Scope = { namespaces: asked, peers: 'full', seesAll: asked === 'all', matchers: [] }
    for (const [labels, questions] of [
      ['rates', rates],
      ['rates and p95', withLatency],
    ] as const) {
      const queries = questions.flatMap((question) =>
        queriesFor(question, scope, { seconds: windowSeconds, at: served.to }),
      )
      await costOf(served, queries)
      figures.push({
        namespaces: asked === 'all' ? Number.NaN : asked.length,
        labels,
        queries: queries.length,
        ...(await medians(runs, () => costOf(served, queries))),
      })
    }
  }
  return figures
}

async function costOf({ prometheus, to }: ServedMesh, queries: readonly Query[]) {
  const start = performance.now()
  const answers = await Promise.all(
    queries.map(async ({ promql }) => {
      const [url = '', body = ''] = queryUrl(prometheus, promql, to).split('?')
      // As a form: a question about 500 namespaces is longer than an address may be.
      const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(`${body}&stats=all`) })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`Prometheus answered ${answer.status}: ${text.slice(0, 300)}`)
      // As documented: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
      const { data } = JSON.parse(text) as {
        readonly data: {
          readonly stats: {
            readonly timings: { readonly evalTotalTime: number }
            readonly samples: { readonly totalQueryableSamples: number }
          }
        }
      }
      return { bytes: text.length, ...data.stats }
    }),
  )
  const sum = (of: (answer: (typeof answers)[number]) => number) => answers.reduce((total, each) => total + of(each), 0)
  return {
    samples: sum(({ samples }) => samples.totalQueryableSamples),
    megabytes: sum(({ bytes }) => bytes) / 1e6,
    workedSeconds: sum(({ timings }) => timings.evalTotalTime),
    ms: performance.now() - start,
  }
}
