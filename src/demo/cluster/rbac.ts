/** A rule of a Role or ClusterRole, as Kubernetes has it: https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export interface PolicyRule {
  readonly apiGroups: readonly string[]
  /** Plurals; a subresource after a slash. */
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  readonly resourceNames?: readonly string[]
}

export interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount'
  readonly name: string
  /** Of a service account. */
  readonly namespace?: string
}

/** A binding; without a namespace it holds everywhere. */
export interface Binding {
  /** Of the binding itself. */
  readonly name?: string
  /** A key of `Rbac.roles`. */
  readonly role: string
  readonly namespace?: string
  readonly subjects: readonly Subject[]
}

export interface Rbac {
  readonly roles: Readonly<Record<string, readonly PolicyRule[]>>
  readonly bindings: readonly Binding[]
}

export interface Person {
  readonly name: string
  readonly groups: readonly string[]
}

/** What somebody wants to do. */
export interface Action {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
}

export interface Decision {
  readonly allowed: boolean
  readonly reason: string
}

/**
 * Kubernetes' own decision: some binding for the person, everywhere or in the action's namespace, whose role has a rule for the action.
 * A rule with names never covers an action without one. https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/rbac/v1/evaluation_helpers.go
 */
export function decide({ roles, bindings }: Rbac, person: Person, action: Action): Decision {
  for (const { name, role, namespace, subjects } of bindings) {
    if (namespace !== undefined && namespace !== action.namespace) continue
    const subject = subjects.find((each) => isFor(each, person))
    if (subject === undefined) continue
    if (!(roles[role] ?? []).some((rule) => covers(rule, action))) continue
    return { allowed: true, reason: reasonOf({ name: name ?? role, role, namespace, subject }) }
  }
  return { allowed: false, reason: '' }
}

/** The rules that a person has in a namespace, for `SelfSubjectRulesReview`. */
export function rulesIn({ roles, bindings }: Rbac, person: Person, namespace: string): readonly PolicyRule[] {
  return bindings
    .filter((binding) => binding.namespace === undefined || binding.namespace === namespace)
    .filter(({ subjects }) => subjects.some((subject) => isFor(subject, person)))
    .flatMap(({ role }) => roles[role] ?? [])
}

/** In the API server's words: `RBAC: allowed by RoleBinding "readers/shop" of ClusterRole "view" to Group "shop-members"`. */
function reasonOf({
  name,
  role,
  namespace,
  subject,
}: {
  readonly name: string
  readonly role: string
  readonly namespace: string | undefined
  readonly subject: Subject
}): string {
  const binding = namespace === undefined ? `ClusterRoleBinding "${name}"` : `RoleBinding "${name}/${namespace}"`
  const [own, inNamespace] = role.split('/').reverse()
  const kind = inNamespace === undefined ? 'ClusterRole' : 'Role'
  const who = `${subject.name}${subject.namespace === undefined ? '' : `/${subject.namespace}`}`
  return `RBAC: allowed by ${binding} of ${kind} "${own ?? role}" to ${subject.kind} "${who}"`
}

function isFor({ kind, name, namespace = '' }: Subject, person: Person): boolean {
  if (kind === 'ServiceAccount') return person.name === `system:serviceaccount:${namespace}:${name}`
  return kind === 'User' ? name === person.name : person.groups.includes(name)
}

function covers({ apiGroups, resources, verbs, resourceNames }: PolicyRule, action: Action): boolean {
  const { verb, group, resource, subresource, name } = action
  const full = subresource === undefined ? resource : `${resource}/${subresource}`
  const isResource = resources.some(
    (each) => each === '*' || each === full || (subresource !== undefined && each === `*/${subresource}`),
  )
  const isName = resourceNames === undefined || (name !== undefined && resourceNames.includes(name))
  return has(verbs, verb) && has(apiGroups, group) && isResource && isName
}

function has(values: readonly string[], value: string): boolean {
  return values.includes('*') || values.includes(value)
}
