import type { ObjectStore } from './objectStore.ts'
import { type Persona, personas } from './personas.ts'
import { decide, type Person } from './rbac.ts'
import { personBehind } from './reviews.ts'
import { rightsIn } from './rights.ts'
import { StatusError, unauthorized } from './status.ts'

/** The headers that say who asks. */
export interface Asking {
  readonly authorization: string | undefined
  readonly impersonateUser?: string | undefined
  readonly impersonateGroups?: readonly string[]
}

/**
 * Without a token it is the cluster's owner at the machine itself; a token that the cluster does not know it refuses. Whoever may
 * impersonate may ask as somebody else: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export function whoAsks(store: ObjectStore, asking: Asking): Persona {
  const { authorization, impersonateUser, impersonateGroups = [] } = asking
  const person = authorization === undefined ? personas[0] : personBehind(authorization)
  if (person === undefined) throw unauthorized()
  if (impersonateUser === undefined) return person
  const demand = (resource: string, name: string): void => {
    if (!decide(rightsIn(store), person, { verb: 'impersonate', group: '', resource, name }).allowed) {
      throw cannotImpersonate(person, resource, name)
    }
  }
  demand('users', impersonateUser)
  for (const group of impersonateGroups) demand('groups', group)
  const groups = [...new Set([...impersonateGroups, 'system:authenticated'])]
  return { id: impersonateUser, label: impersonateUser, token: '', name: impersonateUser, groups }
}

function cannotImpersonate({ name: user }: Person, resource: string, name: string): StatusError {
  const message = `${resource} "${name}" is forbidden: User "${user}" cannot impersonate resource "${resource}" in API group "" at the cluster scope`
  return new StatusError(403, 'Forbidden', message, { name, kind: resource })
}
