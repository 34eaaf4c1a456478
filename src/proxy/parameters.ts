import type { ClusterQuestion } from '../mesh/clusterQueries.ts'
import { type InstantQuestion, levelFor } from '../mesh/queries.ts'
import type { Window } from '../mesh/scope.ts'
import { RefusalError } from './errors.ts'
import { OwnParameters, invalid, shown } from './ownParameters.ts'
import { type AskedSeries, readSeries, seriesAsks } from './seriesQuestions.ts'

/** What a request to the telemetry door says, read strictly: what is not understood is refused, never guessed. */
export interface Asked {
  readonly question: InstantQuestion | ClusterQuestion | AskedFacts | AskedSeries
  readonly scope: AskedScope
  readonly window: Window
}

export interface AskedFacts {
  readonly ask: 'facts'
  /** With the doctor's evidence. */
  readonly isDeep?: true
}

/** The scope as the browser names it; `scope.ts` makes it the proxy's. */
export type AskedScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'namespaces'; readonly namespaces: readonly string[] }
  | { readonly kind: 'project'; readonly project: string }

const longestWindow = 31 * 24 * 3600
const mostNamespaces = 2000
const direction = ['sent', 'received', 'total'] as const
const defaultWindow = 300

/**
 * Each question's own parameters; every question also takes `namespaces` or `project`, `window` and `time`.
 * The contracts page has the same table.
 */
const questions: Readonly<Record<string, (own: OwnParameters) => Asked['question']>> = {
  requests: (own) => ({ ask: 'requests', ...own.idle() }),
  tcp: (own) => ({ ask: 'tcp', direction: own.oneOf('direction', direction, 'sent'), ...own.idle() }),
  'grpc-messages': (own) => ({
    ask: 'grpc-messages',
    direction: own.oneOf('direction', direction, 'sent'),
    ...own.idle(),
  }),
  'response-time': (own) => ({
    ask: 'response-time',
    statistic: own.oneOf('statistic', ['avg', 'p50', 'p95', 'p99'], 'p95'),
    ...levelFor(own.oneOf('level', ['workload', 'app', 'versionedApp'], 'workload')),
  }),
  throughput: (own) => ({ ask: 'throughput', direction: own.oneOf('direction', ['request', 'response'], 'request') }),
  mtls: () => ({ ask: 'mtls' }),
  operations: () => ({ ask: 'operations' }),
  plaintext: () => ({ ask: 'plaintext' }),
  facts: (own) => ({
    ask: 'facts',
    ...(own.oneOf('depth', ['brief', 'doctor'], 'brief') === 'doctor' ? { isDeep: true as const } : {}),
  }),
  alerts: () => ({ ask: 'alerts' }),
  resources: () => ({ ask: 'resources' }),
  pods: () => ({ ask: 'pods' }),
  certificates: () => ({ ask: 'certificates' }),
  ...Object.fromEntries(seriesAsks.map((ask) => [ask, (own: OwnParameters) => readSeries(ask, own)])),
}

/**
 * The question, scope and window of a request; `now` in unix seconds is the instant where none is given.
 * Throws `RefusalError`: 404 for an unknown question, 400 with the reason for anything else that is not as the table says.
 */
export function readAsked(question: string, parameters: URLSearchParams, now: number): Asked {
  const read = Object.hasOwn(questions, question) ? questions[question] : undefined
  if (read === undefined) {
    throw new RefusalError({
      status: 404,
      code: 'question_unknown',
      message: `There is no question "${shown(question)}"`,
      hint: `There are ${Object.keys(questions).join(', ')}`,
    })
  }
  const own = new OwnParameters(parameters)
  const asked: Asked = {
    scope: scopeOf(own),
    window: { seconds: windowOf(own), at: timeOf(own, now) },
    question: read(own),
  }
  own.refuseTheRest(question)
  return asked
}

/** The scope and window alone, for routes whose questions are not Prometheus's. */
export function readScope(own: OwnParameters, now: number): Pick<Asked, 'scope' | 'window'> {
  return { scope: scopeOf(own), window: { seconds: windowOf(own), at: timeOf(own, now) } }
}

function scopeOf(own: OwnParameters): AskedScope {
  const namespaces = own.take('namespaces')
  const project = own.take('project')
  if (namespaces !== undefined && project !== undefined) {
    throw invalid('namespaces', 'namespaces and project exclude each other')
  }
  if (project !== undefined) {
    // Rancher's ids: `p-x7k2p`, with their cluster `c-m-abc:p-x7k2p`, or `local:p-x7k2p`.
    if (!/^[a-z0-9][-a-z0-9]{0,62}(:[a-z0-9][-a-z0-9]{0,62})?$/.test(project)) {
      throw invalid('project', `"${shown(project)}" is not a project id`)
    }
    return { kind: 'project', project }
  }
  if (namespaces === undefined) return { kind: 'all' }
  const names = [...new Set(namespaces.split(','))].sort()
  if (names.length > mostNamespaces) throw invalid('namespaces', `more than ${mostNamespaces} namespaces`)
  for (const name of names) {
    // https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
    if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
      throw invalid('namespaces', name === '' ? 'an empty name' : `"${shown(name)}" is not a namespace's name`)
    }
    // Telemetry says it where it does not know: it is nobody's.
    if (name === 'unknown')
      throw invalid('namespaces', '"unknown" is what telemetry says where it does not know, not a namespace')
  }
  return { kind: 'namespaces', namespaces: names }
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** Prometheus's own durations, whole seconds and up: `300s`, `5m`, `1h30m`. */
function windowOf(own: OwnParameters): number {
  const text = own.take('window')
  if (text === undefined) return defaultWindow
  if (!/^(?=.)(\d{1,9}w)?(\d{1,9}d)?(\d{1,9}h)?(\d{1,9}m)?(\d{1,9}s)?$/.test(text)) {
    throw invalid('window', `"${shown(text)}" is not a duration such as 300s, 5m or 1h30m`)
  }
  const parts = text.matchAll(/(\d+)([wdhms])/g)
  const seconds = [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (unitSeconds[unit ?? 's'] ?? 1), 0)
  if (seconds < 1) throw invalid('window', 'shorter than a second')
  if (seconds > longestWindow) throw invalid('window', `longer than ${longestWindow / 86_400} days`)
  return seconds
}

function timeOf(own: OwnParameters, now: number): number {
  const text = own.take('time')
  if (text === undefined) return Math.floor(now)
  if (!/^\d{1,11}(\.\d{1,3})?$/.test(text)) {
    throw invalid('time', `"${shown(text)}" is not a time in unix seconds such as 1767225600`)
  }
  const time = Number(text)
  // A browser's clock may run ahead; further ahead than this it is not a clock.
  if (time > now + 3600) throw invalid('time', 'more than an hour in the future')
  return time
}
