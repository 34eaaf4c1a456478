import { shellWord } from './shellWord.ts'
import type { ToolName } from './tools.ts'

/**
 * One access review: what Kubernetes is asked whether the viewer may do it.
 * https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/
 */
export interface Review {
  readonly verb: string
  /** Empty for the core group. */
  readonly group: string
  /** With its subresource after a slash: `services/proxy`. */
  readonly resource: string
  /** Absent: everywhere. */
  readonly namespace?: string
  readonly name?: string
}

/** What the cluster answered; `reason` in its own words, often empty. */
export interface ReviewAnswer {
  readonly allowed: boolean
  readonly reason?: string
}

/** A door: open or closed, why, and how to check and to open it. */
export interface Door {
  readonly allowed: boolean
  /** One or two sentences for a person. */
  readonly reason: string
  /** Of a closed door: the permission whose absence is the reason. */
  readonly permission?: Review
  /** Of a closed door: the command that answers the same question. */
  readonly check?: string
  /** Of a closed door: the objects that open it, as YAML for an administrator to apply. */
  readonly grant?: string
}

/** The API group of permissions that are Meshboard's own; RBAC decides on names alone, so nothing needs to be installed. */
const ownGroup = 'meshboard.io'

/** Whether the numbers of a namespace may be seen (everywhere without one): whoever may see its pods may. */
export function metricsReview(namespace?: string): Review {
  return { verb: 'list', group: '', resource: 'pods', ...(namespace === undefined ? {} : { namespace }) }
}

/** Whether the traffic graph may name the other side of the namespace's calls. */
export function graphReview(namespace?: string): Review {
  return { verb: 'get', group: ownGroup, resource: 'graphs', ...(namespace === undefined ? {} : { namespace }) }
}

/** Whether a tool at an external address may be opened. */
export function toolReview(tool: ToolName): Review {
  return { verb: 'get', group: ownGroup, resource: 'tools', name: tool }
}

/**
 * Whether a Service (`http:kiali:20001`) may be reached through the API server: GET is the verb `get`, POST is `create`.
 * https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
 */
export function proxyReview(namespace: string, service: string, verb: 'get' | 'create'): Review {
  return { verb, group: '', resource: 'services/proxy', namespace, name: service }
}

/** Whether a namespace's labels may be changed, which decide about sidecars. */
export function injectionReview(namespace: string): Review {
  return { verb: 'patch', group: '', resource: 'namespaces', name: namespace }
}

/** Whether Meshboard's own settings may be changed. */
export const settingsReview: Review = { verb: 'update', group: ownGroup, resource: 'settings' }

/** `list pods in shop-web`, `get graphs.meshboard.io everywhere`: the review in words. */
export function reviewWords({ verb, group, resource, namespace, name }: Review): string {
  const what = `${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` "${name}"`}`
  // A namespace is in no other, and one by name is in one place.
  if (resource === 'namespaces' && name !== undefined) return `${verb} ${what}`
  return `${verb} ${what} ${namespace === undefined ? 'everywhere' : `in ${namespace}`}`
}

/**
 * The command with which the viewer checks a review: `kubectl auth can-i list pods --namespace shop-web`.
 * https://kubernetes.io/docs/reference/kubectl/generated/kubectl_auth/kubectl_auth_can-i/
 */
export function canI({ verb, group, resource, namespace, name }: Review): string {
  const [plural = '', subresource] = resource.split('/')
  const what = `${plural}${group === '' ? '' : `.${group}`}${name === undefined ? '' : `/${name}`}`
  return [
    'kubectl auth can-i',
    shellWord(verb),
    shellWord(what),
    ...(subresource === undefined ? [] : [`--subresource=${shellWord(subresource)}`]),
    namespace === undefined ? '--all-namespaces' : `--namespace=${shellWord(namespace)}`,
  ].join(' ')
}

/**
 * A role with exactly this permission and its binding to a user, as YAML: namespaced where the review is, else for the whole cluster.
 * Whatever the user is called, the text is one YAML document of each kind. `verbs` where using the thing takes more than the review asks.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function grantFor(review: Review, user: string, verbs: readonly string[] = [review.verb]): string {
  const { verb, group, resource, namespace, name } = review
  const prefix = namespace === undefined ? 'Cluster' : ''
  const roleName = `meshboard-${verb}-${resource.replaceAll('/', '-')}${name === undefined ? '' : `-${plainName(name)}`}`
  const metadata = (objectName: string): readonly string[] => [
    'metadata:',
    `  name: ${scalar(objectName)}`,
    ...(namespace === undefined ? [] : [`  namespace: ${scalar(namespace)}`]),
  ]
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${prefix}Role`,
    ...metadata(roleName),
    'rules:',
    `  - apiGroups: [${scalar(group)}]`,
    `    resources: [${scalar(resource)}]`,
    ...(name === undefined ? [] : [`    resourceNames: [${scalar(name)}]`]),
    `    verbs: [${verbs.map(scalar).join(', ')}]`,
    '---',
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${prefix}RoleBinding`,
    ...metadata(`${roleName}-${plainName(user)}`),
    'roleRef:',
    '  apiGroup: rbac.authorization.k8s.io',
    `  kind: ${prefix}Role`,
    `  name: ${scalar(roleName)}`,
    'subjects:',
    ...subjectOf(user),
    '',
  ].join('\n')
}

/** An open door with the reason it is open. */
export function openDoor(reason: string): Door {
  return { allowed: true, reason }
}

/** A closed door with everything needed to understand and to open it; `closed` says what stays behind it. */
export function closedDoor(closed: string, review: Review, user: string, answer?: ReviewAnswer): Door {
  const said = answer?.reason === undefined || answer.reason === '' ? '' : ` The cluster says: ${answer.reason}`
  return {
    allowed: false,
    reason: `${closed} It takes the permission to ${reviewWords(review)}.${said}`,
    permission: review,
    check: canI(review),
    grant: grantFor(review, user),
  }
}

/** The door of a single review. */
export function doorOf(
  review: Review,
  answer: ReviewAnswer,
  { user, opens, closed }: { readonly user: string; readonly opens: string; readonly closed: string },
): Door {
  return answer.allowed
    ? openDoor(`${opens} You may ${reviewWords(review)}.`)
    : closedDoor(closed, review, user, answer)
}

function subjectOf(user: string): readonly string[] {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user)
  if (account === null) {
    return ['  - apiGroup: rbac.authorization.k8s.io', '    kind: User', `    name: ${scalar(user)}`]
  }
  const [, namespace = '', name = ''] = account
  return ['  - kind: ServiceAccount', `    namespace: ${scalar(namespace)}`, `    name: ${scalar(name)}`]
}

/** A YAML scalar in double quotes, which are JSON's with two more escapes that a JSON string never holds bare. */
function scalar(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\p{Surrogate}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The letters of a name that an object's name may have. */
function plainName(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-|-$/g, '')
  return plain === '' ? 'user' : plain
}
