import { duration, select } from '../mesh/promql.ts'
import type { Matcher, Window } from '../mesh/scope.ts'
import { label, metrics } from '../mesh/telemetry.ts'
import { Memory } from './memory.ts'
import { runQuery } from './run.ts'
import type { Upstream } from './upstream.ts'

/** When each namespace of a member's scope was created, in unix seconds. */
export type Ages = ReadonlyMap<string, number>

/** What was before some namespaces: how far back a member's question may look. */
export interface EarlierLives {
  /**
   * Those of the namespaces of whose names Prometheus holds anything from before their creation, as far back as `window` reaches, the
   * youngest first: those were other namespaces, maybe another team's. Of all others nothing needs to be left out.
   */
  readonly of: (ages: Ages, window: Window, signal: AbortSignal | undefined) => Promise<readonly Reborn[]>
}

export interface Reborn {
  readonly namespace: string
  /** Unix seconds. */
  readonly since: number
}

/** Seconds. What lay before a namespace's creation does not change. */
const rememberedFor = 600
const mostRemembered = 20_000
/** More young namespaces than this are not looked into: they count as if something lay before them. */
const mostAsked = 50
/** Seconds: reaches are rounded up, so that a moving window asks the same. */
const reaches = [3600, 6 * 3600, 86_400, 7 * 86_400, 31 * 86_400, 62 * 86_400]

/** What tells of a namespace, without the histograms' buckets, which are never told without their count. */
const names = [
  ...Object.values(metrics).filter((name) => !name.endsWith('_bucket')),
  'istio_request_bytes_count',
  'istio_response_bytes_count',
]
const labels = [label.sourceNamespace, label.destinationNamespace, label.serviceNamespace] as const
const ofContainers = ['container_cpu_usage_seconds_total', 'container_memory_working_set_bytes']
const ofAlerts = ['ALERTS', 'ALERTS_FOR_STATE']

/** Of one cluster; `now` in unix seconds. What Prometheus does not answer counts as if something lay before. */
export function createEarlierLives(
  prometheus: Upstream,
  { matchers, now }: { readonly matchers: readonly Matcher[]; readonly now: () => number },
): EarlierLives {
  const known = new Memory<boolean>({ seconds: rememberedFor, most: mostRemembered, now })

  const hadOne = async (namespace: string, created: number, reach: number): Promise<boolean> => {
    const range = reaches.find((each) => each >= reach)
    if (range === undefined) return true
    const key = JSON.stringify([namespace, created, range])
    return known
      .get(key, async () => {
        const promql = nothingOf(namespace, range, matchers)
        const { result } = await runQuery(prometheus, promql, created, undefined)
        return result.length === 0
      })
      .catch(() => true)
  }

  return {
    of: async (ages, { at, seconds }, signal) => {
      const from = at - seconds
      const young = [...ages].filter(([, created]) => created > from).sort(([, one], [, other]) => other - one)
      const found = await Promise.all(
        young.map(([namespace, created], index) =>
          index >= mostAsked ? Promise.resolve(true) : hadOne(namespace, created, created - from),
        ),
      )
      signal?.throwIfAborted()
      return young.flatMap(([namespace, since], index) => (found[index] === true ? [{ namespace, since }] : []))
    },
  }
}

/** One sample where nothing at all tells of the namespace in the range, none otherwise. */
function nothingOf(namespace: string, range: number, matchers: readonly Matcher[]): string {
  const absent = (metric: readonly string[], name: string): string => {
    const own: readonly Matcher[] = [
      ...matchers,
      { label: '__name__', op: '=~', value: metric.join('|') },
      { label: name, op: '=', value: namespace },
    ]
    return `absent_over_time(${select('', own)}[${duration(range)}])`
  }
  const parts = [
    ...labels.map((name) => absent([...names, ...ofAlerts], name)),
    absent([...ofContainers, ...ofAlerts], 'namespace'),
  ]
  return `group(${parts.join(' and on () ')})`
}
