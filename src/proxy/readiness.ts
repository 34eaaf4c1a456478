import { isObject } from '../clients/json.ts'
import { RefusalError } from './errors.ts'
import type { Upstream } from './upstream.ts'

/** A cluster's upstreams, as the doors use them. */
export interface Upstreams {
  readonly name: string
  readonly prometheus: Upstream
  readonly prometheusNote: () => string | undefined
  /** The API server; undefined where none is configured. */
  readonly own: Upstream | undefined
}

export interface Readiness {
  /** Whether this process can serve: it answers, so it can. An upstream that is down is for the page to say, not for nobody to see. */
  readonly ready: true
  /** Whether every upstream answers. */
  readonly complete: boolean
  readonly configuration: ConfigurationState
  readonly upstreams: readonly UpstreamReadiness[]
}

/** Whether the configuration in force is the one that was last written. */
export type ConfigurationState =
  | { readonly current: true }
  /** The older one stays in force; the message says what is wrong with the newer. */
  | { readonly current: false; readonly message: string; readonly since: string }

export interface UpstreamReadiness {
  readonly cluster: string
  readonly upstream: 'prometheus' | 'kubernetes'
  readonly reachable: boolean
  /** A sentence, where it is not. */
  readonly message?: string
  /** What to do about it. */
  readonly hint?: string
  /** Which Prometheus was found, and why that one. */
  readonly note?: string
}

/** Whether each upstream of each cluster answers the cheapest thing that every such server answers, asked in parallel. */
export async function readinessOf(
  clusters: readonly Upstreams[],
  timeoutSeconds: number,
  configuration: ConfigurationState,
): Promise<Readiness> {
  const upstreams = await Promise.all(
    clusters.flatMap(({ name, prometheus, prometheusNote, own }) => [
      answers(name, 'prometheus', prometheusNote, async () => {
        const form = new URLSearchParams({ query: 'vector(1)' })
        const { status, json } = await prometheus({ path: 'api/v1/query', form, timeoutSeconds })
        return status === 200 && isObject(json) && json['status'] === 'success' ? undefined : `HTTP status ${status}`
      }),
      ...(own === undefined
        ? []
        : [
            answers(
              name,
              'kubernetes',
              () => undefined,
              async () => {
                const { status } = await own({ path: 'api', timeoutSeconds })
                return status === 200 ? undefined : `HTTP status ${status}`
              },
            ),
          ]),
    ]),
  )
  return { ready: true, complete: upstreams.every(({ reachable }) => reachable), configuration, upstreams }
}

async function answers(
  cluster: string,
  upstream: UpstreamReadiness['upstream'],
  noteOf: () => string | undefined,
  ask: () => Promise<string | undefined>,
): Promise<UpstreamReadiness> {
  try {
    const message = await ask()
    const note = noteOf()
    return {
      cluster,
      upstream,
      reachable: message === undefined,
      ...(message === undefined ? {} : { message }),
      ...(note === undefined ? {} : { note }),
    }
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    const { message, hint } = error.refusal
    return { cluster, upstream, reachable: false, message, ...(hint === undefined ? {} : { hint }) }
  }
}
