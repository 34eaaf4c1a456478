import { isObject } from '../clients/json.ts'
import { RefusalError } from './errors.ts'
import type { Token } from './token.ts'
import type { Upstream } from './upstream.ts'

/** A cluster's upstreams, as the doors use them. */
export interface Upstreams {
  readonly name: string
  readonly prometheus: Upstream
  readonly kubernetes: Upstream | undefined
  readonly token: Token | undefined
}

export interface Readiness {
  readonly ready: boolean
  readonly upstreams: readonly UpstreamReadiness[]
}

export interface UpstreamReadiness {
  readonly cluster: string
  readonly upstream: 'prometheus' | 'kubernetes'
  readonly reachable: boolean
  /** A sentence, where it is not. */
  readonly message?: string
}

/** Whether each upstream of each cluster answers the cheapest thing that every such server answers, asked in parallel. */
export async function readinessOf(clusters: readonly Upstreams[], timeoutSeconds: number): Promise<Readiness> {
  const upstreams = await Promise.all(
    clusters.flatMap(({ name, prometheus, kubernetes, token }) => [
      answers(name, 'prometheus', async () => {
        const form = new URLSearchParams({ query: 'vector(1)' })
        const { status, json } = await prometheus({ path: 'api/v1/query', form, timeoutSeconds })
        return status === 200 && isObject(json) && json['status'] === 'success' ? undefined : `HTTP status ${status}`
      }),
      ...(kubernetes === undefined
        ? []
        : [
            answers(name, 'kubernetes', async () => {
              const bearer = await token?.()
              const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }
              const { status } = await kubernetes({ path: 'api', headers, timeoutSeconds })
              return status === 200 ? undefined : `HTTP status ${status}`
            }),
          ]),
    ]),
  )
  return { ready: upstreams.every(({ reachable }) => reachable), upstreams }
}

async function answers(
  cluster: string,
  upstream: UpstreamReadiness['upstream'],
  ask: () => Promise<string | undefined>,
): Promise<UpstreamReadiness> {
  try {
    const message = await ask()
    return { cluster, upstream, reachable: message === undefined, ...(message === undefined ? {} : { message }) }
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    return { cluster, upstream, reachable: false, message: error.refusal.message }
  }
}
