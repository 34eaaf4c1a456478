import { HttpError, NetworkError, TimeoutError } from '../../clients/errors.ts'
import type { FactsData } from '../../clients/prometheus/wire.ts'
import type { Permission } from '../../clients/session/wire.ts'

/** What a page has to show, before it shows numbers. */
export type PageState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  /** There are numbers, of an earlier instant: the newest question has no answer. */
  | { readonly kind: 'stale'; readonly cause: string }
  /** The Meshboard server itself is not there. */
  | { readonly kind: 'unreachable'; readonly cause: string }
  | { readonly kind: 'noPrometheus'; readonly cause: string; readonly hint?: string }
  | { readonly kind: 'forbidden'; readonly cause: string; readonly hint?: string; readonly permission?: Permission }
  | { readonly kind: 'failed'; readonly cause: string; readonly hint?: string }
  | { readonly kind: 'noIstio'; readonly isCertain: boolean }
  | { readonly kind: 'noMetrics' }
  | { readonly kind: 'noTraffic' }
  /** Nothing of this scope exists for the viewer: it was left out before Prometheus was asked. */
  | { readonly kind: 'nothingVisible' }
  /** The mesh has traffic; this scope has none. */
  | { readonly kind: 'empty' }

type FailureState = Extract<PageState, { readonly kind: 'unreachable' | 'noPrometheus' | 'forbidden' | 'failed' }>

export interface Findings {
  /** Whether there is an answer to show, of this instant or an earlier one, and whether anything is in it. */
  readonly answer: 'none' | 'empty' | 'full'
  /** Why the newest question has no answer. */
  readonly error: Error | null
  /** Undefined where they are not known (yet, or at all). */
  readonly facts:
    | (Pick<FactsData, 'hasIstioMetrics' | 'hasTraffic'> & {
        readonly asked?: { readonly namespaces: readonly string[] | null }
      })
    | undefined
  readonly factsError: Error | null
  /** Whether the cluster serves Istio's API; undefined where the viewer may not ask. */
  readonly hasIstioApi: boolean | undefined
}

/**
 * Which of its states a page is in. A failure is never shown as emptiness, and emptiness is explained from the facts:
 * nothing the viewer may see, no Istio, Istio without metrics, no traffic at all, or merely nothing in this scope.
 */
export function pageState({ answer, error, facts, factsError, hasIstioApi }: Findings): PageState {
  if (error !== null) return answer === 'full' ? { kind: 'stale', cause: error.message } : stateOfError(error)
  if (answer === 'none') return { kind: 'loading' }
  if (answer === 'full') return { kind: 'ready' }
  if (facts === undefined) return factsError === null ? { kind: 'loading' } : stateOfError(factsError)
  // What is told to whoever may see nothing says nothing of the mesh.
  if (facts.asked?.namespaces?.length === 0) return { kind: 'nothingVisible' }
  if (facts.hasTraffic) return { kind: 'empty' }
  if (facts.hasIstioMetrics) return { kind: 'noTraffic' }
  return hasIstioApi === true ? { kind: 'noMetrics' } : { kind: 'noIstio', isCertain: hasIstioApi === false }
}

/** Our proxy's codes for a Prometheus that gives no answer, or none that is Prometheus's. */
const silentPrometheus: ReadonlySet<string> = new Set([
  'upstream_unreachable',
  'upstream_timeout',
  'upstream_redirect',
  'upstream_not_json',
  'upstream_not_prometheus',
  'prometheus_timeout',
  'prometheus_credentials',
  'prometheus_permission',
  'prometheus_not_found',
  'service_permission',
  'service_not_found',
])

/** The state that an error of the clients puts a page in, with what a person can do about it. */
export function stateOfError(error: Error): FailureState {
  const cause = error.message
  if (error instanceof NetworkError || error instanceof TimeoutError) return { kind: 'unreachable', cause }
  if (!(error instanceof HttpError)) return { kind: 'failed', cause }

  const failure = error.failure.kind === 'meshboard' ? error.failure.body.error : undefined
  const hint = failure?.hint === undefined ? {} : { hint: failure.hint }
  if (error.status === 401 || error.status === 403) {
    const permission = failure?.permission === undefined ? {} : { permission: failure.permission }
    return { kind: 'forbidden', cause, ...hint, ...permission }
  }
  const isGateway = error.status === 502 || error.status === 503 || error.status === 504
  if (!isGateway) return { kind: 'failed', cause, ...hint }
  // A gateway in front of our proxy answers with a page of its own; our proxy says in its own words which upstream is gone.
  if (failure === undefined) return { kind: 'unreachable', cause }
  return silentPrometheus.has(failure.code)
    ? { kind: 'noPrometheus', cause, ...hint }
    : { kind: 'failed', cause, ...hint }
}
