import { parseArgs } from 'node:util'
import type { GraphType } from '../mesh/graph.ts'
import type { LatencyStatistic } from '../mesh/queries.ts'
import type { Matcher, ReporterChoice } from '../mesh/scope.ts'

export const help = `Usage: meshboard graph --prometheus-url <url> [options]

Prints the traffic graph of an Istio mesh, from Istio's metrics in any Prometheus-compatible API.

What to ask
  --prometheus-url <url>       root of the API, the part before /api/v1; user:password@ may stand before the host
  --namespaces <a,b>           only calls that touch these (default: all)
  --window <duration>          the span rates are taken over, like 10m or 1h30m (default: 10m)
  --time <time>                where it ends: unix seconds or RFC 3339 (default: now)
  --matcher 'label="value"'    added to every query; also !=, =~ and !~; may be given several times
  --reporter <side>            auto, source or destination (default: auto, which counts a request once)
  --http <what>                requests or none (default: requests)
  --grpc <what>                requests, sent, received, total or none (default: requests)
  --tcp <what>                 sent, received, total or none, in the caller's words (default: sent)
  --latency <statistic>        avg, p50, p95 or p99 (default: not asked)
  --throughput <what>          request or response (default: not asked)
  --mtls                       share of mutual TLS, and principals
  --idle-edges                 also what had no traffic in the window

How to draw
  --graph-type <type>          workload, app, versionedApp or service (default: versionedApp)
  --service-nodes              a node for each service between callers and workloads
  --waypoints                  show waypoints and the legs through them
  --format <format>            json, mermaid, csv or text (default: json)

What else
  --kubeconfig <file>          adds what Kubernetes and Istio objects say (replicas, badges, roles)
  --context <name>             of the kubeconfig (default: its current one)
  --health-policy <file>       YAML or JSON: health rules that go before the built-in ones
  --baseline <mesh.json>       an earlier --format json: prints what is new, gone or newly plaintext instead of the graph

The variable MESHBOARD_PROMETHEUS_TOKEN, where set, is sent to Prometheus as a bearer token.
Exit status: 0; 1 when Prometheus or Kubernetes fails, or gives too little to compare; 2 for wrong arguments; 3 on drift from the baseline.
`

export interface GraphArguments {
  readonly prometheusUrl: string
  /** Empty: all. */
  readonly namespaces: readonly string[]
  readonly graphType: GraphType
  /** Seconds. */
  readonly window: number
  /** Unix seconds; absent is now. */
  readonly time?: number
  readonly serviceNodes: boolean
  readonly waypoints: boolean
  readonly idleEdges: boolean
  readonly reporter: ReporterChoice
  readonly http: 'requests' | 'none'
  readonly grpc: 'requests' | 'sent' | 'received' | 'total' | 'none'
  readonly tcp: 'sent' | 'received' | 'total' | 'none'
  readonly latency?: LatencyStatistic
  readonly throughput?: 'request' | 'response'
  readonly mtls: boolean
  readonly matchers: readonly Matcher[]
  readonly kubeconfig?: string
  readonly context?: string
  readonly healthPolicy?: string
  readonly format: Format
  readonly baseline?: string
}

export type Format = 'json' | 'mermaid' | 'csv' | 'text'

export type ReadArguments =
  | { readonly kind: 'run'; readonly arguments: GraphArguments }
  | { readonly kind: 'help' }
  /** One sentence for each wrong argument. */
  | { readonly kind: 'wrong'; readonly problems: readonly string[] }

const options = {
  'prometheus-url': { type: 'string' },
  namespaces: { type: 'string' },
  'graph-type': { type: 'string' },
  window: { type: 'string' },
  time: { type: 'string' },
  'service-nodes': { type: 'boolean' },
  waypoints: { type: 'boolean' },
  'idle-edges': { type: 'boolean' },
  reporter: { type: 'string' },
  http: { type: 'string' },
  grpc: { type: 'string' },
  tcp: { type: 'string' },
  latency: { type: 'string' },
  throughput: { type: 'string' },
  mtls: { type: 'boolean' },
  matcher: { type: 'string', multiple: true },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  'health-policy': { type: 'string' },
  format: { type: 'string' },
  baseline: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** What the arguments ask for; or everything that is wrong with them at once, each argument named with its valid values. */
export function readArguments(argv: readonly string[]): ReadArguments {
  const { values, tokens } = parseArgs({
    args: glued(argv),
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  if (values.help === true) return { kind: 'help' }
  const problems: string[] = []
  const texts = new Map<string, string[]>()
  const switches = new Set<string>()
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`${quoted(token.value)} belongs to no option; options start with --`)
    if (token.kind !== 'option') continue
    const type = Object.hasOwn(options, token.name) ? options[token.name as keyof typeof options].type : undefined
    if (type === undefined) problems.push(`${token.rawName} is not an option; the options are ${names()}`)
    else if (type === 'boolean' && token.value !== undefined) problems.push(`--${token.name} takes no value`)
    else if (type === 'boolean') switches.add(token.name)
    else if (token.value === undefined || token.value === '') problems.push(`--${token.name} needs a value`)
    else texts.set(token.name, [...(texts.get(token.name) ?? []), token.value])
  }
  for (const [name, given] of texts) {
    if (given.length > 1 && name !== 'matcher') problems.push(`--${name} is given ${given.length} times; give it once`)
  }

  const text = (name: keyof typeof options): string | undefined => texts.get(name)?.at(-1)
  const choice = <T extends string>(name: keyof typeof options, valid: readonly T[]): T | undefined => {
    const given = text(name)
    const found = valid.find((one) => one === given)
    if (given !== undefined && found === undefined) {
      problems.push(
        `--${name} ${quoted(given)} is not valid; it takes ${valid.slice(0, -1).join(', ')} or ${valid.at(-1) ?? ''}`,
      )
    }
    return found
  }
  const parsed = <T>(
    name: keyof typeof options,
    parse: (given: string) => T | undefined,
    valid: string,
  ): T | undefined => {
    const given = text(name)
    if (given === undefined) return undefined
    const found = parse(given)
    if (found === undefined) problems.push(`--${name} ${quoted(given)} is not valid; it takes ${valid}`)
    return found
  }

  const prometheusUrl = parsed('prometheus-url', urlOf, 'an http:// or https:// address, such as http://localhost:9090')
  if (!tokens.some((token) => token.kind === 'option' && token.name === 'prometheus-url')) {
    problems.push('--prometheus-url is missing; it takes the root of a Prometheus API, such as http://localhost:9090')
  }
  const namespaces = parsed('namespaces', namespacesOf, 'namespace names separated by commas, such as shop,bookinfo')
  const window = parsed('window', secondsOf, 'a duration of at least 1s and at most 366d, such as 90s, 10m or 1h30m')
  const time = parsed('time', timeOf, 'unix seconds or RFC 3339, such as 1767225600 or 2026-01-01T00:00:00Z')
  const graphType = choice('graph-type', ['workload', 'app', 'versionedApp', 'service'])
  const reporter = choice('reporter', ['auto', 'source', 'destination'])
  const http = choice('http', ['requests', 'none'])
  const grpc = choice('grpc', ['requests', 'sent', 'received', 'total', 'none'])
  const tcp = choice('tcp', ['sent', 'received', 'total', 'none'])
  const latency = choice('latency', ['avg', 'p50', 'p95', 'p99'])
  const throughput = choice('throughput', ['request', 'response'])
  const format = choice('format', ['json', 'mermaid', 'csv', 'text'])
  const matchers = (texts.get('matcher') ?? []).flatMap((given) => {
    const matcher = matcherOf(given)
    if (matcher === undefined) {
      problems.push(
        `--matcher ${quoted(given)} is not valid; it takes label="value", with =, !=, =~ or !~, such as 'mesh_id="mesh1"'`,
      )
    }
    return matcher ?? []
  })
  const [kubeconfig, context, baseline] = [text('kubeconfig'), text('context'), text('baseline')]
  const healthPolicy = text('health-policy')
  if (context !== undefined && kubeconfig === undefined) problems.push('--context needs --kubeconfig')
  if (baseline !== undefined && (format === 'mermaid' || format === 'csv')) {
    problems.push(`--format ${format} does not go with --baseline; it takes json or text`)
  }
  if (http === 'none' && grpc === 'none' && tcp === 'none') {
    problems.push('--http none, --grpc none and --tcp none leave nothing to draw; leave one out')
  }
  if (problems.length > 0 || prometheusUrl === undefined) return { kind: 'wrong', problems }

  return {
    kind: 'run',
    arguments: {
      prometheusUrl,
      namespaces: namespaces ?? [],
      graphType: graphType ?? 'versionedApp',
      window: window ?? 600,
      ...(time === undefined ? {} : { time }),
      serviceNodes: switches.has('service-nodes'),
      waypoints: switches.has('waypoints'),
      idleEdges: switches.has('idle-edges'),
      reporter: reporter ?? 'auto',
      http: http ?? 'requests',
      grpc: grpc ?? 'requests',
      tcp: tcp ?? 'sent',
      ...(latency === undefined ? {} : { latency }),
      ...(throughput === undefined ? {} : { throughput }),
      mtls: switches.has('mtls'),
      matchers,
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
      ...(healthPolicy === undefined ? {} : { healthPolicy }),
      format: format ?? (baseline === undefined ? 'json' : 'text'),
      ...(baseline === undefined ? {} : { baseline }),
    },
  }
}

/** `--name value` as `--name=value` where the value itself starts with a dash, which parseArgs would take for an option. */
function glued(argv: readonly string[]): string[] {
  const out: string[] = []
  for (const one of argv) {
    const before = out.at(-1)
    const name = before?.startsWith('--') === true ? before.slice(2) : ''
    const takesText = Object.hasOwn(options, name) && options[name as keyof typeof options].type === 'string'
    if (takesText && one.startsWith('-') && !one.startsWith('--')) out[out.length - 1] = `${before ?? ''}=${one}`
    else out.push(one)
  }
  return out
}

function names(): string {
  return Object.keys(options)
    .map((name) => `--${name}`)
    .join(', ')
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

export function urlOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, hash, search } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && hash === '' && search === '' ? text : undefined
}

/** Names as Kubernetes allows them (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/), each once. */
export function namespacesOf(text: string): readonly string[] | undefined {
  const found = text.split(',').map((name) => name.trim())
  return found.every((name) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) ? [...new Set(found)] : undefined
}

const units: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1, w: 604_800 }

/** Prometheus's durations, down to whole seconds: https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations */
export function secondsOf(text: string): number | undefined {
  if (!/^(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?$/.test(text)) return undefined
  const sum = [...text.matchAll(/(\d+)([wdhms])/g)].reduce(
    (total, [, count, unit]) => total + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  )
  return sum >= 1 && sum <= 366 * 86_400 ? sum : undefined
}

function timeOf(text: string): number | undefined {
  if (/^\d{1,11}(?:\.\d+)?$/.test(text)) return Number(text)
  const [, year, month, day] =
    /^(\d{4})-(\d\d)-(\d\d)[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(text) ?? []
  // Date.parse makes 2 March of 30 February.
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  const at = Number(day) <= lastDay ? Date.parse(text.replace(' ', 'T').toUpperCase()) : Number.NaN
  return Number.isFinite(at) ? at / 1000 : undefined
}

/** `label="value"`; quotes may be double, single or backticks, as in PromQL, or absent around a plain word. */
export function matcherOf(text: string): Matcher | undefined {
  const [, label, op, value] = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s.exec(text) ?? []
  const operator = (['=', '!=', '=~', '!~'] as const).find((one) => one === op)
  const plain = value === undefined ? undefined : unquoted(value)
  if (label === undefined || operator === undefined || plain === undefined) return undefined
  return { label, op: operator, value: plain }
}

function unquoted(text: string): string | undefined {
  if (/^`[^`]*`$/.test(text)) return text.slice(1, -1)
  if (/^'(?:[^'\\]|\\.)*'$/s.test(text)) return unescaped(text.slice(1, -1))
  if (/^"(?:[^"\\]|\\.)*"$/s.test(text)) return unescaped(text.slice(1, -1))
  return /^[\w.:/-]+$/.test(text) ? text : undefined
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, character: string) => ({ n: '\n', t: '\t', r: '\r' })[character] ?? character)
}
