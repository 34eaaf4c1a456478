import { isObject, stringsOf } from '../clients/json.ts'
import type { Review, ReviewAnswer } from '../mesh/access.ts'
import { RefusalError } from './errors.ts'
import { Memory, fairly } from './memory.ts'
import type { Upstream, UpstreamAnswer, UpstreamRequest } from './upstream.ts'
import type { Credentials } from './viewer.ts'

/** A person as the cluster says. */
export interface Person {
  readonly name: string
  readonly groups: readonly string[]
}

/** A cluster's Kubernetes API as its users: every call carries the user's own token, or is the kubeconfig's user's. */
export interface KubernetesUsers {
  /** Who comes with a token. Throws `RefusalError` 401 where the cluster does not take it. */
  readonly whoIs: (user: Credentials) => Promise<Person>
  /** Whether somebody may do something; remembered for `limits.reviewSeconds`. */
  readonly may: (user: Credentials, review: Review) => Promise<ReviewAnswer>
  /** One call. Throws `RefusalError` 401 where the cluster no longer takes the token. */
  readonly ask: (user: Credentials, request: UpstreamRequest) => Promise<UpstreamAnswer>
}

const atOnce = 16
/** Of them for one user: whoever names thousands of namespaces does not keep the others' reviews waiting. */
const eachAtOnce = 8
/** Of them for all tokens together that nobody has shown to be good yet. */
const strangersAtOnce = 4
const mostRemembered = 100_000
const mostMet = 10_000

/** The users of a cluster's API; at most sixteen calls of ours run there at once, at most eight of them for one user. */
export function kubernetesUsers(
  kubernetes: Upstream,
  {
    own,
    reviewSeconds,
    now,
  }: {
    /** The API as the kubeconfig's user, or as whoever is logged in to Rancher; undefined where nobody is. */
    readonly own: Upstream | undefined
    readonly reviewSeconds: number
    readonly now: () => number
  },
): KubernetesUsers {
  const inTurn = fairly(atOnce)
  const met = new Set<string>()
  const people = new Memory<Person>({ seconds: reviewSeconds, most: mostRemembered, now })
  const answers = new Memory<ReviewAnswer>({ seconds: reviewSeconds, most: mostRemembered, now })
  const as = (user: Credentials): Upstream => {
    if (user.kind !== 'token') {
      if (own === undefined) throw new Error(`the credentials of the ${user.kind} are lent to nobody else`)
      return own
    }
    const authorization = `Bearer ${user.token}`
    return (request) => kubernetes({ ...request, headers: { ...request.headers, authorization } })
  }
  const ask: KubernetesUsers['ask'] = async (user, request) => {
    const isMet = user.kind !== 'token' || met.has(user.id)
    const answer = await inTurn(isMet ? user.id : '', isMet ? eachAtOnce : strangersAtOnce, () => as(user)(request))
    if (answer.status === 401) throw refusedFor(user)
    return answer
  }
  const meet = async (user: Credentials): Promise<Person> => {
    const person = await personOf(user, ask)
    met.add(user.id)
    for (const id of met) {
      if (met.size <= mostMet) break
      met.delete(id)
    }
    return person
  }
  return {
    ask,
    whoIs: (user) => people.get(user.id, () => meet(user)),
    may: (user, review) => answers.get(JSON.stringify([user.id, reviewKey(review)]), () => answerOf(user, review, ask)),
  }
}

/** https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/self-subject-review-v1/ (Kubernetes 1.28; beta in 1.27) */
async function personOf(user: Credentials, ask: KubernetesUsers['ask']): Promise<Person> {
  for (const version of ['v1', 'v1beta1', 'v1alpha1']) {
    const apiVersion = `authentication.k8s.io/${version}`
    const { status, json } = await ask(user, {
      path: `apis/${apiVersion}/selfsubjectreviews`,
      json: { apiVersion, kind: 'SelfSubjectReview' },
    })
    const info = statusOf(json)['userInfo']
    const name = isObject(info) ? info['username'] : undefined
    if (status < 300 && isObject(info) && typeof name === 'string' && name !== 'system:anonymous') {
      return { name, groups: stringsOf(info['groups']) }
    }
    if (status < 300) throw tokenRefused
    if (status !== 404 && status !== 403) throw unanswered(status)
  }
  // An older cluster: a review that it answers at all says that it takes the token; its name it does not tell.
  await answerOf(user, { verb: 'get', group: '', resource: 'namespaces' }, ask)
  return { name: 'somebody', groups: [] }
}

async function answerOf(user: Credentials, review: Review, ask: KubernetesUsers['ask']): Promise<ReviewAnswer> {
  const { verb, group, resource, namespace, name } = review
  const [plural, subresource] = resource.split('/')
  const resourceAttributes = {
    verb,
    group,
    resource: plural,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  }
  const { status, json } = await ask(user, {
    path: 'apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    json: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } },
  })
  const answer = statusOf(json)
  if (status >= 300 || typeof answer['allowed'] !== 'boolean') throw unanswered(status)
  const reason = answer['reason']
  // A denial goes before everything else: https://kubernetes.io/docs/reference/access-authn-authz/webhook/
  const allowed = answer['allowed'] && answer['denied'] !== true
  return { allowed, ...(typeof reason === 'string' && reason !== '' ? { reason: reason.slice(0, 300) } : {}) }
}

/** What to say where the cluster no longer takes somebody's credentials. */
export function refusedFor({ kind }: Credentials): RefusalError {
  return { token: tokenRefused, kubeconfig: kubeconfigRefused, rancher: rancherRefused }[kind]
}

function reviewKey({ verb, group, resource, namespace, name }: Review): readonly unknown[] {
  return [verb, group, resource, namespace ?? null, name ?? null]
}

function statusOf(json: unknown): Readonly<Record<string, unknown>> {
  return isObject(json) && isObject(json['status']) ? json['status'] : {}
}

const tokenRefused = new RefusalError({
  status: 401,
  code: 'token_refused',
  message: 'The cluster does not take this token: it is wrong, has expired or was revoked',
  hint: 'Log in with a fresh one',
})

const kubeconfigRefused = new RefusalError({
  status: 401,
  code: 'kubeconfig_refused',
  message: 'The cluster does not take the credentials of your kubeconfig: they are wrong or have expired',
  hint: 'Renew them as you do for kubectl ("kubectl get namespaces" must work), then reload this page',
})

const rancherRefused = new RefusalError({
  status: 401,
  code: 'rancher_refused',
  message: 'Rancher does not know you any more: your session there has ended',
  hint: 'Log in to Rancher again in another tab, then reload this page',
})

function unanswered(status: number): RefusalError {
  return new RefusalError({
    status: 502,
    code: 'reviews_unanswered',
    message: `The cluster did not answer an access review (HTTP status ${status})`,
    hint: 'Check that the configured Kubernetes URL is the root of an API server: without its reviews every door stays closed',
  })
}
