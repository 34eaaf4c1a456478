/** What the card about a namespace's sidecars says. */
export const injectionStrings = {
  title: 'Sidecar injection',
  label: 'What the namespace asks for',
  unset: 'Nothing',
  unsetOn: 'Nothing, which here means sidecars for all',
  on: (revision: string | undefined) =>
    revision === undefined
      ? 'Sidecars: istio-injection=enabled'
      : `Sidecars of revision ${revision}: istio-injection=enabled`,
  onNobody: 'Sidecars: istio-injection=enabled, to which no control plane answers',
  off: 'No sidecars: istio-injection=disabled',
  revision: (name: string) => `Revision ${name}: istio.io/rev=${name}`,
  tag: (tag: string, revision: string) => `Tag ${tag}, now revision ${revision}: istio.io/rev=${tag}`,
  other: 'Another revision or tag',
  otherLabel: 'Revision or tag',
  otherHint: 'Which ones there are, only those who may list webhook configurations can read.',
  notARevision: 'Lower-case letters, digits, - and .',
  save: 'Save',
  discard: 'Discard',
  saved: 'Saved. Pods that run keep what they have until they restart.',
  needsRestart: 'Pods that run keep what they have: the label is read when a pod is made.',
  after: (count: number) => `After saving, ${count} of its workloads take a restart to follow:`,
  now: (count: number) => `${count} of its workloads take a restart to follow what it says:`,
  noneAfter: 'No workload of it would take a restart.',
  noneNow: 'Every workload that runs follows what it says.',
  unread: 'Which workloads would take a restart is not known: its pods could not be read.',
  copyAll: 'Copy all lines',
  byHand: 'Its pods are restarted by deleting them.',
  grant: 'How to be allowed to',
  conflict: 'Somebody else changed this namespace in the meantime. It now asks for:',
  conflictHint: 'Yours is still chosen: save it in place of theirs, or discard it.',
} as const
