import { NetworkError, TimeoutError } from '../clients/errors.ts'
import { type HttpAnswer, request, urlUnder } from '../clients/http.ts'
import { isObject } from '../clients/json.ts'
import type { ToolName, ToolService } from '../mesh/tools.ts'
import { pathsOf, proxyPath } from '../mesh/tools.ts'
import { RefusalError } from './errors.ts'
import type { Transport } from './transport.ts'
import type { Upstream } from './upstream.ts'

/** What a tool said when it was asked for its first page. Nothing of what it answered is handed on. */
export type Probed =
  | {
      readonly kind: 'up'
      /** Where its pages begin below the place that was asked, ending in a slash or empty. */
      readonly path: string
      /** Nobody could ask it. */
      readonly isUntried?: true
      /** Something to know before opening it. */
      readonly note?: string
      /** How Kiali wants to be logged in to; undefined where it does not tell. */
      readonly strategy?: string
    }
  /** `failed` is the end of a sentence about the tool. */
  | { readonly kind: 'down'; readonly failed: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'forbidden' }

/** A tool that takes longer is as good as down for whoever waits for the page. */
const patienceSeconds = 3
/** Enough for an API server's own error and for Kiali's few words about logging in. */
const firstBytes = 8192

type Ask = (path: string) => Promise<Answered | { readonly failed: string }>
interface Answered {
  readonly status: number
  readonly text: string
  readonly location?: string
}

/** Asks a tool at an address of its own, without any credentials and without following where it points. */
export function probeAddress(tool: ToolName, address: string, transport: Transport | undefined): Promise<Probed> {
  if (transport === undefined) return Promise.resolve({ kind: 'up', path: '', isUntried: true })
  const ask: Ask = async (path) => {
    try {
      return answeredBy(
        await request(urlUnder(address, path), {
          timeoutSeconds: patienceSeconds,
          redirect: 'manual',
          firstBytes,
          by: await transport.to(address, {}),
          headers: { 'user-agent': 'meshboard', accept: 'text/html,application/json' },
        }),
      )
    } catch (error) {
      if (error instanceof TimeoutError || error instanceof NetworkError) return { failed: failureOf(error) }
      throw error
    }
  }
  return probe(tool, ask, { paths: [''], origin: address })
}

/** Asks a tool through the API server's service proxy, as `kubernetes` does: the same way as the link, with the same rights. */
export function probeService(tool: ToolName, service: ToolService, kubernetes: Upstream): Promise<Probed> {
  const ask: Ask = async (path) => {
    try {
      return await kubernetes({
        path: proxyPath(service) + path,
        headers: { accept: 'text/html,application/json' },
        timeoutSeconds: patienceSeconds,
        firstBytes,
      })
    } catch (error) {
      if (error instanceof RefusalError && error.refusal.status >= 500) return { failed: refusedBy(error) }
      throw error
    }
  }
  return probe(tool, ask, { paths: service.path === undefined ? pathsOf(tool) : [service.path], origin: undefined })
}

async function probe(
  tool: ToolName,
  ask: Ask,
  { paths, origin }: { readonly paths: readonly string[]; readonly origin: string | undefined },
): Promise<Probed> {
  let last: Probed = { kind: 'missing' }
  for (const path of paths) {
    const answer = await ask(path)
    if ('failed' in answer) return { kind: 'down', failed: answer.failed }
    last = meaningOf(answer, path, origin)
    const isElsewhere = last.kind === 'down' && answer.status === 404
    if (!isElsewhere) break
  }
  if (last.kind !== 'up' || tool !== 'kiali') return last
  const strategy = await strategyOf(ask, last.path)
  return strategy === undefined ? last : { ...last, strategy }
}

function meaningOf({ status, text, location }: Answered, path: string, origin: string | undefined): Probed {
  const own = statusOf(text)
  if (own !== undefined && status >= 400) {
    // The API server's own words, not the tool's: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
    if (status === 403) return { kind: 'forbidden' }
    if (status === 404) return { kind: 'missing' }
    if (status === 503 && /no endpoints available/.test(own)) return down('none of its pods is ready')
    return down('the cluster cannot reach it')
  }
  if (status >= 500) return down(`it answers with HTTP status ${status}`)
  if (status === 404) return down('there is no page at its address (HTTP status 404)')
  if (status >= 300 && status < 400 && location !== undefined) {
    const elsewhere = otherHost(location, origin)
    if (elsewhere !== undefined) {
      return {
        kind: 'up',
        path,
        note: `It sends browsers to ${elsewhere} first, most likely to sign in; Meshboard did not follow.`,
      }
    }
  }
  return { kind: 'up', path }
}

function down(failed: string): Probed {
  return { kind: 'down', failed }
}

/** The host that a redirect leads to, where it is another one. Behind a service proxy any host is. */
function otherHost(location: string, origin: string | undefined): string | undefined {
  const base = origin ?? 'http://service-proxy.invalid/'
  if (!URL.canParse(location, base)) return 'an address that cannot be read'
  const target = new URL(location, base)
  return target.host === new URL(base).host ? undefined : target.host
}

/** Kiali says how it wants to be logged in to before anybody has logged in. https://kiali.io/docs/configuration/authentication/ */
async function strategyOf(ask: Ask, path: string): Promise<string | undefined> {
  const answer = await ask(`${path}api/auth/info`)
  if ('failed' in answer || answer.status !== 200) return undefined
  const info = parsed(answer.text)
  const strategy = isObject(info) ? info['strategy'] : undefined
  return typeof strategy === 'string' && /^[a-z]{1,20}$/.test(strategy) ? strategy : undefined
}

function statusOf(text: string): string | undefined {
  const json = parsed(text)
  if (!isObject(json) || json['kind'] !== 'Status' || json['apiVersion'] !== 'v1') return undefined
  return typeof json['message'] === 'string' ? json['message'] : ''
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function answeredBy({ status, headers, text }: HttpAnswer): Answered {
  const location = headers.get('location')
  return { status, text, ...(location === null ? {} : { location }) }
}

function failureOf(error: TimeoutError | NetworkError): string {
  if (error instanceof TimeoutError) return `it does not answer within ${error.seconds} s`
  if (/ECONNREFUSED/.test(error.message)) return 'its address refuses connections'
  if (/ENOTFOUND|EAI_AGAIN/.test(error.message)) return 'its host name is not known'
  if (/certificate|CERT|self.signed/i.test(error.message)) return 'its TLS certificate is not trusted'
  return 'the connection to it broke off'
}

function refusedBy({ refusal }: RefusalError): string {
  return refusal.code === 'upstream_timeout'
    ? `it does not answer within ${patienceSeconds} s`
    : 'the cluster’s API server cannot be reached'
}
