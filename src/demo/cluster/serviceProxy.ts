import type { ObjectStore } from './objectStore.ts'
import { decide, type Person } from './rbac.ts'
import { rightsIn } from './rights.ts'
import { standInAt, type StandInAnswer } from './standIns.ts'
import { StatusError } from './status.ts'

/** A request through the API server to a Service: https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/ */
export interface ProxyRequest {
  readonly namespace: string
  /** As in the path: `http:kiali:20001`. */
  readonly name: string
  /** Below the Service, without a slash at its beginning. */
  readonly path: string
}

/** What a path asks of the service proxy; undefined for any other path. */
export function proxyRequestIn(pathname: string): ProxyRequest | undefined {
  const match = /^\/api\/v1\/namespaces\/([^/]+)\/services\/([^/]+)\/proxy(?:\/(.*))?$/.exec(pathname)
  if (match === null) return undefined
  const [, namespace = '', name = '', path = ''] = match
  return { namespace, name: decodeURIComponent(name), path }
}

/** The stand-in's answer, where the person may have it; throws the `StatusError` that Kubernetes would answer. */
export function throughProxy(
  { namespace, name, path }: ProxyRequest,
  {
    method,
    query,
    person,
    store,
  }: {
    readonly method: string
    readonly query: string
    readonly person: Person
    readonly store: ObjectStore
  },
): StandInAnswer {
  const verb = method === 'GET' || method === 'HEAD' ? 'get' : method === 'POST' ? 'create' : method.toLowerCase()
  const action = { verb, group: '', resource: 'services', subresource: 'proxy', namespace, name }
  if (!decide(rightsIn(store), person, action).allowed) {
    throw new StatusError(
      403,
      'Forbidden',
      `services "${name}" is forbidden: User "${person.name}" cannot ${verb} resource "services/proxy" in API group "" in the namespace "${namespace}"`,
      { name, kind: 'services' },
    )
  }
  const [, service = name, port = ''] = /^(?:https?:)?([^:]+)(?::(.*))?$/.exec(name) ?? []
  if (store.find('services', namespace, service) === undefined)
    throw new StatusError(404, 'NotFound', `services "${service}" not found`, { name: service, kind: 'services' })
  const standIn = standInAt(namespace, service, Number(port))
  if (standIn === undefined) {
    throw new StatusError(503, 'ServiceUnavailable', `no endpoints available for service "${name}"`)
  }
  return standIn(path, query)
}
