import type { ServiceConfig } from './connectionConfig.ts'
import type { Address, Place } from './places.ts'

/**
 * A Service behind the API server's service proxy, asked with Meshboard's own credentials there.
 * https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls
 */
export function servicePlace(own: Place, service: ServiceConfig, headers: Readonly<Record<string, string>>): Place {
  const ask = async (): Promise<Address> => {
    const address = await own()
    const url = `${address.url.replace(/\/+$/, '')}/${servicePath(service)}`
    return { url, headers: { ...headers, ...address.headers }, by: address.by, service }
  }
  return own.renew === undefined ? ask : Object.assign(ask, { renew: own.renew })
}

/** Below an API server's root: `api/v1/namespaces/istio-system/services/http:kiali:20001/proxy/`, and what follows. */
export function servicePath(service: ServiceConfig): string {
  return `api/v1/namespaces/${service.namespace}/services/${serviceName(service)}/proxy${service.path}`
}

/** What RBAC calls a proxied Service: `http:kiali:20001`. */
export function serviceName({ scheme, name, port }: ServiceConfig): string {
  return `${scheme}:${name}:${port}`
}
