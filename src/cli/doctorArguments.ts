import { parseArgs } from 'node:util'
import type { Matcher } from '../mesh/scope.ts'
import { matcherOf, namespacesOf, quoted, secondsOf, urlOf } from './graphArguments.ts'

export const help = `Usage: meshboard doctor --prometheus-url <url> [options]

Says why a mesh's numbers are missing, wrong or doubtful: evidence, what to do, and how sure it is.

  --prometheus-url <url>       root of the API, the part before /api/v1; user:password@ may stand before the host
  --namespaces <a,b>           look at these more closely: why is this namespace empty? (default: all)
  --window <duration>          the span rates are to be taken over (default: 5m)
  --matcher 'label="value"'    added to every query; also !=, =~ and !~; may be given several times
  --kubeconfig <file>          adds what Kubernetes, Istio and the Prometheus operator say
  --context <name>             of the kubeconfig (default: its current one)
  --format <format>            text or json (default: text)

The variable MESHBOARD_PROMETHEUS_TOKEN, where set, is sent to Prometheus as a bearer token.
Exit status: 0; 1 when the kubeconfig cannot be used; 2 for wrong arguments; 3 when a finding is a failure.
`

export interface DoctorArguments {
  readonly prometheusUrl: string
  /** Empty: all. */
  readonly namespaces: readonly string[]
  /** Seconds. */
  readonly window: number
  readonly matchers: readonly Matcher[]
  readonly kubeconfig?: string
  readonly context?: string
  readonly format: 'text' | 'json'
}

type Read =
  | { readonly kind: 'run'; readonly arguments: DoctorArguments }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] }

/** What the arguments ask for; or everything that is wrong with them at once. */
export function readDoctorArguments(argv: readonly string[]): Read {
  const problems: string[] = []
  let values
  try {
    values = parseArgs({
      args: [...argv],
      options: {
        'prometheus-url': { type: 'string' },
        namespaces: { type: 'string' },
        window: { type: 'string' },
        matcher: { type: 'string', multiple: true },
        kubeconfig: { type: 'string' },
        context: { type: 'string' },
        format: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    return { kind: 'wrong', problems: [error instanceof Error ? error.message : String(error)] }
  }
  if (values.help === true) return { kind: 'help' }
  const parsed = <T>(name: string, text: string | undefined, parse: (text: string) => T | undefined, takes: string) => {
    if (text === undefined) return undefined
    const found = parse(text)
    if (found === undefined) problems.push(`--${name} ${quoted(text)} is not valid; it takes ${takes}`)
    return found
  }
  const url = values['prometheus-url']
  if (url === undefined) problems.push('--prometheus-url is missing; it takes the root of a Prometheus API')
  const prometheusUrl = parsed('prometheus-url', url, urlOf, 'an http:// or https:// address')
  const namespaces = parsed('namespaces', values.namespaces, namespacesOf, 'namespace names separated by commas')
  const window = parsed('window', values.window, secondsOf, 'a duration such as 90s, 10m or 1h30m')
  const format = parsed(
    'format',
    values.format,
    (text) => (text === 'text' || text === 'json' ? text : undefined),
    'text or json',
  )
  const matchers = (values.matcher ?? []).flatMap(
    (text) => parsed('matcher', text, matcherOf, 'label="value", with =, !=, =~ or !~') ?? [],
  )
  const { kubeconfig, context } = values
  if (context !== undefined && kubeconfig === undefined) problems.push('--context needs --kubeconfig')
  if (problems.length > 0 || prometheusUrl === undefined) return { kind: 'wrong', problems }
  return {
    kind: 'run',
    arguments: {
      prometheusUrl,
      namespaces: namespaces ?? [],
      window: window ?? 300,
      matchers,
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
      format: format ?? 'text',
    },
  }
}
