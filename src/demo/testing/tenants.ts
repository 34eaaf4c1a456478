import { type Action, type Person, type Rbac, decide } from '../cluster/rbac.ts'
import { at, type Counter } from './engines.ts'

/** Part of every name that belongs to another team; a namespace of another team's holds the other marker. */
export const marker = 'canary'
export const namespaceMarker = 'nsmark'

/** A member of `mine` and `reborn`; the same who may also see the graph; the owner of the cluster; somebody without any right. */
export const tokens = {
  member: 'tok-member-1',
  grapher: 'tok-grapher-2',
  owner: 'tok-owner-3',
  stranger: 'tok-stranger-4',
}

const people: Readonly<Record<string, Person>> = {
  [tokens.member]: { name: 'mara', groups: ['team'] },
  [tokens.grapher]: { name: 'gina', groups: ['team', 'graph'] },
  [tokens.owner]: { name: 'olga', groups: ['owners'] },
  [tokens.stranger]: { name: 'sven', groups: [] },
}

/** When the namespace `reborn` was made anew: half a minute and a bit before the instant that is asked about. */
export const rebornAgo = 200

const view = [{ apiGroups: [''], resources: ['pods', 'services', 'namespaces'], verbs: ['get', 'list'] }]
const team = [{ kind: 'Group', name: 'team' }] as const

export const rights: Rbac = {
  roles: {
    view,
    graph: [{ apiGroups: ['meshboard.io'], resources: ['graphs'], verbs: ['get'] }],
    owner: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
  },
  bindings: [
    { role: 'owner', subjects: [{ kind: 'Group', name: 'owners' }] },
    ...['mine', 'reborn', 'unknown'].flatMap((namespace) => [
      { role: 'view', namespace, subjects: team },
      { role: 'graph', namespace, subjects: [{ kind: 'Group', name: 'graph' } as const] },
    ]),
  ],
}

const namespaces = [
  { name: 'mine', project: 'c-1:p-team', ago: 90 * 86_400 },
  { name: 'reborn', project: 'c-1:p-team', ago: rebornAgo },
  { name: 'unknown', project: 'c-1:p-team', ago: 90 * 86_400 },
  { name: `${namespaceMarker}-pay`, project: 'c-1:p-others', ago: 90 * 86_400 },
]

/** What the API server of the cluster `blue` answers while these are the rights. */
export function blueAnswer(request: Asked, now: Rbac = rights): readonly [status: number, body: unknown] {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const person = Object.hasOwn(people, token) ? people[token] : undefined
  if (person === undefined) return [401, statusOf(401, 'Unauthorized')]
  const { pathname } = new URL(request.url, 'http://blue')
  if (pathname.endsWith('/selfsubjectreviews')) {
    return [201, { status: { userInfo: { username: person.name, groups: person.groups } } }]
  }
  if (pathname.endsWith('/selfsubjectaccessreviews')) {
    const { spec } = JSON.parse(request.body) as { spec: { resourceAttributes: Action } }
    return [201, { status: decide(now, person, spec.resourceAttributes) }]
  }
  const [, namespace, plural] = /^\/api\/v1\/namespaces\/([^/]+)(?:\/([^/]+))?$/.exec(pathname) ?? []
  if (namespace !== undefined) {
    const action = { verb: plural === undefined ? 'get' : 'list', group: '', resource: plural ?? 'namespaces' }
    const found = namespaces.find(({ name }) => name === namespace)
    const { allowed } = decide(now, person, { ...action, namespace, name: namespace })
    if (found === undefined || !allowed) return [403, statusOf(403, `namespaces "${namespace}" is forbidden`)]
    if (plural === undefined) return [200, objectOf(found)]
    const named = { metadata: { name: 'shop', namespace } }
    return [200, { items: plural === 'services' ? [named] : [], metadata: {} }]
  }
  if (pathname === '/api/v1/namespaces') {
    const { allowed } = decide(now, person, { verb: 'list', group: '', resource: 'namespaces' })
    if (!allowed) return [403, statusOf(403, 'namespaces is forbidden')]
    return [200, { items: namespaces.map(objectOf), metadata: {} }]
  }
  return [404, statusOf(404, 'the server could not find the requested resource')]
}

function objectOf({ name, project, ago }: (typeof namespaces)[number]): unknown {
  return {
    metadata: {
      name,
      annotations: { 'field.cattle.io/projectId': project },
      creationTimestamp: new Date((at - ago) * 1000).toISOString(),
    },
  }
}

function statusOf(code: number, message: string): unknown {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code }
}

interface Asked {
  readonly url: string
  readonly headers: { readonly authorization?: string | undefined }
  readonly body: string
}

interface End {
  readonly cluster: string
  readonly namespace: string
  readonly workload: string
}

const other = (what: string, cluster = 'blue'): End => ({
  cluster,
  namespace: `${namespaceMarker}-${what}`,
  workload: `${marker}-${what}`,
})
const web: End = { cluster: 'blue', namespace: 'mine', workload: 'web' }
const shop: End = { cluster: 'blue', namespace: 'mine', workload: 'shop' }
const nobody: End = { cluster: 'unknown', namespace: 'unknown', workload: 'unknown' }
/** In another cluster whose numbers are in the same Prometheus: the same namespace's name, another team's. */
const green: End = { cluster: 'green', namespace: 'mine', workload: `${marker}-green` }

interface Call {
  readonly from: End
  readonly to: End
  readonly service: { readonly host: string; readonly namespace: string; readonly name: string }
  readonly endedAgo?: number
}

const serviceOf = ({ namespace, workload }: End): Call['service'] => ({
  host: `${workload}.${namespace}.svc.cluster.local`,
  namespace,
  name: workload,
})
const call = (from: End, to: End, service = serviceOf(to)): Call => ({ from, to, service })
const hostile = (name: string, namespace: string): Call['service'] => ({ host: `${name}.example.com`, namespace, name })

const calls: readonly Call[] = [
  call(web, shop),
  call(shop, web),
  call(other('pay'), other('bank')),
  call(other('pay'), shop),
  call(web, other('pay')),
  // Through a service that another team owns, to a workload of ours.
  call(web, shop, serviceOf(other('front'))),
  call(other('pay'), shop, serviceOf(other('front'))),
  // Never reached: a ServiceEntry that claims our namespace, one that claims our host, and a plain failure.
  call(other('pay'), nobody, hostile(`${marker}-entry`, 'mine')),
  call(other('pay'), nobody, { host: `${marker}.mine.svc.cluster.local`, namespace: 'mine', name: marker }),
  call(other('pay'), nobody, { host: 'shop.mine.svc.cluster.local', namespace: 'unknown', name: `${marker}-host` }),
  call(web, nobody, hostile(`${marker}-external`, 'unknown')),
  call(web, nobody, hostile(`${marker}-theirs`, `${namespaceMarker}-pay`)),
  // A namespace that is really called `unknown`, and what telemetry does not know.
  call({ cluster: 'blue', namespace: 'unknown', workload: `${marker}-unknown` }, other('pay')),
  call(other('pay'), { cluster: 'blue', namespace: 'unknown', workload: `${marker}-unknown` }),
  // The other cluster.
  call(green, other('pay', 'green')),
  call(other('pay', 'green'), green),
  call(green, shop, serviceOf(shop)),
  call(web, green, { ...serviceOf(green), namespace: 'mine' }),
  call(other('pay'), green),
  // Deleted, and made again by us: what the old team's pods told is not ours.
  ...[call({ ...web, namespace: 'reborn', workload: `${marker}-dead` }, other('pay'))].map((one) => ({
    ...one,
    endedAgo: rebornAgo + 15,
  })),
  ...[call(other('pay'), { ...shop, namespace: 'reborn', workload: `${marker}-dead` })].map((one) => ({
    ...one,
    endedAgo: rebornAgo + 15,
  })),
  call({ ...web, namespace: 'reborn', workload: 'alive' }, shop),
]

/** Everything the two clusters tell, in every metric and from every reporter. */
export const counters: readonly Counter[] = calls.flatMap((one, index) =>
  (['source', 'destination', 'waypoint'] as const)
    .filter((reporter) => reporter === 'source' || one.to !== nobody)
    .flatMap((reporter) => countersOf(one, reporter, index + 1)),
)

function countersOf({ from, to, service, endedAgo }: Call, reporter: string, rate: number): readonly Counter[] {
  const reporting = reporter === 'source' ? from : to
  const end = (side: 'source' | 'destination', { cluster, namespace, workload }: End) => ({
    [`${side}_cluster`]: cluster,
    [`${side}_workload_namespace`]: namespace,
    [`${side}_workload`]: workload,
    [`${side}_app`]: workload,
    [`${side}_version`]: `${workload}-v1`,
    [`${side}_canonical_service`]: workload,
    [`${side}_canonical_revision`]: `${workload}-v1`,
    [`${side}_principal`]: `spiffe://${namespace}/${workload}`,
  })
  const labels = {
    reporter,
    cluster: reporting.cluster === 'green' ? 'green' : 'blue',
    app: reporting.workload,
    namespace: reporting.namespace,
    pod: `${reporting.workload}-0`,
    ...end('source', from),
    ...end('destination', to),
    destination_service: service.host,
    destination_service_namespace: service.namespace,
    destination_service_name: service.name,
    connection_security_policy: 'mutual_tls',
  }
  const http = { ...labels, request_protocol: 'http', response_code: '200', response_flags: '-' }
  const tcp = { ...labels, request_protocol: 'tcp', response_flags: '-' }
  const ended = endedAgo === undefined ? {} : { endedAgo }
  const counter = (metric: string, of: Readonly<Record<string, string>>): Counter => ({
    metric,
    labels: of,
    rate,
    ...ended,
  })
  return [
    ...[
      'istio_requests_total',
      'istio_request_messages_total',
      'istio_response_messages_total',
      'istio_request_duration_milliseconds_sum',
      'istio_request_duration_milliseconds_count',
      'istio_request_bytes_sum',
      'istio_response_bytes_sum',
    ].map((metric) => counter(metric, http)),
    ...['100', '+Inf'].map((le) => counter('istio_request_duration_milliseconds_bucket', { ...http, le })),
    ...[
      'istio_tcp_received_bytes_total',
      'istio_tcp_sent_bytes_total',
      'istio_tcp_connections_opened_total',
      'istio_tcp_connections_closed_total',
    ].map((metric) => counter(metric, tcp)),
  ]
}
