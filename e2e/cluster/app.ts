import { inject, onTestFinished } from 'vitest'
import type { Session } from '../../src/clients/session/wire.ts'
import { personas } from '../../src/demo/cluster/personas.ts'
import type { ProxyConfig } from '../../src/proxy/config.ts'
import { standingServer } from '../../src/proxy/testServer.ts'
import { type RunningProxy, startProxy } from '../../src/proxy/serve.ts'
import { connectTo } from './api.ts'
import { tokenOf } from './people.ts'

export interface Sent {
  readonly method?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The dashboard's proxy before the real cluster, for one test or file. */
export interface App {
  readonly url: string
  /** The queries that reached Prometheus, in order. */
  readonly queries: readonly string[]
  readonly ask: (who: string, path: string, sent?: Sent) => Promise<{ readonly status: number; readonly json: unknown }>
  readonly session: (who: string) => Promise<Session>
  readonly close: () => Promise<void>
}

/** How long an answer of the cluster is believed; revocation is tried with the default of 30 s elsewhere. */
type Limits = NonNullable<ProxyConfig['limits']>

/** Another Kubernetes API than the real one, which the same tests are run against. */
export interface AnotherApi {
  readonly url: string
  /** Of Meshboard's own account there. */
  readonly token: string
}

/**
 * The proxy in `bearer` mode before the real cluster and a Prometheus that has measured nothing but remembers what it was asked.
 * `who` is a persona's id, a test user's name or a token.
 */
export async function startApp(
  limits: Limits = { reviewSeconds: 0, projectsSeconds: 0, answerSeconds: 0 },
  another?: AnotherApi,
): Promise<App> {
  const kubernetes = another ?? (await realApi())
  const prometheus = await standingServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } }))
  })
  const proxy: RunningProxy = await startProxy({
    port: 0,
    logLevel: 'silent',
    auth: { mode: 'bearer' },
    limits,
    clusters: [
      {
        name: 'real',
        prometheus: { url: prometheus.url },
        kubernetes,
        settings: { namespace: 'istio-system' },
      },
    ],
  })
  const ask: App['ask'] = async (who, path, sent = {}) => {
    const answer = await fetch(proxy.url + path, {
      ...sent,
      headers: { 'x-meshboard-token': tokenFor(who), ...sent.headers },
    })
    const text = await answer.text()
    return { status: answer.status, json: text === '' ? undefined : (JSON.parse(text) as unknown) }
  }
  return {
    url: proxy.url,
    get queries() {
      return prometheus.received.map(({ body }) => new URLSearchParams(body).get('query') ?? '')
    },
    ask,
    session: async (who) => {
      const { status, json } = await ask(who, '/api/session')
      if (status !== 200) throw new Error(`the session of ${who}: HTTP status ${status}`)
      return json as Session
    },
    close: async () => {
      await proxy.close()
      await prometheus.close()
    },
  }
}

/** In a cluster the proxy runs as this account, which may list namespaces: they are shown only after the viewer's review. */
async function realApi() {
  const facts = inject('cluster')
  const account = '/api/v1/namespaces/meshboard/serviceaccounts/meshboard/token'
  const { json: made } = await connectTo(facts).demand('POST', account, { body: { spec: {} } })
  const { token } = (made as { readonly status: { readonly token: string } }).status
  return { url: facts.url, token, caFile: facts.caFile }
}

/** The same, closed when the test ends. */
export async function appForTest(limits?: Limits): Promise<App> {
  const app = await startApp(limits)
  onTestFinished(app.close)
  return app
}

function tokenFor(who: string): string {
  const persona = personas.find(({ id }) => id === who)
  if (persona !== undefined) return persona.token
  return /^[a-z-]{1,20}$/.test(who) ? tokenOf(who) : who
}
