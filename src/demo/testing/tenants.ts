import { type Action, type Person, type Rbac, decide } from '../cluster/rbac.ts'
import { at, type Counter } from './engines.ts'

/** Part of every name that belongs to another team; a namespace of another team's holds the other marker. */
export const marker = 'canary'
export const namespaceMarker = 'nsmark'

/** A member of `mine` and `reborn`; the same who may also see the graph; the owner of the cluster; somebody without any right; a member of `mine` and `fresh`. */
export const tokens = {
  member: 'tok-member-1',
  grapher: 'tok-grapher-2',
  owner: 'tok-owner-3',
  stranger: 'tok-stranger-4',
  fresher: 'tok-fresher-5',
}

const people: Readonly<Record<string, Person>> = {
  [tokens.member]: { name: 'mara', groups: ['team'] },
  [tokens.grapher]: { name: 'gina', groups: ['team', 'graph'] },
  [tokens.owner]: { name: 'olga', groups: ['owners'] },
  [tokens.stranger]: { name: 'sven', groups: [] },
  [tokens.fresher]: { name: 'fred', groups: ['fresh'] },
}

/** When the namespace `reborn` was made anew: half a minute and a bit before the instant that is asked about. */
export const rebornAgo = 200
/** When the namespace `fresh` was made, of which there was none before. */
const freshAgo = 100

const view = [
  { apiGroups: [''], resources: ['pods', 'services', 'namespaces'], verbs: ['get', 'list'] },
  { apiGroups: ['apps', 'networking.istio.io'], resources: ['*'], verbs: ['get', 'list'] },
]
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
    ...['mine', 'fresh'].map((namespace) => ({
      role: 'view',
      namespace,
      subjects: [{ kind: 'Group', name: 'fresh' } as const],
    })),
  ],
}

const namespaces = [
  { name: 'mine', project: 'c-1:p-team', ago: 90 * 86_400 },
  { name: 'reborn', project: 'c-1:p-team', ago: rebornAgo },
  { name: 'unknown', project: 'c-1:p-team', ago: 90 * 86_400 },
  { name: 'fresh', project: 'c-1:p-fresh', ago: freshAgo },
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
  const one = /^\/api\/v1\/namespaces\/([^/]+)$/.exec(pathname)?.[1]
  if (one !== undefined) {
    const found = namespaces.find(({ name }) => name === one)
    const action = { verb: 'get', group: '', resource: 'namespaces', namespace: one, name: one }
    if (found === undefined || !decide(now, person, action).allowed) {
      return [403, statusOf(403, `namespaces "${one}" is forbidden`)]
    }
    return [200, objectOf(found)]
  }
  if (pathname === '/api/v1/namespaces') {
    const { allowed } = decide(now, person, { verb: 'list', group: '', resource: 'namespaces' })
    if (!allowed) return [403, statusOf(403, 'namespaces is forbidden')]
    return [200, { items: namespaces.map(objectOf), metadata: {} }]
  }
  if (pathname === '/api/v1/namespaces/meshboard/configmaps/meshboard-settings') {
    const action = {
      verb: 'get',
      group: '',
      resource: 'configmaps',
      namespace: 'meshboard',
      name: 'meshboard-settings',
    }
    if (!decide(now, person, action).allowed)
      return [403, statusOf(403, 'configmaps "meshboard-settings" is forbidden')]
    const rule = `{ protocol: http, codes: '5..', match: { namespace: ${namespaceMarker}-pay, name: ${marker}-saved } }`
    const data = { 'settings.yaml': `health:\n  - ${rule}\n` }
    return [200, { metadata: { name: 'meshboard-settings', namespace: 'meshboard', resourceVersion: '1' }, data }]
  }
  if (pathname === '/apis') {
    const groups = ['apps', 'networking.istio.io', 'rbac.authorization.k8s.io']
    return [200, { groups: groups.map((name) => ({ name, versions: [{ version: 'v1' }] })) }]
  }
  const list = /^\/(?:api|apis\/([^/]+))\/v1\/(?:namespaces\/([^/]+)\/)?([a-z]+)$/.exec(pathname)
  if (list !== null) {
    const [, group = '', namespace, resource = ''] = list
    const action = { verb: 'list', group, resource, ...(namespace === undefined ? {} : { namespace }) }
    if (!decide(now, person, action).allowed) {
      return [403, statusOf(403, `${resource} is forbidden: User "${person.name}" cannot list resource "${resource}"`)]
    }
    const items = objects.filter(
      (each) =>
        each.resource === resource &&
        each.group === group &&
        (namespace === undefined || each.object.metadata.namespace === namespace),
    )
    return [200, { items: items.map(({ object }) => object), metadata: {} }]
  }
  return [404, statusOf(404, 'the server could not find the requested resource')]
}

/** Another team's objects of every kind beside one's own; each is known to whoever may list it there. */
const objects = [
  ...[
    ['', 'pods'],
    ['', 'services'],
    ['apps', 'deployments'],
    ['networking.istio.io', 'virtualservices'],
    ['networking.istio.io', 'serviceentries'],
  ].flatMap(([group = '', resource = '']) =>
    [
      { name: 'shop', namespace: 'mine' },
      { name: `${marker}-pay`, namespace: `${namespaceMarker}-pay` },
    ].map((metadata) => ({ group, resource, object: { metadata, spec: { hosts: [`${metadata.name}.example.com`] } } })),
  ),
  // A Service that calls itself a tool, outside the namespaces that tools are trusted in.
  {
    group: '',
    resource: 'services',
    object: {
      metadata: { name: `${marker}-kiali`, namespace: `${namespaceMarker}-pay`, labels: { app: 'kiali' } },
      spec: { ports: [{ name: 'http-kiali', port: 20_001 }] },
    },
  },
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'rolebindings',
    object: {
      metadata: { name: `${marker}-binding`, namespace: `${namespaceMarker}-pay` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'meshboard-graph-viewer' },
      subjects: [{ kind: 'User', name: `${marker}-user`, apiGroup: 'rbac.authorization.k8s.io' }],
    },
  },
]

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
  readonly startedAgo?: number
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
  { ...call({ ...web, namespace: 'fresh', workload: 'newborn' }, shop), startedAgo: 90 },
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

/** Alerts, containers and certificates, as rules and kubelets tell them. */
const told: readonly Counter[] = [
  ...[
    { namespace: 'mine', deployment: 'shop', alertname: 'ShopIsDown', team: marker, summary: `${marker} knows why` },
    { namespace: 'mine', destination_workload_namespace: `${namespaceMarker}-pay`, alertname: `${marker}-Mixed` },
    { namespace: `${namespaceMarker}-pay`, deployment: `${marker}-pay`, alertname: `${marker}-IsDown` },
    { namespace: `${namespaceMarker}-pay`, destination_service_namespace: 'mine', alertname: `${marker}-Other` },
    { destination_service_namespace: 'mine', destination_service_name: 'shop', alertname: 'ShopIsSlow' },
    { namespace: 'unknown', pod: `${marker}-unknown`, alertname: `${marker}-Unknown` },
    { alertname: `${marker}-Everywhere` },
    { namespace: 'mine', pod: `${marker}-green`, alertname: `${marker}-Green`, cluster: 'green' },
    { namespace: 'reborn', pod: `${marker}-dead`, alertname: `${marker}-Reborn`, endedAgo: rebornAgo + 15 },
  ].flatMap(({ endedAgo = 0, ...labels }) =>
    ['ALERTS', 'ALERTS_FOR_STATE'].map((metric) => ({
      metric,
      labels: {
        cluster: 'blue',
        severity: 'page',
        ...labels,
        ...(metric === 'ALERTS' ? { alertstate: 'firing' } : {}),
      },
      rate: 1,
      endedAgo,
    })),
  ),
  ...[
    { namespace: 'mine', pod: 'shop-0', container: 'shop', cluster: 'blue' },
    { namespace: `${namespaceMarker}-pay`, pod: `${marker}-0`, container: marker, cluster: 'blue' },
    { namespace: 'mine', pod: `${marker}-green-0`, container: marker, cluster: 'green' },
    { namespace: 'unknown', pod: `${marker}-unknown-0`, container: marker, cluster: 'blue' },
    { namespace: 'reborn', pod: `${marker}-dead-0`, container: marker, cluster: 'blue', endedAgo: rebornAgo + 15 },
  ].flatMap(({ endedAgo = 0, ...labels }) =>
    ['container_cpu_usage_seconds_total', 'container_memory_working_set_bytes'].map((metric) => ({
      metric,
      labels,
      rate: 1,
      endedAgo,
    })),
  ),
  ...['citadel_server_root_cert_expiry_timestamp', 'citadel_server_cert_chain_expiry_timestamp'].map((metric) => ({
    metric,
    labels: { cluster: 'blue', pod: marker },
    rate: 1,
  })),
]

/** Everything the two clusters tell, in every metric and from every reporter. */
export const counters: readonly Counter[] = [
  ...told,
  ...calls.flatMap((one, index) =>
    (['source', 'destination', 'waypoint'] as const)
      .filter((reporter) => reporter === 'source' || one.to !== nobody)
      .flatMap((reporter) => countersOf(one, reporter, index + 1)),
  ),
]

function countersOf(
  { from, to, service, endedAgo, startedAgo }: Call,
  reporter: string,
  rate: number,
): readonly Counter[] {
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
  const life = { ...(endedAgo === undefined ? {} : { endedAgo }), ...(startedAgo === undefined ? {} : { startedAgo }) }
  const counter = (metric: string, of: Readonly<Record<string, string>>): Counter => ({
    metric,
    labels: of,
    rate,
    ...life,
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
    // What requests are classified as is the callee's own word, and only the callee's side knows it.
    ...(reporter === 'source'
      ? []
      : [counter('istio_requests_total', { ...http, response_code: '201', request_operation: `${to.workload}-Get` })]),
    ...['100', '+Inf'].map((le) => counter('istio_request_duration_milliseconds_bucket', { ...http, le })),
    ...[
      'istio_tcp_received_bytes_total',
      'istio_tcp_sent_bytes_total',
      'istio_tcp_connections_opened_total',
      'istio_tcp_connections_closed_total',
    ].map((metric) => counter(metric, tcp)),
  ]
}
