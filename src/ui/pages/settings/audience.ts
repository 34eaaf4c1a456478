import { holderRoles, subjectWords, type Audience, type Holders, type Subject } from '../../../mesh/opening.ts'
import { settingsStrings as strings } from './strings.ts'

/** An audience as the form's fields hold it. */
export interface AudienceFields {
  readonly everybody: boolean
  readonly groups: readonly string[]
  readonly users: readonly string[]
  /** `edit`, `edit@c-demo:p-shop`. */
  readonly holders: readonly string[]
}

/** The fields of an audience; a service account is the user that Kubernetes makes of it. */
export function fieldsOf({ everybody, subjects, holders }: Audience): AudienceFields {
  return {
    everybody,
    groups: subjects.filter(({ kind }) => kind === 'Group').map(({ name }) => name),
    users: subjects.filter(({ kind }) => kind !== 'Group').map(userOf),
    holders: holders.map(holderValue),
  }
}

/** The audience that the fields mean. */
export function audienceOf({ everybody, groups, users, holders }: AudienceFields): Audience {
  return {
    everybody,
    subjects: [
      ...groups.map((name): Subject => ({ kind: 'Group', name })),
      ...users.map((name): Subject => {
        const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name)
        const [, namespace = '', own = ''] = account ?? []
        return account === null ? { kind: 'User', name } : { kind: 'ServiceAccount', namespace, name: own }
      }),
    ],
    holders: holders.flatMap(holdersIn),
  }
}

/** An audience in a few words: what is in the cluster while the fields hold something else. */
export function audienceWords({ everybody, subjects, holders }: Audience): string {
  const words = [
    ...(everybody ? [strings.everybody] : []),
    ...subjects.map(subjectWords),
    ...holders.map(({ role, project }) => strings.holder(role, project)),
  ]
  return words.length === 0 ? strings.ownersOnly : words.join('; ')
}

/** What the choice of role holders offers. */
export function holderOptions(
  projects: readonly string[],
): readonly { readonly value: string; readonly label: string }[] {
  return [undefined, ...projects].flatMap((project) =>
    holderRoles.map((role) => ({
      value: holderValue(project === undefined ? { role } : { role, project }),
      label: strings.holder(role, project),
    })),
  )
}

function holderValue({ role, project }: Holders): string {
  return project === undefined ? role : `${role}@${project}`
}

function holdersIn(value: string): readonly Holders[] {
  const [name, project] = value.split('@')
  const role = holderRoles.find((each) => each === name)
  if (role === undefined) return []
  return [project === undefined ? { role } : { role, project }]
}

function userOf({ kind, name, namespace }: Subject): string {
  return kind === 'ServiceAccount' ? `system:serviceaccount:${namespace ?? ''}:${name}` : name
}
