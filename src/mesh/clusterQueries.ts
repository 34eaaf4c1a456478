import { anyOf, duration, select, sumBy, withLabel } from './promql.ts'
import type { Query } from './queries.ts'
import type { Matcher, Scope, Window } from './scope.ts'
import { label, metrics } from './telemetry.ts'

/** The named questions about what is no call: firing alerts, CPU and memory of containers, when Istio's own certificates end. */
export type ClusterQuestion =
  | { readonly ask: 'alerts' }
  | { readonly ask: 'resources' }
  | { readonly ask: 'pods' }
  | { readonly ask: 'certificates' }

export const clusterAsks = ['alerts', 'resources', 'pods', 'certificates'] as const

/** Seconds: kubelets are scraped once a minute, more or less. */
const leastRange = 180

/** Label → the labels that name something in the namespace it proves. */
const proofs = [
  {
    proof: 'namespace',
    names: ['workload', 'deployment', 'statefulset', 'daemonset', 'pod', 'container', 'service', 'job_name'],
  },
  {
    proof: 'destination_workload_namespace',
    names: ['destination_workload', 'destination_service_name', 'destination_canonical_service'],
  },
  { proof: 'destination_service_namespace', names: ['destination_service_name'] },
] as const

/** What istiod tells of the certificates it signs with: https://istio.io/latest/docs/reference/commands/pilot-discovery/#metrics */
const certificates = [
  { metric: 'citadel_server_root_cert_expiry_timestamp', as: 'root' },
  { metric: 'citadel_server_cert_chain_expiry_timestamp', as: 'chain' },
] as const

/** Which of the answers a sample belongs to. */
export const askedAs = 'meshboard_asked'

/**
 * The expressions that answer such a question; none for an empty scope. Whoever does not see every namespace gets only what carries a
 * namespace of the scope as a label, and of its labels only those that name things in that namespace: rules put anything on an alert, and
 * its annotations, which hold sentences about anybody, are never asked for. `alerts`: 1 for each firing one, and the unix seconds since
 * when; `resources`: CPU seconds per second and bytes by container of a pod; `pods`: requests per second by outcome, and the p95 in seconds, by pod; `certificates`: unix seconds, for viewers of everything only.
 * https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/#inspecting-alerts-during-runtime
 */
export function clusterQueriesFor({ ask }: ClusterQuestion, scope: Scope, window: Window): readonly Query[] {
  const { namespaces, seesAll } = scope
  if (namespaces !== 'all' && namespaces.length === 0) return []
  switch (ask) {
    case 'alerts':
      return [
        {
          name: 'alerts',
          promql: alerts('ALERTS', [{ label: 'alertstate', op: '=', value: 'firing' }], 'firing', scope),
        },
        { name: 'alerts-since', promql: alerts('ALERTS_FOR_STATE', [], 'since', scope) },
      ]
    case 'resources': {
      const within: readonly Matcher[] = [
        ...scope.matchers,
        ...(namespaces === 'all' ? [] : [{ label: 'namespace', op: '=~', value: anyOf(namespaces) } as const]),
        // The pod as a whole and its pause container are sums of, and beside, what is asked for.
        { label: 'container', op: '!~', value: 'POD|' },
      ]
      const by = ['namespace', 'pod', 'container']
      const range = duration(Math.max(leastRange, window.seconds))
      const cpu = sumBy(by, `rate(${select('container_cpu_usage_seconds_total', within)}[${range}])`)
      const memory = sumBy(by, select('container_memory_working_set_bytes', within))
      return [
        { name: 'resources-cpu', promql: withLabel(cpu, askedAs, 'cpu') },
        { name: 'resources-memory', promql: withLabel(memory, askedAs, 'memory') },
      ]
    }
    case 'pods':
      return podQueries(scope, window)
    case 'certificates':
      return seesAll
        ? certificates.map(({ metric, as }) => ({
            name: `certificates-${as}`,
            promql: withLabel(`min(${select(metric, scope.matchers)})`, askedAs, as),
          }))
        : []
  }
}

/** What the callees' own proxies report, by the pod they are scraped as: a pod reports of itself alone. */
function podQueries({ namespaces, matchers }: Scope, { seconds }: Window): readonly Query[] {
  const within: readonly Matcher[] = [
    ...matchers,
    { label: label.reporter, op: '=', value: 'destination' },
    { label: 'pod', op: '!=', value: '' },
    ...(namespaces === 'all'
      ? []
      : [{ label: label.destinationNamespace, op: '=~', value: anyOf(namespaces) } as const]),
  ]
  const by = [label.destinationNamespace, 'pod']
  const rateOf = (metric: string) => `rate(${select(metric, within)}[${duration(seconds)}])`
  const outcome = [label.protocol, label.code, label.grpcStatus, label.flags]
  const buckets = sumBy([...by, 'le'], rateOf(metrics.durationBuckets))
  return [
    {
      name: 'pods-requests',
      promql: withLabel(sumBy([...by, ...outcome], rateOf(metrics.requests)), askedAs, 'requests'),
    },
    {
      name: 'pods-p95',
      // Milliseconds on the wire, seconds everywhere else.
      promql: withLabel(`histogram_quantile(0.95, ${buckets}) / 1000`, askedAs, 'p95'),
    },
  ]
}

function alerts(
  metric: string,
  state: readonly Matcher[],
  as: string,
  { namespaces, seesAll, matchers }: Scope,
): string {
  const every = [...matchers, ...state]
  if (namespaces === 'all') return withLabel(select(metric, every), askedAs, as)
  const own = anyOf(namespaces)
  const parts = proofs.map(({ proof, names }, index) => {
    // Disjoint, so that an alert with two proofs is told once; every other namespace on it is the scope's too, or it names a stranger.
    const before = proofs.slice(0, index).map((each): Matcher => ({ label: each.proof, op: '=', value: '' }))
    const others = proofs.slice(index + 1).map((each): Matcher => ({ label: each.proof, op: '=~', value: `${own}|` }))
    const found = select(metric, [...every, ...before, { label: proof, op: '=~', value: own }, ...others])
    return seesAll ? found : `max by (${['alertname', 'severity', proof, ...names].join(', ')}) (${found})`
  })
  return withLabel(parts.join(' or '), askedAs, as)
}
