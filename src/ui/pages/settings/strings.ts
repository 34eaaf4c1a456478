import type { HolderRole, Opened } from '../../../mesh/opening.ts'

/** What the settings page says. */
export const settingsStrings = {
  title: 'Settings',
  access: 'Who may see what',
  about:
    'Everything here is Kubernetes RBAC. Saving writes roles and bindings with your own rights, labelled app.kubernetes.io/managed-by=meshboard; the page shows them as they are in the cluster. Cluster owners always may.',
  opened: { graph: 'See the traffic graph', kiali: 'Open Kiali', jaeger: 'Open Jaeger' } satisfies Record<
    Opened,
    string
  >,
  explained: {
    graph: 'Shows members the calls of their own namespaces with both sides, as far as the peers’ level allows.',
    kiali: 'Kiali shows all teams: whoever may open it sees traffic and configuration of every namespace.',
    jaeger: 'Jaeger shows all teams: whoever may open it sees the traces of every namespace.',
  } satisfies Record<Opened, string>,
  ownersOnly: 'Cluster owners only',
  everybody: 'All members',
  groups: 'Groups',
  users: 'Users',
  usersHint: 'A service account is system:serviceaccount:namespace:name.',
  typeAndEnter: 'Type a name, then Enter',
  holders: 'Holders of a role',
  holdersHint:
    'Admin, edit and view are what Rancher calls project owner, project member and read-only. A role includes the stronger ones.',
  holder: (role: HolderRole, project: string | undefined) =>
    project === undefined ? `${role}, everywhere` : `${role}, in project ${project}`,
  save: 'Save',
  discard: 'Discard',
  saved: 'Saved. It holds for everybody within half a minute.',
  since: (subjects: readonly string[]) =>
    `Holders who came since this was saved, and are not let in yet: ${subjects.join(', ')}. Saving again lets them in.`,
  foreign: 'Bound by others, and left alone:',
  objects: 'In the cluster',
  noObjects: 'Nothing is bound: cluster owners only.',
  conflict: 'Somebody else saved in the meantime. Theirs is now in the cluster:',
  conflictHint: 'Yours is still in the fields: save it in place of theirs, or discard it.',
} as const
