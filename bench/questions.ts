import { questionParameters } from '../src/clients/prometheus/telemetry.ts'
import { type InstantQuestion, queriesFor, type Query } from '../src/mesh/queries.ts'
import type { Scope } from '../src/mesh/scope.ts'
import { curl, queryUrl, run } from './call.ts'
import { windowSeconds } from './fill.ts'
import { command, type ServedMesh } from './serve.ts'
import { medians } from './stats.ts'

export interface QuestionFigures {
  readonly question: string
  readonly queries: number
  readonly bytes: number
  /** Wall time of one curl that asks Prometheus all of the question's queries at once. */
  readonly prometheusMs: number
  /** Wall time of one curl that asks the proxy the question. */
  readonly proxyMs: number
  readonly ratio: number
}

const everything: Scope = { namespaces: 'all', peers: 'full', seesAll: true, matchers: [] }

const questions: readonly InstantQuestion[] = [
  { ask: 'requests' },
  { ask: 'tcp', direction: 'sent' },
  { ask: 'mtls' },
  { ask: 'response-time', statistic: 'avg' },
  { ask: 'response-time', statistic: 'p95' },
]

/** Each question, asked of Prometheus itself and through the proxy in turn, so that both meet the same moods of the machine. */
export async function measureQuestions(served: ServedMesh, runs: number): Promise<readonly QuestionFigures[]> {
  const figures: QuestionFigures[] = []
  for (const question of questions) {
    const { length } = queriesFor(question, everything, { seconds: windowSeconds, at: served.to })
    // Each run asks of another instant: the proxy answers the very same question from memory for some seconds.
    let asked = 0
    const next = () => {
      asked += 1
      const at = served.to - asked
      const queries = queriesFor(question, everything, { seconds: windowSeconds, at })
      const time = new URLSearchParams({
        ...questionParameters(question),
        window: `${windowSeconds}s`,
        time: String(at),
      })
      return {
        raw: urlsOf({ ...served, to: at }, queries),
        door: [`${served.app}/api/clusters/local/telemetry/${question.ask}?${time.toString()}`],
      }
    }
    const warm = next()
    await Promise.all([curl(warm.raw), curl(warm.door)])
    const { prometheusMs, proxyMs, bytes, ratio } = await medians(runs, async () => {
      const { raw, door } = next()
      const direct = await curl(raw)
      const through = await curl(door)
      return { prometheusMs: direct.ms, proxyMs: through.ms, bytes: through.bytes, ratio: through.ms / direct.ms }
    })
    const name = 'statistic' in question ? `${question.ask} ${question.statistic}` : question.ask
    figures.push({ question: name, queries: length, bytes, prometheusMs, proxyMs, ratio })
  }
  return figures
}

/** `meshboard graph` from start to end, beside one curl that asks the same queries at once. */
export async function measureCommand(served: ServedMesh, runs: number) {
  const asked: readonly InstantQuestion[] = [{ ask: 'requests' }, { ask: 'tcp', direction: 'sent' }]
  const urls = urlsOf(
    served,
    asked.flatMap((question) => queriesFor(question, everything, { seconds: windowSeconds, at: served.to })),
  )
  const args = [
    ...[command(), 'graph', '--prometheus-url', served.prometheus],
    ...['--time', String(served.to), '--window', `${windowSeconds}s`],
  ]
  await run(process.execPath, args)
  return medians(runs, async () => {
    const direct = await curl(urls)
    const own = await run(process.execPath, args)
    const start = await run(process.execPath, [command(), 'graph', '--help'])
    return { curlMs: direct.ms, commandMs: own.ms, startMs: start.ms, ratio: own.ms / direct.ms }
  })
}

const urlsOf = ({ prometheus, to }: ServedMesh, queries: readonly Query[]) =>
  queries.map(({ promql }) => queryUrl(prometheus, promql, to))
