import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** The proxy's own metrics; a registry of its own per app, so that two apps in one process do not share numbers. */
export interface Metrics {
  readonly registry: Registry
  requestEnded(request: {
    readonly route: string
    readonly method: string
    readonly status: number
    readonly seconds: number
  }): void
  upstreamEnded(call: UpstreamCall): void
  refused(rule: string): void
  /** Whether a question was put to Prometheus, or had its answer from another viewer's of the same rights. */
  questionAnswered(how: 'asked' | 'shared'): void
  session(event: 'login' | 'logout' | 'refused'): void
  /** Whether the configuration as it is written now is the one in force. */
  configurationRead(isInForce: boolean): void
}

export interface UpstreamCall {
  readonly cluster: string
  readonly upstream: 'prometheus' | 'kubernetes' | 'traces'
  /** `ok`, `error` (an HTTP status of 400 or above), or the refusal's code. */
  readonly outcome: string
  readonly seconds: number
}

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** Empty counters on a new registry, Node's own process metrics included. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'meshboard_http_request_duration_seconds',
    help: 'Requests by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    buckets,
    registers: [registry],
  })
  const upstream = new Histogram({
    name: 'meshboard_upstream_duration_seconds',
    help: 'Calls to Prometheus and Kubernetes by outcome.',
    labelNames: ['cluster', 'upstream', 'outcome'],
    buckets,
    registers: [registry],
  })
  const refusals = new Counter({
    name: 'meshboard_refusals_total',
    help: 'Requests that were not answered as asked, by rule.',
    labelNames: ['rule'],
    registers: [registry],
  })
  const questions = new Counter({
    name: 'meshboard_questions_total',
    help: 'Named questions by how they were answered: asked of Prometheus, or shared with the same question of the same rights.',
    labelNames: ['how'],
    registers: [registry],
  })
  const sessions = new Counter({
    name: 'meshboard_sessions_total',
    help: 'Logins, log-outs, and logins that the cluster refused.',
    labelNames: ['event'],
    registers: [registry],
  })
  const configuration = new Gauge({
    name: 'meshboard_configuration_in_force',
    help: '1 while the configuration as it is written now is in force, 0 while it cannot be used and an older one is.',
    registers: [registry],
  })
  configuration.set(1)
  return {
    registry,
    requestEnded: ({ route, method, status, seconds }) =>
      requests.observe({ route, method, status: String(status) }, seconds),
    upstreamEnded: ({ cluster, upstream: name, outcome, seconds }) =>
      upstream.observe({ cluster, upstream: name, outcome }, seconds),
    refused: (rule) => refusals.inc({ rule }),
    questionAnswered: (how) => questions.inc({ how }),
    session: (event) => sessions.inc({ event }),
    configurationRead: (isInForce) => configuration.set(isInForce ? 1 : 0),
  }
}
