import { canonicalName, canonicalRevision, indexObjects, serviceHost } from './matching.ts'
import type { HttpRoute, L4Route, MeshObjects, RouteDestination, VirtualService } from './objects.ts'

/** How a VirtualService says an app's traffic is to be split. */
interface DeclaredSplit {
  /** The object that says so. */
  readonly namespace: string
  readonly name: string
  /** version → share, 0 to 1; what is not named gets nothing. */
  readonly shares: ReadonlyMap<string, number>
}

/**
 * The split that holds for an app's versions where no special match applies: of the first VirtualService (by age, then name) whose
 * last route without conditions names versions of it. `undefined` where no object splits it, or the objects were not read.
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination
 */
export function declaredSplit(
  objects: MeshObjects,
  app: { readonly namespace: string; readonly name: string },
): DeclaredSplit | undefined {
  const index = indexObjects(objects)
  const isOfApp = (service: { readonly namespace: string; readonly name: string }): boolean => {
    const known = index.serviceOf(service.namespace, service.name)
    if (known === undefined || service.namespace !== app.namespace) return false
    return index.workloadsBehind(known).some((workload) => canonicalName(workload) === app.name)
  }
  const versionOf = ({ host, subset }: RouteDestination, from: string): string | undefined => {
    const service = serviceHost(host, from)
    if (service === undefined || !isOfApp(service)) return undefined
    if (subset === undefined) {
      const known = index.serviceOf(service.namespace, service.name)
      const versions = new Set((known === undefined ? [] : index.workloadsBehind(known)).map(canonicalRevision))
      return versions.size === 1 ? [...versions][0] : undefined
    }
    const rules = objects.destinationRules ?? []
    const labels = rules
      .filter((rule) => {
        const of = serviceHost(rule.host, rule.namespace)
        return of?.namespace === service.namespace && of.name === service.name
      })
      .flatMap(({ subsets }) => subsets)
      .find(({ name }) => name === subset)?.labels
    return labels === undefined ? undefined : canonicalRevision({ labels })
  }
  for (const virtualService of inOrder(objects.virtualServices ?? [])) {
    const { namespace, name, http, tcp, hosts } = virtualService
    const isAbout = hosts.some((host) => {
      const service = serviceHost(host, namespace)
      return service !== undefined && isOfApp(service)
    })
    const route = isAbout ? (lastPlain(http) ?? lastPlain(tcp)) : undefined
    const shares = route === undefined ? undefined : sharesOf(route.destinations, (one) => versionOf(one, namespace))
    if (shares !== undefined) return { namespace, name, shares }
  }
  return undefined
}

function inOrder(all: readonly VirtualService[]): readonly VirtualService[] {
  return all.toSorted((a, b) => compare(a.createdAt ?? '', b.createdAt ?? '') || compare(a.name, b.name))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function lastPlain<Route extends HttpRoute | L4Route>(routes: readonly Route[]): Route | undefined {
  return routes.findLast(({ matches, destinations }) => matches === 0 && destinations.length > 0)
}

/** Shares by version; `undefined` where some destination is not one version, or all weights are zero. */
function sharesOf(
  destinations: readonly RouteDestination[],
  versionOf: (destination: RouteDestination) => string | undefined,
): ReadonlyMap<string, number> | undefined {
  const isAlone = destinations.length === 1
  const weights = new Map<string, number>()
  for (const destination of destinations) {
    const version = versionOf(destination)
    if (version === undefined) return undefined
    weights.set(version, (weights.get(version) ?? 0) + (isAlone ? 100 : (destination.weight ?? 0)))
  }
  const all = [...weights.values()].reduce((sum, each) => sum + each, 0)
  return all > 0 ? new Map([...weights].map(([version, weight]) => [version, weight / all])) : undefined
}
