import { proxyName, type ToolService } from './tools.ts'

/**
 * Who may see the graph, open Kiali, open Jaeger: as the RBAC objects that say so, and nothing else. What Settings write is labelled as
 * ours; what it shows is read back from the cluster.
 */
export const openedNames = ['graph', 'kiali', 'jaeger'] as const
export type Opened = (typeof openedNames)[number]

/** Kubernetes' user-facing roles, the strongest first: whoever holds one may do what the later ones may. */
export const holderRoles = ['admin', 'edit', 'view'] as const
export type HolderRole = (typeof holderRoles)[number]

export interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount'
  readonly name: string
  /** Of a ServiceAccount. */
  readonly namespace?: string
}

/** Holders of a role (or a stronger one), in any namespace or in those of a project. */
export interface Holders {
  readonly role: HolderRole
  /** Rancher's project, `c-m-abc:p-x7k2p`; absent: everywhere. */
  readonly project?: string
}

/** Nobody but the cluster's owners where all of it is empty. */
export interface Audience {
  readonly everybody: boolean
  readonly subjects: readonly Subject[]
  readonly holders: readonly Holders[]
}

/** A Role, ClusterRole, RoleBinding or ClusterRoleBinding. https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export interface RbacObject {
  readonly kind: 'Role' | 'ClusterRole' | 'RoleBinding' | 'ClusterRoleBinding'
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
    readonly resourceVersion?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly rules?: readonly {
    readonly apiGroups: readonly string[]
    readonly resources: readonly string[]
    readonly verbs: readonly string[]
    readonly resourceNames?: readonly string[]
  }[]
  readonly roleRef?: { readonly apiGroup: string; readonly kind: string; readonly name: string }
  readonly subjects?: readonly (Subject & { readonly apiGroup?: string })[]
}

/** What an audience is let to: the graph, a tool's Service behind the API server, a tool at an address of its own. */
export type Target =
  | { readonly opened: 'graph' }
  | { readonly opened: 'kiali' | 'jaeger'; readonly service: ToolService }
  | { readonly opened: 'kiali' | 'jaeger' }

/** What of the cluster deciding takes: all its bindings, and the namespaces of its projects. */
export interface Rights {
  readonly bindings: readonly RbacObject[]
  readonly namespacesOf: (project: string) => readonly string[]
}

const rbacGroup = 'rbac.authorization.k8s.io'
const managedBy = 'app.kubernetes.io/managed-by'
const opensLabel = 'meshboard.io/opens'
const holdersLabel = 'meshboard.io/holders'
const projectAnnotation = 'meshboard.io/project'
const everybody = 'system:authenticated'

/** Whether an object is one that Settings wrote for this. */
export function isOurs({ metadata: { labels = {} } }: RbacObject, opened: Opened): boolean {
  return labels[managedBy] === 'meshboard' && labels[opensLabel] === opened
}

/**
 * The objects that let an audience in. The graph's own role in every namespace of a holder is added to Kubernetes' `admin`, `edit` or
 * `view` itself, by the label that aggregates it: new holders have it at once. A tool stands in one namespace, where holders elsewhere
 * have nothing: they are bound by name, as they are at this moment, and so are the holders of one project.
 */
export function objectsFor(target: Target, audience: Audience, rights: Rights): readonly RbacObject[] {
  const { opened } = target
  const named = [...(audience.everybody ? [{ kind: 'Group', name: everybody } as const] : []), ...audience.subjects]
  const holders = audience.holders.flatMap((each): readonly RbacObject[] => {
    if (opened === 'graph' && each.project === undefined) return [aggregated(each.role)]
    const subjects = holdersNow(each, rights)
    const project = each.project === undefined ? '' : `-${idOf(each.project)}`
    const name = `meshboard-${opened}-of-${each.role}${project}`
    const labels = { ...labelsFor(opened), [holdersLabel]: each.role }
    const annotations = each.project === undefined ? {} : { annotations: { [projectAnnotation]: each.project } }
    const namespaces =
      opened === 'graph' && each.project !== undefined ? rights.namespacesOf(each.project) : [homeOf(target)]
    return namespaces.map((namespace) => bindingOf(target, { name, labels, ...annotations }, subjects, namespace))
  })
  const main = named.length === 0 ? [] : [bindingOf(target, mainMetadata(opened), named, homeOf(target))]
  const bindings = [...main, ...holders]
  return bindings.some(({ kind }) => kind.endsWith('Binding')) ? [roleOf(target), ...bindings] : bindings
}

/** The audience that our objects in the cluster amount to, whoever wrote them last. */
export function audienceIn(objects: readonly RbacObject[], opened: Opened): Audience {
  const ours = objects.filter((each) => isOurs(each, opened))
  const subjects = ours
    .filter(({ kind, metadata }) => kind.endsWith('Binding') && metadata.labels?.[holdersLabel] === undefined)
    .flatMap((binding) => (binding.subjects ?? []).map(plain))
  const holders = ours.flatMap(({ metadata: { labels = {}, annotations = {} } }): readonly Holders[] => {
    const role = holderRoles.find((each) => each === labels[holdersLabel])
    if (role === undefined) return []
    const project = annotations[projectAnnotation]
    return [project === undefined ? { role } : { role, project }]
  })
  return {
    everybody: subjects.some(({ kind, name }) => kind === 'Group' && name === everybody),
    subjects: unique(subjects.filter(({ kind, name }) => kind !== 'Group' || name !== everybody)),
    holders: unique(holders),
  }
}

/** Bindings to one of our roles that somebody else made: shown, and left alone. */
export function foreignBindings(objects: readonly RbacObject[], opened: Opened): readonly RbacObject[] {
  return objects.filter(
    (each) => each.roleRef?.name === `meshboard-${opened}-viewer` && each.metadata.labels?.[managedBy] !== 'meshboard',
  )
}

/** Holders that came since their binding was written: they are not let in until it is saved again. */
export function holdersSince(objects: readonly RbacObject[], opened: Opened, rights: Rights): readonly Subject[] {
  const bound = objects
    .filter((each) => isOurs(each, opened))
    .flatMap(({ subjects = [] }) => subjects.map((each) => JSON.stringify(plain(each))))
  const wanted = audienceIn(objects, opened).holders.flatMap((each) =>
    opened === 'graph' && each.project === undefined ? [] : holdersNow(each, rights),
  )
  return unique(wanted).filter((each) => !bound.includes(JSON.stringify(each)))
}

/** What takes the cluster from our objects in it to the wanted ones; what is already so is left alone. */
export function changesTo(
  wanted: readonly RbacObject[],
  existing: readonly RbacObject[],
): {
  readonly create: readonly RbacObject[]
  readonly replace: readonly RbacObject[]
  readonly remove: readonly RbacObject[]
} {
  const keyOf = ({ kind, metadata: { namespace = '', name } }: RbacObject) => `${kind}/${namespace}/${name}`
  const known = new Map(existing.map((each) => [keyOf(each), each]))
  const keys = new Set(wanted.map(keyOf))
  const replace = wanted.flatMap((each): readonly RbacObject[] => {
    const old = known.get(keyOf(each))
    if (old === undefined || says(old) === says(each)) return []
    const { resourceVersion } = old.metadata
    return [{ ...each, metadata: { ...each.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) } }]
  })
  return {
    create: wanted.filter((each) => !known.has(keyOf(each))),
    replace,
    remove: existing.filter((each) => !keys.has(keyOf(each))),
  }
}

/** `User jo`, `ServiceAccount ci/robot`. */
export function subjectWords({ kind, name, namespace }: Subject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
}

function holdersNow({ role, project }: Holders, { bindings, namespacesOf }: Rights): readonly Subject[] {
  const roles: readonly string[] = holderRoles.slice(0, holderRoles.indexOf(role) + 1)
  const namespaces = project === undefined ? undefined : namespacesOf(project)
  return unique(
    bindings
      .filter(({ roleRef }) => roleRef?.kind === 'ClusterRole' && roles.includes(roleRef.name))
      .filter(
        ({ metadata: { namespace } }) =>
          namespaces === undefined || (namespace !== undefined && namespaces.includes(namespace)),
      )
      .flatMap(({ subjects = [] }) => subjects.map(plain)),
  )
}

function aggregated(role: HolderRole): RbacObject {
  // Kubernetes makes `view` part of `edit` and that of `admin`; where somebody undid that, the stronger roles are named too.
  const stronger = holderRoles.slice(0, holderRoles.indexOf(role) + 1)
  const aggregates = Object.fromEntries(stronger.map((each) => [`${rbacGroup}/aggregate-to-${each}`, 'true']))
  const labels = { ...labelsFor('graph'), [holdersLabel]: role, ...aggregates }
  return { kind: 'ClusterRole', metadata: { name: `meshboard-graph-of-${role}`, labels }, rules: [graphRule] }
}

const graphRule = { apiGroups: ['meshboard.io'], resources: ['graphs'], verbs: ['get'] }

function roleOf(target: Target): RbacObject {
  const { name, labels } = mainMetadata(target.opened)
  if (target.opened === 'graph') return { kind: 'ClusterRole', metadata: { name, labels }, rules: [graphRule] }
  if ('service' in target) {
    // Logging in is a POST, which the service proxy calls `create`.
    const rule = { apiGroups: [''], resources: ['services/proxy'], verbs: ['get', 'create'] }
    const rules = [{ ...rule, resourceNames: [proxyName(target.service)] }]
    return { kind: 'Role', metadata: { name, namespace: target.service.namespace, labels }, rules }
  }
  const rule = { apiGroups: ['meshboard.io'], resources: ['tools'], resourceNames: [target.opened], verbs: ['get'] }
  return { kind: 'ClusterRole', metadata: { name, labels }, rules: [rule] }
}

function bindingOf(
  target: Target,
  metadata: RbacObject['metadata'],
  subjects: readonly Subject[],
  namespace: string | undefined,
): RbacObject {
  const role = roleOf(target)
  return {
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: rbacGroup, kind: role.kind, name: role.metadata.name },
    subjects: subjects.map((each) => (each.kind === 'ServiceAccount' ? each : { apiGroup: rbacGroup, ...each })),
  }
}

/** The namespace of a tool's Service; undefined: everywhere. */
function homeOf(target: Target): string | undefined {
  return 'service' in target ? target.service.namespace : undefined
}

function mainMetadata(opened: Opened): { readonly name: string; readonly labels: Readonly<Record<string, string>> } {
  return { name: `meshboard-${opened}-viewer`, labels: labelsFor(opened) }
}

function labelsFor(opened: Opened): Readonly<Record<string, string>> {
  return { [managedBy]: 'meshboard', [opensLabel]: opened }
}

function idOf(project: string): string {
  return project.slice(project.indexOf(':') + 1)
}

function plain({ kind, name, namespace }: Subject): Subject {
  return { kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

/** What an object says, apart from what the server adds. */
function says({ metadata: { labels, annotations }, rules, subjects, roleRef }: RbacObject): string {
  return JSON.stringify([
    Object.entries(labels ?? {}).sort(),
    annotations?.[projectAnnotation],
    rules?.map(({ apiGroups, resources, resourceNames, verbs }) => [apiGroups, resources, resourceNames, verbs]),
    subjects?.map((each) => JSON.stringify(plain(each))).sort(),
    roleRef?.name,
  ])
}

function unique<Item>(items: readonly Item[]): readonly Item[] {
  const seen = new Set<string>()
  return items.filter((item) => {
    const words = JSON.stringify(item)
    return seen.has(words) ? false : seen.add(words)
  })
}
