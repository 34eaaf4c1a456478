import { checkEntries } from './entries.ts'
import type { Checked, ConfigFinding } from './finding.ts'
import { checkGateways } from './gateways.ts'
import { hostsOf } from './hosts.ts'
import { checkPolicies } from './policies.ts'
import { checkRoutes } from './routes.ts'
import { checkRules } from './rules.ts'
import { checkServices } from './services.ts'
import { checkUse, type SeenTraffic } from './unused.ts'

/**
 * All checks on the objects of one cluster, worst first, then by object. What was not read gives no finding: neither kinds that are
 * absent from `objects`, nor namespaces outside `namespaces`. Without `seen` nothing is said about use.
 */
export function checkObjects(checked: Checked, seen?: SeenTraffic): readonly ConfigFinding[] {
  const hosts = hostsOf(checked)
  const found = [
    ...checkRoutes(checked, hosts),
    ...checkRules(checked, hosts),
    ...checkGateways(checked),
    ...checkServices(checked, hosts),
    ...checkPolicies(checked, hosts),
    ...checkEntries(checked, hosts),
    ...(seen === undefined ? [] : checkUse(checked, seen)),
  ]
  return found.toSorted(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || compare(placeOf(a), placeOf(b)),
  )
}

const order = ['error', 'warning', 'info']

function placeOf({ object: { namespace, kind, name }, code, path = '' }: ConfigFinding): string {
  return [namespace, kind, name, code, path].join(' ')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
