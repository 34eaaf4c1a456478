import { anyOf, duration, replaceLabel, select, withLabel } from '../promql.ts'
import type { Query } from '../queries.ts'
import type { Matcher, Scope, Window } from '../scope.ts'
import { namespacesOf } from '../slices.ts'
import { isKnown, label, metrics } from '../telemetry.ts'
import type { Sample } from '../samples.ts'
import type { Duplicates, Histograms, MissingLabel, NamespaceReports } from './evidence.ts'

/** What the evidence is read from. Each is cheap: it counts series at an instant, and reads no samples of the past but at ten instants. */
export const evidenceNames = [
  'reports',
  'reporters',
  'moved',
  'labels',
  'duplicates',
  'duplicated-pods',
  'histograms',
  'history',
  'newest',
  'targets',
  'targets-down',
] as const
export type EvidenceName = (typeof evidenceNames)[number]

/** The expressions by name; those that would name another team's pods or jobs only for viewers of every namespace. */
export function evidenceQueries(scope: Scope, window: Window): ReadonlyMap<EvidenceName, Query> {
  const everything = select('', [anyIstio, ...scope.matchers])
  const own = ownReports(scope)
  const made: readonly [EvidenceName, string][] = [
    ['reports', reportsPromql(scope)],
    ['reporters', `count by (${label.reporter}) (${everything})`],
    ...(scope.namespaces === 'all'
      ? []
      : [
          [
            'moved',
            `count((${own
              .flatMap(eachMetric)
              .map((series) => `rate(${series}[${duration(window.seconds)}])`)
              .join(' or ')}) > 0)`,
          ] as [EvidenceName, string],
        ]),
    ['labels', labelsPromql(own)],
    ['duplicates', `count_values("times", ${timesScraped(own)})`],
    ['histograms', histogramsPromql(scope)],
    [
      'history',
      histories.map((ago) => withLabel(`count(${everything} offset ${ago}s)`, 'ago', String(ago))).join(' or '),
    ],
    [
      'newest',
      // A selector sees nothing after its instant: looked at from five and ten minutes later it does.
      ['', ' offset -300s', ' offset -600s']
        .flatMap((later) =>
          eachMetric([anyIstio, ...scope.matchers]).map((series, at) =>
            withLabel(`max(timestamp(${series}${later}))`, 'from', `${at}${later}`),
          ),
        )
        .join(' or '),
    ],
    ...(scope.seesAll
      ? ([
          ['duplicated-pods', `topk(5, ${timesScraped(own)} > 1)`],
          [
            'targets',
            `${withLabel(`count(${istioTargets(everything, scope)})`, 'state', 'all')} or ${withLabel(`count(${istioTargets(everything, scope)} == 0)`, 'state', 'down')}`,
          ],
          ['targets-down', `topk(5, ${istioTargets(everything, scope)} == 0)`],
        ] satisfies readonly [EvidenceName, string][])
      : []),
  ]
  return new Map(made.map(([name, promql]) => [name, { name: `facts-${name}`, promql }]))
}

/** Seconds. */
const histories = [900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 2 * 86_400, 7 * 86_400, 14 * 86_400, 30 * 86_400]

const anyIstio: Matcher = { label: '__name__', op: '=~', value: `${metrics.requests}|${metrics.tcpReceivedBytes}` }

/** The same matchers on one metric at a time: a function over both at once would refuse two of the same labels. */
function eachMetric(matchers: readonly Matcher[]): readonly string[] {
  return [metrics.requests, metrics.tcpReceivedBytes].map((metric) => select(metric, withoutName(matchers)))
}

/** The reports of the scope's own proxies, one list of matchers each; for everything simply all. */
function ownReports(scope: Scope): readonly (readonly Matcher[])[] {
  const namespaces = namespacesOf(scope)
  if (namespaces === 'all') return [[anyIstio, ...scope.matchers]]
  return [
    [anyIstio, ...scope.matchers, ...sideMatchers('source'), ...within('source', namespaces, scope)],
    [anyIstio, ...scope.matchers, ...sideMatchers('destination'), ...within('destination', namespaces, scope)],
  ]
}

function sideMatchers(side: 'source' | 'destination'): readonly Matcher[] {
  return side === 'source'
    ? [{ label: label.reporter, op: '=', value: 'source' }]
    : [{ label: label.reporter, op: '=~', value: 'destination|waypoint' }]
}

function within(end: 'source' | 'destination', namespaces: readonly string[], { cluster }: Scope): readonly Matcher[] {
  const isSource = end === 'source'
  return [
    { label: isSource ? label.sourceNamespace : label.destinationNamespace, op: '=~', value: anyOf(namespaces) },
    ...(cluster === undefined
      ? []
      : [{ label: isSource ? label.sourceCluster : label.destinationCluster, op: '=' as const, value: cluster }]),
  ]
}

/** What `reportsIn` reads: series by namespace and by who says it. */
function reportsPromql(scope: Scope): string {
  const namespaces = namespacesOf(scope)
  const part = (name: string, side: 'source' | 'destination', end: 'source' | 'destination') => {
    const matchers = [
      anyIstio,
      ...scope.matchers,
      ...sideMatchers(side),
      ...(namespaces === 'all' ? [] : within(end, namespaces, scope)),
    ]
    const by = end === 'source' ? label.sourceNamespace : label.destinationNamespace
    return withLabel(replaceLabel(`count by (${by}) (${select('', matchers)})`, 'namespace', by), 'said', name)
  }
  return [
    part('ownSource', 'source', 'source'),
    part('ownDestination', 'destination', 'destination'),
    part('heardCalling', 'destination', 'source'),
    part('heardCalled', 'source', 'destination'),
  ].join(' or ')
}

/** Who speaks of which namespace, sorted by name; telemetry's `unknown` is nobody's. */
export function reportsIn(samples: readonly Sample[]): readonly NamespaceReports[] {
  const found = new Map<string, NamespaceReports>()
  for (const { labels, value } of samples) {
    const { namespace, said } = labels
    if (!isKnown(namespace)) continue
    const before = found.get(namespace) ?? {
      namespace,
      ownSource: 0,
      ownDestination: 0,
      isHeardCalling: false,
      isHeardCalled: false,
    }
    const more =
      said === 'ownSource'
        ? { ownSource: value }
        : said === 'ownDestination'
          ? { ownDestination: value }
          : said === 'heardCalling'
            ? { isHeardCalling: true }
            : { isHeardCalled: true }
    found.set(namespace, { ...before, ...more })
  }
  return [...found.values()].sort((a, b) => (a.namespace < b.namespace ? -1 : 1))
}

/** Labels that Istio always writes, if only with `unknown`: https://istio.io/latest/docs/reference/config/metrics/#labels */
const always = [
  label.reporter,
  label.sourceNamespace,
  label.sourceWorkload,
  label.sourceService,
  label.sourceRevision,
  label.destinationNamespace,
  label.destinationWorkload,
  label.destinationCanonicalService,
  label.destinationRevision,
  label.serviceHost,
  label.serviceName,
  label.serviceNamespace,
  label.protocol,
  label.flags,
  label.securityPolicy,
]

/** What `missingLabelsIn` reads: of requests alone, which carry them all. */
function labelsPromql(own: readonly (readonly Matcher[])[]): string {
  const counted = (extra: readonly Matcher[]) =>
    `count(${own.map((matchers) => select(metrics.requests, [...withoutName(matchers), ...extra])).join(' or ')})`
  return [
    withLabel(counted([]), 'missing', ''),
    ...[...always, label.code].map((name) =>
      withLabel(counted([{ label: name, op: '=', value: '' }]), 'missing', name),
    ),
  ].join(' or ')
}

export function missingLabelsIn(samples: readonly Sample[]): readonly MissingLabel[] {
  const of = samples.find(({ labels }) => labels['missing'] === undefined)?.value ?? 0
  return samples
    .flatMap(({ labels, value }) => {
      const name = labels['missing']
      return name === undefined ? [] : [{ label: name, series: value, of }]
    })
    .sort((a, b) => b.series - a.series || (a.label < b.label ? -1 : 1))
}

/** Labels of a target that differ when one proxy is scraped more than once: https://prometheus.io/docs/concepts/jobs_instances/ */
const target = ['job', 'instance', 'service', 'endpoint', 'container', 'prometheus', 'prometheus_replica', 'replica']

/** Pod (by name, else by address) → how many targets bring its reports. */
function timesScraped(own: readonly (readonly Matcher[])[]): string {
  const counted = (op: '=' | '!=', by: readonly string[]) => {
    const selected = own.map((matchers) => select('', [...matchers, { label: 'pod', op, value: '' }])).join(' or ')
    return `count by (${by.join(', ')}) (group by (${[...new Set([...by, ...target])].join(', ')}) (${selected}))`
  }
  return `(${counted('!=', ['namespace', 'pod'])} or ${counted('=', ['namespace', 'instance'])})`
}

/** From `count_values` of how often each pod is scraped. */
export function duplicatesIn(samples: readonly Sample[], examples: readonly Sample[]): Duplicates {
  const times = samples.map(({ labels, value }) => ({ times: Number(labels['times']), pods: value }))
  const sum = (all: typeof times) => all.reduce((total, { pods }) => total + pods, 0)
  return {
    pods: sum(times.filter((each) => each.times > 1)),
    of: sum(times),
    most: Math.max(1, ...times.map((each) => each.times)),
    examples: examples.map(
      ({ labels, value }) =>
        `${labels['namespace'] ?? ''}/${labels['pod'] ?? labels['instance'] ?? ''}: ${value} times`,
    ),
  }
}

function histogramsPromql({ matchers }: Scope): string {
  const counted = (name: string, more: readonly Matcher[] = []) => `count(${select(name, [...matchers, ...more])})`
  const infinite: Matcher = { label: label.bucket, op: '=', value: '+Inf' }
  return [
    withLabel(counted(metrics.durationCount), 'shape', 'counts'),
    withLabel(counted(metrics.durationBuckets, [infinite]), 'shape', 'buckets'),
    withLabel(counted('istio_request_duration_seconds_bucket', [infinite]), 'shape', 'seconds'),
    withLabel(counted(metrics.durationCount.replace(/_count$/, '')), 'shape', 'native'),
  ].join(' or ')
}

export function histogramsIn(samples: readonly Sample[]): Histograms {
  const of = (shape: string) => samples.find(({ labels }) => labels['shape'] === shape)?.value ?? 0
  return { counts: of('counts'), buckets: of('buckets'), seconds: of('seconds'), native: of('native') }
}

/** The longest time ago with Istio's series, of those looked at; `undefined` where there is none. */
export function historyIn(samples: readonly Sample[]): number | undefined {
  const ago = samples.map(({ labels }) => Number(labels['ago'])).filter((each) => Number.isFinite(each))
  return ago.length === 0 ? undefined : Math.max(...ago)
}

/** Targets of the jobs that bring Istio's metrics; where one Prometheus holds several clusters, of this one alone. */
function istioTargets(everything: string, { matchers }: Scope): string {
  return `(${select('up', matchers)} and on (job) group by (job) (${everything}))`
}

function withoutName(matchers: readonly Matcher[]): readonly Matcher[] {
  return matchers.filter((matcher) => matcher !== anyIstio)
}
