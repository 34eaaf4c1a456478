import type { NamespaceObject, StringMap } from './config/objects.ts'
import { shellWord } from './shellWord.ts'

/** What a namespace says about sidecars: `on` is the default revision's, `unset` leaves it to the cluster and the pods. */
export type InjectionChoice =
  | { readonly kind: 'on' }
  | { readonly kind: 'off' }
  /** A revision of the control plane, or a tag that stands for one. */
  | { readonly kind: 'revision'; readonly revision: string }
  | { readonly kind: 'unset' }

/** The two labels. Where a namespace has both, `istio-injection` goes before the revision. */
const injectionLabel = 'istio-injection'
const revisionLabel = 'istio.io/rev'

/** What a namespace's labels say. */
export function choiceOf(labels: StringMap): InjectionChoice {
  const { [injectionLabel]: injection, [revisionLabel]: revision } = labels
  if (injection === 'enabled') return { kind: 'on' }
  if (injection !== undefined) return { kind: 'off' }
  return revision === undefined ? { kind: 'unset' } : { kind: 'revision', revision }
}

/** The labels that say a choice; `null` is a label to take away, so that none contradicts another. */
export function labelsOf(choice: InjectionChoice): Readonly<Record<string, string | null>> {
  const none = { [injectionLabel]: null, [revisionLabel]: null }
  switch (choice.kind) {
    case 'on':
      return { ...none, [injectionLabel]: 'enabled' }
    case 'off':
      return { ...none, [injectionLabel]: 'disabled' }
    case 'revision':
      return { ...none, [revisionLabel]: choice.revision }
    case 'unset':
      return none
  }
}

/** The namespace as it would be with a choice: what would need a restart then, can be told before. */
export function namespaceWith(namespace: NamespaceObject, choice: InjectionChoice): NamespaceObject {
  const { injection: _injection, revision: _revision, ...rest } = namespace
  const labels = Object.fromEntries(
    Object.entries({ ...namespace.labels, ...labelsOf(choice) }).flatMap(([name, value]) =>
      value === null ? [] : [[name, value]],
    ),
  )
  switch (choice.kind) {
    case 'on':
      return { ...rest, labels, injection: 'enabled' }
    case 'off':
      return { ...rest, labels, injection: 'disabled' }
    case 'revision':
      return { ...rest, labels, injection: 'enabled', revision: choice.revision }
    case 'unset':
      return { ...rest, labels }
  }
}

/** Whether a text can be a revision's or a tag's name: a label's value that names an object. */
export function isRevision(text: string): boolean {
  return /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/.test(text)
}

/** The line that restarts a workload; `undefined` for kinds that kubectl cannot restart. */
export function restartLine(workload: {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}): string | undefined {
  const { kind, namespace, name } = workload
  if (!['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind)) return undefined
  return `kubectl rollout restart ${shellWord(`${kind.toLowerCase()}/${name}`)} --namespace ${shellWord(namespace)}`
}
