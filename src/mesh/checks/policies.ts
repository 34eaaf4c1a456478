import { groupBy, hasEntries } from '../config/matching.ts'
import type { AuthorizationPolicy, StringMap } from '../config/objects.ts'
import { finding, nameOf, type Checked, type ConfigFinding } from './finding.ts'
import { knowsWorkloads, picked, type Hosts } from './hosts.ts'

/** Checks of PeerAuthentications, AuthorizationPolicies and Sidecars' selectors. */
export function checkPolicies(checked: Checked, hosts: Hosts): readonly ConfigFinding[] {
  const {
    authorizationPolicies = [],
    peerAuthentications = [],
    sidecars = [],
    rootNamespace = 'istio-system',
  } = checked.objects
  const kinds = [
    ['AuthorizationPolicy', authorizationPolicies],
    ['PeerAuthentication', peerAuthentications],
    ['Sidecar', sidecars],
  ] as const
  const unselective = kinds.flatMap(([kind, all]) =>
    all.flatMap((one: { readonly namespace: string; readonly name: string; readonly selector?: StringMap }) => {
      // In the root namespace a selector reaches into every namespace.
      if (!hasEntries(one.selector) || !knowsWorkloads(checked) || one.namespace === rootNamespace) return []
      if (!hosts.wasRead(one.namespace) || picked(hosts.index, one.namespace, one.selector ?? {}).length > 0) return []
      const wanted = Object.entries(one.selector ?? {}).map(([label, value]) => `${label}=${value}`)
      return [finding('MB504', nameOf(kind, one), `No workload in ${one.namespace} has ${wanted.join(', ')}`)]
    }),
  )
  return [
    ...unselective,
    ...authorizationPolicies.flatMap((one) => checkAuthorization(one, authorizationPolicies, checked, hosts)),
    ...twins('MB505', 'PeerAuthentication', peerAuthentications),
    ...twins('MB604', 'Sidecar', sidecars),
  ]
}

function checkAuthorization(
  one: AuthorizationPolicy,
  all: readonly AuthorizationPolicy[],
  checked: Checked,
  hosts: Hosts,
): readonly ConfigFinding[] {
  const object = nameOf('AuthorizationPolicy', one)
  if (one.action === 'DENY' && one.matchesAll === true)
    return [finding('MB502', object, `Everything to ${selectedBy(one)} is denied`, { path: 'spec.rules' })]
  if (one.action === 'ALLOW' && one.rules === 0) {
    const allowing = all.filter(
      (other) => other !== one && other.namespace === one.namespace && other.action === 'ALLOW' && other.rules > 0,
    )
    const others = allowing.slice(0, 20).map((other) => nameOf('AuthorizationPolicy', other))
    return allowing.length === 0
      ? [
          finding(
            'MB501',
            object,
            `Nothing may call ${selectedBy(one)}: no other policy of ${one.namespace} allows anything`,
          ),
        ]
      : [
          finding(
            'MB501',
            object,
            `What ${allowing.length} other policies of ${one.namespace} do not allow is refused`,
            {
              others,
              severity: 'info',
            },
          ),
        ]
  }
  return [...checkPrincipals(one, checked, hosts), ...checkNamespaces(one, checked)]
}

function selectedBy({ selector, targets, namespace }: AuthorizationPolicy): string {
  const [target] = targets
  if (target !== undefined) return `${target.kind} ${target.name}`
  if (!hasEntries(selector)) return `every workload of ${namespace}`
  const labels = Object.entries(selector ?? {}).map(([label, value]) => `${label}=${value}`)
  return `workloads with ${labels.join(', ')}`
}

/** `<trust domain>/ns/<namespace>/sa/<account>`; patterns are left alone. https://istio.io/latest/docs/concepts/security/#secure-naming */
function checkPrincipals(one: AuthorizationPolicy, checked: Checked, hosts: Hosts): readonly ConfigFinding[] {
  if (!knowsWorkloads(checked)) return []
  const accounts = new Set(
    (checked.objects.workloads ?? []).map(
      ({ namespace, serviceAccount }) => `${namespace}/${serviceAccount ?? 'default'}`,
    ),
  )
  return [...new Set(one.principals)].flatMap((principal) => {
    const [, namespace, account] = /\/ns\/([^/*]+)\/sa\/([^/*]+)$/.exec(principal) ?? []
    if (namespace === undefined || account === undefined || !hosts.wasRead(namespace)) return []
    if (accounts.has(`${namespace}/${account}`)) return []
    const message = `${principal}: no workload of ${namespace} runs as ${account}`
    return [finding('MB503', nameOf('AuthorizationPolicy', one), message, { path: 'spec.rules' })]
  })
}

function checkNamespaces(one: AuthorizationPolicy, { objects, namespaces }: Checked): readonly ConfigFinding[] {
  if (objects.namespaces === undefined || namespaces !== undefined) return []
  const known = new Set(objects.namespaces.map(({ name }) => name))
  return [...new Set(one.sourceNamespaces)].flatMap((name) =>
    name.includes('*') || known.has(name)
      ? []
      : [finding('MB506', nameOf('AuthorizationPolicy', one), `There is no namespace ${name}`, { path: 'spec.rules' })],
  )
}

function twins(
  code: 'MB505' | 'MB604',
  kind: string,
  all: readonly { readonly namespace: string; readonly name: string; readonly selector?: StringMap }[],
): readonly ConfigFinding[] {
  const groups = groupBy(
    all,
    ({ namespace, selector }) => `${namespace} ${JSON.stringify(Object.entries(selector ?? {}).sort())}`,
  )
  return [...groups.values()].flatMap((same) =>
    same.length < 2
      ? []
      : same.map((one) => {
          const others = same.filter((other) => other !== one)
          const about = hasEntries(one.selector) ? 'the same pods' : `the namespace ${one.namespace}`
          const names = others.slice(0, 3).map(({ name }) => name)
          return finding(
            code,
            nameOf(kind, one),
            `${names.join(', ')} ${others.length > 1 ? 'are' : 'is'} about ${about} too`,
            {
              others: others.slice(0, 20).map((other) => nameOf(kind, other)),
            },
          )
        }),
  )
}
