import { namespaces } from '../mesh/namespaces.ts'
import type { Person, PolicyRule, Rbac } from './rbac.ts'

/** Somebody who can log in to the demo cluster. */
export interface Persona extends Person {
  readonly id: string
  readonly label: string
  readonly token: string
}

const everybody = 'system:authenticated'

/** The four whose tokens the demo hands out; their rights are those of Rancher's roles of the same names. */
export const personas: readonly Persona[] = [
  { id: 'owner', label: 'Cluster owner', name: 'olivia', groups: ['cluster-owners', everybody], token: 'demo' },
  {
    id: 'shop-owner',
    label: 'Project owner of the shop',
    name: 'sofia',
    groups: ['shop-owners', everybody],
    token: 'demo-shop-owner-5f1c',
  },
  {
    id: 'shop-member',
    label: 'Project member of the shop',
    name: 'samir',
    groups: ['shop-members', everybody],
    token: 'demo-shop-member-9a27',
  },
  {
    id: 'bookinfo-viewer',
    label: 'Read-only member of Bookinfo',
    name: 'bruno',
    groups: ['bookinfo-viewers', everybody],
    token: 'demo-bookinfo-viewer-c3e8',
  },
]

/** The proxy's own account, which may list namespaces and no more. */
const meshboard: Persona = {
  id: 'meshboard',
  label: 'Meshboard itself',
  name: 'system:serviceaccount:meshboard:meshboard',
  groups: ['system:serviceaccounts', everybody],
  token: 'demo-meshboard-71d0',
}

export const meshboardToken = meshboard.token

/** Who comes with a token; undefined for one that the cluster does not know. */
export function personWith(token: string): Persona | undefined {
  return [...personas, meshboard].find((each) => each.token === token)
}

const rule = (apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]): PolicyRule => ({
  apiGroups,
  resources,
  verbs,
})

const read = ['get', 'list', 'watch']
const workloads = ['pods', 'services', 'endpoints', 'configmaps']
const istio = ['networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'gateway.networking.k8s.io']

const view = [
  rule([''], workloads, read),
  rule(['apps', 'networking.k8s.io', 'batch'], ['*'], read),
  rule(istio, ['*'], read),
]
const edit = [...view, rule(istio, ['*'], ['*']), rule([''], ['services/proxy', 'pods/log'], ['get', 'create'])]

const namespacesOf = (project: string): readonly string[] =>
  namespaces.filter((each) => each.project === project).map(({ name }) => name)

/** Rancher gives a project's members `get` on the project's namespaces, by name. */
const namesOf = (project: string, verbs: readonly string[]): PolicyRule => ({
  ...rule([''], ['namespaces'], verbs),
  resourceNames: namespacesOf(project),
})

const inProject = (project: string, role: string, group: string): Rbac['bindings'] =>
  namespacesOf(project).map((namespace) => ({ role, namespace, subjects: [{ kind: 'Group', name: group }] }))

/** Who may do what in the demo cluster. */
export const rbac: Rbac = {
  roles: {
    'cluster-owner': [rule(['*'], ['*'], ['*'])],
    'project-owner': edit,
    'project-member': edit,
    'read-only': view,
    'meshboard-graph-viewer': [rule(['meshboard.io'], ['graphs'], ['get'])],
    'shop-namespaces-edit': [namesOf('p-shop', ['get', 'patch'])],
    'shop-namespaces-readonly': [namesOf('p-shop', ['get'])],
    'bookinfo-namespaces-readonly': [namesOf('p-bookinfo', ['get'])],
    meshboard: [rule([''], ['namespaces'], ['list'])],
  },
  bindings: [
    { role: 'cluster-owner', subjects: [{ kind: 'Group', name: 'cluster-owners' }] },
    { role: 'meshboard', subjects: [{ kind: 'User', name: meshboard.name }] },
    { role: 'shop-namespaces-edit', subjects: [{ kind: 'Group', name: 'shop-owners' }] },
    { role: 'shop-namespaces-readonly', subjects: [{ kind: 'Group', name: 'shop-members' }] },
    { role: 'bookinfo-namespaces-readonly', subjects: [{ kind: 'Group', name: 'bookinfo-viewers' }] },
    ...inProject('p-shop', 'project-owner', 'shop-owners'),
    // The owner of the cluster has bound this one to the project's owners: they may see the graph.
    ...inProject('p-shop', 'meshboard-graph-viewer', 'shop-owners'),
    ...inProject('p-shop', 'project-member', 'shop-members'),
    ...inProject('p-bookinfo', 'read-only', 'bookinfo-viewers'),
  ],
}
