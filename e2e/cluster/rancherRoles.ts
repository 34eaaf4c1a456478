import { type Review, graphReview, injectionReview, metricsReview, settingsReview } from '../../src/mesh/access.ts'
import type { PolicyRule } from '../../src/demo/cluster/rbac.ts'
import type { RoleObject } from '../../src/demo/cluster/rights.ts'

/** The project of the matrix, as Rancher writes it on namespaces, and its namespaces. */
export const project = 'c-matrix:p-matrix'
export const projectNamespaces = ['matrix-api', 'matrix-web'] as const

/** Where Prometheus Federator puts the project's own Grafana and Prometheus, and what their names begin with. */
export const stack = 'cattle-project-p-matrix-monitoring'

/** A role of Rancher's and what it may do in Meshboard: a row of the README's matrix. */
export interface RancherRole {
  readonly title: string
  /** A test user who has this role and no other. */
  readonly user: string
  /** ClusterRoles that Rancher binds in the whole cluster. */
  readonly everywhere: readonly string[]
  /** ClusterRoles that it binds in each namespace of the project. */
  readonly inProject: readonly string[]
  /** Bound in one other namespace. */
  readonly elsewhere?: { readonly namespace: string; readonly role: string }
  readonly may: {
    /** The namespaces whose metrics are seen; null is all, by `list pods`. */
    readonly metrics: readonly string[] | null
    /** `get graphs.meshboard.io`. */
    readonly graph: boolean
    /** `get services/proxy` on `http:kiali:20001` in istio-system. */
    readonly kiali: boolean
    /** The same on Rancher Monitoring's Grafana. */
    readonly grafana: boolean
    /** `patch namespaces` on a namespace of the project. */
    readonly injection: boolean
    /** `update virtualservices.networking.istio.io` in the project. */
    readonly istioObjects: boolean
    /** `update settings.meshboard.io`. */
    readonly settings: boolean
  }
}

const nothing = { graph: false, kiali: false, grafana: false, injection: false, istioObjects: false, settings: false }
const editor = { ...nothing, metrics: projectNamespaces, injection: true, istioObjects: true }

const throughProxy = { verb: 'get', group: '', resource: 'services/proxy' }
const [first] = projectNamespaces

/** What decides each row of the README's matrix, by the row's first cell; the namespace stands for the project's. */
export const matrixRows: Readonly<Record<string, Review>> = {
  'Traffic Metrics': metricsReview(first),
  'Traffic Graph': graphReview(first),
  Kiali: { ...throughProxy, namespace: 'istio-system', name: 'http:kiali:20001' },
  Jaeger: { ...throughProxy, namespace: 'istio-system', name: 'http:tracing:80' },
  'Grafana, Prometheus': {
    ...throughProxy,
    namespace: 'cattle-monitoring-system',
    name: 'http:rancher-monitoring-grafana:80',
  },
  'the project’s own Grafana': { ...throughProxy, namespace: stack, name: `http:${stack}-grafana:80` },
  'injection of a namespace': injectionReview(first),
  'Istio objects: read': { verb: 'list', group: 'networking.istio.io', resource: 'virtualservices', namespace: first },
  'Istio objects: change': {
    verb: 'update',
    group: 'networking.istio.io',
    resource: 'virtualservices',
    namespace: first,
  },
  Settings: settingsReview,
}

/** Facts: Rancher's role templates, its Istio and Monitoring charts. */
export const rancherRoles: readonly RancherRole[] = [
  {
    title: 'cluster owner',
    user: 'ada',
    everywhere: ['cluster-owner'],
    inProject: [],
    may: {
      metrics: null,
      graph: true,
      kiali: true,
      grafana: true,
      injection: true,
      istioObjects: true,
      settings: true,
    },
  },
  {
    title: 'cluster member',
    user: 'ben',
    everywhere: ['cluster-member'],
    inProject: [],
    may: { ...nothing, metrics: [] },
  },
  {
    title: 'project owner',
    user: 'cleo',
    everywhere: ['p-matrix-namespaces-edit'],
    inProject: ['project-owner', 'admin'],
    may: editor,
  },
  {
    title: 'project member',
    user: 'dan',
    everywhere: ['p-matrix-namespaces-edit'],
    inProject: ['project-member', 'edit'],
    may: editor,
  },
  {
    title: 'read-only member',
    user: 'eva',
    everywhere: ['p-matrix-namespaces-readonly'],
    inProject: ['read-only', 'view'],
    may: { ...nothing, metrics: projectNamespaces },
  },
  {
    title: 'read-only member with View Monitoring',
    user: 'fay',
    everywhere: ['p-matrix-namespaces-readonly'],
    inProject: ['read-only', 'view'],
    elsewhere: { namespace: 'cattle-monitoring-system', role: 'monitoring-ui-view' },
    may: { ...nothing, metrics: projectNamespaces, grafana: true },
  },
  {
    title: 'project member whom an owner gave the graph and Kiali',
    user: 'gus',
    everywhere: ['p-matrix-namespaces-edit'],
    inProject: ['project-member', 'edit', 'meshboard-graph-viewer'],
    elsewhere: { namespace: 'istio-system', role: 'meshboard-tools-viewer' },
    may: { ...editor, graph: true, kiali: true },
  },
]

const rule = (apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]): PolicyRule => ({
  apiGroups,
  resources,
  verbs,
})
const read = ['get', 'list', 'watch']
const role = (name: string, rules: readonly PolicyRule[]): RoleObject => ({ metadata: { name }, rules })
const proxied = (...resourceNames: readonly string[]): PolicyRule => ({
  ...rule([''], ['services/proxy'], ['get', 'create']),
  resourceNames,
})
const names = (verbs: readonly string[]): PolicyRule => ({
  ...rule([''], ['namespaces'], verbs),
  resourceNames: projectNamespaces,
})

/** The ClusterRoles that Rancher makes of its templates, as far as they matter here, besides Kubernetes' own admin, edit and view. */
export const rancherClusterRoles: readonly RoleObject[] = [
  role('cluster-owner', [rule(['*'], ['*'], ['*'])]),
  role('cluster-member', [
    rule(['ui.cattle.io'], ['navlinks'], read),
    rule([''], ['nodes', 'persistentvolumes'], read),
    rule(['storage.k8s.io'], ['storageclasses'], read),
  ]),
  role('project-owner', [rule(['ui.cattle.io'], ['navlinks'], read), rule([''], ['namespaces'], ['create'])]),
  role('project-member', [rule(['ui.cattle.io'], ['navlinks'], read), rule([''], ['namespaces'], ['create'])]),
  role('read-only', [rule(['ui.cattle.io'], ['navlinks'], read)]),
  role('p-matrix-namespaces-edit', [names(['*'])]),
  role('p-matrix-namespaces-readonly', [names(['get'])]),
  role('monitoring-ui-view', [
    proxied(
      ...[
        'rancher-monitoring-prometheus:9090',
        'rancher-monitoring-alertmanager:9093',
        'rancher-monitoring-grafana:80',
      ].flatMap((service) => [`http:${service}`, `https:${service}`]),
    ),
  ]),
  role('meshboard-tools-viewer', [proxied('http:kiali:20001', 'kiali:20001', 'http:tracing:80')]),
  // Prometheus Federator binds it to everybody of the project.
  role('p-matrix-monitoring-view', [proxied(`http:${stack}-grafana:80`, `http:${stack}-prometheus:9090`)]),
]
