import type { KubernetesObject } from '../../clients/kubernetes/wire.ts'
import type { ObjectStore } from './objectStore.ts'
import { type Binding, type Person, type PolicyRule, type Rbac, type Subject, decide } from './rbac.ts'

/** A Role or a ClusterRole. https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/cluster-role-v1/ */
export interface RoleObject extends KubernetesObject {
  readonly rules?: readonly PolicyRule[] | null
  readonly aggregationRule?: {
    readonly clusterRoleSelectors: readonly { readonly matchLabels?: Readonly<Record<string, string>> }[]
  }
}

/** A RoleBinding or a ClusterRoleBinding. */
export interface BindingObject extends KubernetesObject {
  readonly roleRef: { readonly apiGroup: string; readonly kind: string; readonly name: string }
  readonly subjects?: readonly (Subject & { readonly apiGroup?: string })[] | null
}

const group = 'rbac.authorization.k8s.io'

/** Whether a kind decides on rights. */
export function isRbacKind(kind: string): boolean {
  return kind.endsWith(`.${group}`)
}

/** Who may do what, as the roles and bindings in the cluster say at this moment. */
export function rightsIn(store: ObjectStore): Rbac {
  const roles = [...store.list(`clusterroles.${group}`), ...store.list(`roles.${group}`)] as readonly RoleObject[]
  const bindings = [...store.list(`clusterrolebindings.${group}`), ...store.list(`rolebindings.${group}`)].filter(
    isBinding,
  )
  return {
    roles: Object.fromEntries(roles.map(({ metadata, rules }) => [roleKey(metadata), rules ?? []])),
    bindings: bindings.map(bindingOf),
  }
}

/**
 * The ClusterRoles with `aggregationRule` whose rules are not those of the roles they select, with the right ones: what the
 * controller-manager keeps level. https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
export function staleAggregates(roles: readonly RoleObject[]): readonly RoleObject[] {
  return roles.flatMap((role) => {
    if (role.aggregationRule === undefined) return []
    const { clusterRoleSelectors } = role.aggregationRule
    const chosen = roles
      .filter((each) => each !== role && clusterRoleSelectors.some((selector) => isChosen(each, selector.matchLabels)))
      .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
    const seen = new Set<string>()
    const rules = chosen
      .flatMap((each) => each.rules ?? [])
      .filter((rule) => {
        const words = JSON.stringify(rule)
        return seen.has(words) ? false : seen.add(words)
      })
    return JSON.stringify(rules) === JSON.stringify(role.rules ?? []) ? [] : [{ ...role, rules }]
  })
}

/** The rules of a role or of a binding's role that a person does not hold: nobody grants more than he has, but by `escalate` or `bind`. */
export function rulesBeyond(
  rights: Rbac,
  person: Person,
  kind: string,
  object: KubernetesObject,
): readonly PolicyRule[] {
  const { namespace, name } = object.metadata
  const place = namespace === undefined ? {} : { namespace }
  const may = (verb: string, resource: string, named: string) =>
    decide(rights, person, { verb, group, resource, name: named, ...place }).allowed
  if (kind.startsWith('clusterroles') || kind.startsWith('roles')) {
    const resource = kind.slice(0, kind.indexOf('.'))
    return may('escalate', resource, name) ? [] : missing(rights, person, (object as RoleObject).rules ?? [], namespace)
  }
  if (!isBinding(object)) return []
  const { roleRef } = object
  const isWide = roleRef.kind === 'ClusterRole'
  if (may('bind', isWide ? 'clusterroles' : 'roles', roleRef.name)) return []
  const key = isWide ? roleRef.name : `${namespace ?? ''}/${roleRef.name}`
  return missing(rights, person, rights.roles[key] ?? [], namespace)
}

function missing(
  rights: Rbac,
  person: Person,
  rules: readonly PolicyRule[],
  namespace: string | undefined,
): readonly PolicyRule[] {
  const place = namespace === undefined ? {} : { namespace }
  return rules.filter(({ apiGroups, resources, verbs, resourceNames = [undefined] }) =>
    apiGroups.some((apiGroup) =>
      resources.some((full) =>
        verbs.some((verb) =>
          resourceNames.some((name) => {
            const [resource = '', subresource] = full.split('/')
            const within = {
              ...place,
              ...(name !== undefined && { name }),
              ...(subresource !== undefined && { subresource }),
            }
            return !decide(rights, person, { verb, group: apiGroup, resource, ...within }).allowed
          }),
        ),
      ),
    ),
  )
}

function bindingOf({ metadata: { name, namespace }, roleRef, subjects }: BindingObject): Binding {
  const role = roleRef.kind === 'ClusterRole' ? roleRef.name : `${namespace ?? ''}/${roleRef.name}`
  return { name, role, ...(namespace !== undefined && { namespace }), subjects: subjects ?? [] }
}

function isBinding(object: KubernetesObject): object is BindingObject {
  return 'roleRef' in object
}

function roleKey({ namespace, name }: KubernetesObject['metadata']): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}

function isChosen({ metadata: { labels = {} } }: RoleObject, wanted: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value)
}
