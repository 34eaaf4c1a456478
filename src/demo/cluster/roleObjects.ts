import { namespaces } from '../mesh/namespaces.ts'
import { metadata } from './metadata.ts'
import type { PolicyRule, Subject } from './rbac.ts'
import { type BindingObject, type RoleObject, staleAggregates } from './rights.ts'

const rbacGroup = 'rbac.authorization.k8s.io'
const read = ['get', 'list', 'watch']
const write = ['create', 'delete', 'deletecollection', 'patch', 'update']
const istio = ['networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'gateway.networking.k8s.io']

const rule = (apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]): PolicyRule => ({
  apiGroups,
  resources,
  verbs,
})

const clusterRole = (name: string, rules: readonly PolicyRule[], aggregateTo?: string): RoleObject => ({
  metadata: metadata('ClusterRole', name, undefined, {
    ...(aggregateTo !== undefined && { labels: { [`${rbacGroup}/aggregate-to-${aggregateTo}`]: 'true' } }),
  }),
  rules,
})

/** One of Kubernetes' user-facing roles: whatever is labelled for it is part of it. */
const userFacing = (name: string): RoleObject => ({
  metadata: metadata('ClusterRole', name),
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`${rbacGroup}/aggregate-to-${name}`]: 'true' } }] },
})

const viewRules = [
  rule([''], ['pods', 'pods/log', 'events', 'services', 'endpoints', 'configmaps'], read),
  rule(['apps', 'networking.k8s.io', 'batch'], ['*'], read),
]
const editRules = [
  ...viewRules,
  rule([''], ['pods', 'services', 'configmaps'], write),
  rule([''], ['services/proxy', 'pods/log'], ['get', 'create']),
]
const istioView = [rule(istio, ['*'], read)]
const istioEdit = [rule(istio, ['*'], ['*'])]

const namespacesOf = (project: string): readonly string[] =>
  namespaces.filter((each) => each.project === project).map(({ name }) => name)

/** Rancher gives a project's members rights on the project's namespaces by name. */
const namesOf = (project: string, verbs: readonly string[]): PolicyRule => ({
  ...rule([''], ['namespaces'], verbs),
  resourceNames: namespacesOf(project),
})

const parts: readonly RoleObject[] = [
  clusterRole('cluster-admin', [rule(['*'], ['*'], ['*'])]),
  userFacing('admin'),
  userFacing('edit'),
  userFacing('view'),
  clusterRole(
    'system:aggregate-to-admin',
    [...editRules, rule([rbacGroup], ['roles', 'rolebindings'], [...read, ...write])],
    'admin',
  ),
  clusterRole('system:aggregate-to-edit', editRules, 'edit'),
  clusterRole('system:aggregate-to-view', viewRules, 'view'),
  // The three that Rancher's Istio chart installs.
  clusterRole('istio-admin', istioEdit, 'admin'),
  clusterRole('istio-edit', istioEdit, 'edit'),
  clusterRole('istio-view', istioView, 'view'),
  clusterRole('p-shop-namespaces-edit', [namesOf('p-shop', ['get', 'patch'])]),
  clusterRole('p-shop-namespaces-readonly', [namesOf('p-shop', ['get'])]),
  clusterRole('p-bookinfo-namespaces-readonly', [namesOf('p-bookinfo', ['get'])]),
  // Meshboard's own: what its chart installs.
  clusterRole('meshboard-graph-viewer', [rule(['meshboard.io'], ['graphs'], ['get'])]),
  clusterRole('meshboard-namespaces', [
    rule([''], ['namespaces', 'services'], ['list']),
    { ...rule([''], ['configmaps'], ['get']), resourceNames: ['meshboard-settings'] },
  ]),
]

/** Kubernetes' user-facing roles, Istio's, Rancher's and Meshboard's. */
export const clusterRoles: readonly RoleObject[] = parts.map(
  (role) => staleAggregates(parts).find(({ metadata: { name } }) => name === role.metadata.name) ?? role,
)

const refTo = (name: string): BindingObject['roleRef'] => ({ apiGroup: rbacGroup, kind: 'ClusterRole', name })
const groupCalled = (name: string): NonNullable<BindingObject['subjects']>[number] => ({
  kind: 'Group',
  apiGroup: rbacGroup,
  name,
})
const account: Subject = { kind: 'ServiceAccount', name: 'meshboard', namespace: 'meshboard' }

const everywhere = (
  role: string,
  name: string,
  subject: NonNullable<BindingObject['subjects']>[number],
): BindingObject => ({
  metadata: metadata('ClusterRoleBinding', name),
  roleRef: refTo(role),
  subjects: [subject],
})

export const clusterRoleBindings: readonly BindingObject[] = [
  everywhere('cluster-admin', 'cluster-owners', groupCalled('cluster-owners')),
  everywhere('meshboard-namespaces', 'meshboard-namespaces', account),
  everywhere('p-shop-namespaces-edit', 'shop-owners-namespaces', groupCalled('shop-owners')),
  everywhere('p-shop-namespaces-readonly', 'shop-members-namespaces', groupCalled('shop-members')),
  everywhere('p-bookinfo-namespaces-readonly', 'bookinfo-viewers-namespaces', groupCalled('bookinfo-viewers')),
]

const inProject = (project: string, role: string, group: string): readonly BindingObject[] =>
  namespacesOf(project).map((namespace) => ({
    metadata: metadata('RoleBinding', `${group}-${role}`, namespace),
    roleRef: refTo(role),
    subjects: [groupCalled(group)],
  }))

/** Who may do what in a project, namespace by namespace, as Rancher binds its roles. */
export const roleBindings: readonly BindingObject[] = [
  ...inProject('p-shop', 'admin', 'shop-owners'),
  // The owner of the cluster has let the project's owners see the graph, and open Kiali and Jaeger (below).
  ...inProject('p-shop', 'meshboard-graph-viewer', 'shop-owners'),
  ...inProject('p-shop', 'edit', 'shop-members'),
  ...inProject('p-bookinfo', 'view', 'bookinfo-viewers'),
  ...(['kiali', 'jaeger'] as const).map((tool) => ({
    metadata: metadata('RoleBinding', `meshboard-${tool}-viewer`, 'istio-system', { labels: opens(tool) }),
    roleRef: { apiGroup: rbacGroup, kind: 'Role', name: `meshboard-${tool}-viewer` },
    subjects: [groupCalled('shop-owners')],
  })),
]

/** What Meshboard's Settings have written: who may open a tool's Service through the API server. Logging in to it is a POST. */
export const roles: readonly RoleObject[] = (
  [
    ['kiali', 'http:kiali:20001'],
    ['jaeger', 'http:tracing:80'],
  ] as const
).map(([tool, service]) => ({
  metadata: metadata('Role', `meshboard-${tool}-viewer`, 'istio-system', { labels: opens(tool) }),
  rules: [{ ...rule([''], ['services/proxy'], ['get', 'create']), resourceNames: [service] }],
}))

function opens(tool: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/managed-by': 'meshboard', 'meshboard.io/opens': tool }
}
