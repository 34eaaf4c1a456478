import { isObject, stringsOf } from '../clients/json.ts'
import type { Hosts } from '../mesh/scope.ts'
import { namesIn } from './candidates.ts'
import type { KubernetesUsers } from './kubernetesUser.ts'
import { Memory } from './memory.ts'
import type { Credentials } from './viewer.ts'

/** The hosts that really stand in some namespaces, as far as a viewer may read them. */
export type Standing = (user: Credentials, namespaces: readonly string[]) => Promise<Hosts>

/**
 * The Services of the namespaces, and the hosts of their ServiceEntries that are not exported to others: a host that another namespace
 * can see may be one that another team already uses. https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry
 * What cannot be read does not stand. Each namespace is remembered for `seconds`.
 */
export function createStanding(
  users: KubernetesUsers,
  { seconds, now }: { readonly seconds: number; readonly now: () => number },
): Standing {
  const known = new Memory<Hosts>({ seconds, most: 20_000, now })
  const list = async (user: Credentials, path: string): Promise<unknown> => {
    const { status, json } = await users.ask(user, { path })
    return status === 200 ? json : undefined
  }
  const hostsIn = async (user: Credentials, namespace: string): Promise<Hosts> => {
    const [services, entries] = await Promise.all([
      list(user, `api/v1/namespaces/${namespace}/services`),
      list(user, `apis/networking.istio.io/v1/namespaces/${namespace}/serviceentries`),
    ])
    return {
      services: namesIn(services).map((name) => `${name}.${namespace}.svc`),
      entries: entriesIn(entries, namespace),
    }
  }
  return async (user, namespaces) => {
    const all = await Promise.all(
      namespaces.map((namespace) => known.get(JSON.stringify([user.id, namespace]), () => hostsIn(user, namespace))),
    )
    return { services: all.flatMap(({ services }) => services), entries: all.flatMap(({ entries }) => entries) }
  }
}

function entriesIn(json: unknown, namespace: string): readonly string[] {
  const items = isObject(json) ? json['items'] : undefined
  if (!Array.isArray(items)) return []
  return items.flatMap((item: unknown) => {
    const spec = isObject(item) && isObject(item['spec']) ? item['spec'] : {}
    const exportTo = stringsOf(spec['exportTo'])
    const isInside = exportTo.length > 0 && exportTo.every((to) => to === '.' || to === namespace)
    return isInside ? stringsOf(spec['hosts']).filter((host) => !host.includes('*')) : []
  })
}
