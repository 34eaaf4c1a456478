import type { Revisions } from '../../../mesh/config/injector.ts'
import type { InjectionChoice } from '../../../mesh/injectionChoice.ts'
import { injectionStrings as strings } from './strings.ts'

/** What a namespace can be made to ask for, as the menu offers it. */
export interface InjectionOption {
  readonly value: string
  readonly label: string
}

/** The value of a choice that is not among the known revisions and tags. */
export const other = 'other'

/**
 * The menu: the plain labels, and what the cluster's injectors answer to. Where those could not be read (`undefined`), a revision is
 * typed; `current` is among the options whatever it is.
 */
export function optionsFor(revisions: Revisions | undefined, current: InjectionChoice): readonly InjectionOption[] {
  const { byDefault, isOnByDefault } = revisions ?? { byDefault: undefined, isOnByDefault: false }
  const isKnown = revisions !== undefined && revisions.revisions.length > 0
  const on = isKnown && byDefault === undefined ? strings.onNobody : strings.on(byDefault)
  const tags = (revisions?.tags ?? []).filter(({ tag }) => tag !== 'default')
  const named = [
    ...(revisions?.revisions ?? []).map((name) => ({ value: `rev:${name}`, label: strings.revision(name) })),
    ...tags.map(({ tag, revision }) => ({ value: `rev:${tag}`, label: strings.tag(tag, revision) })),
  ]
  const value = valueOf(current)
  const own =
    current.kind !== 'revision' || named.some((each) => each.value === value)
      ? []
      : [{ value, label: strings.revision(current.revision) }]
  return [
    { value: 'unset', label: isOnByDefault ? strings.unsetOn : strings.unset },
    { value: 'on', label: on },
    { value: 'off', label: strings.off },
    ...named,
    ...own,
    { value: other, label: strings.other },
  ]
}

export function valueOf(choice: InjectionChoice): string {
  return choice.kind === 'revision' ? `rev:${choice.revision}` : choice.kind
}

/** The choice of an option; `undefined` for the one that is typed. */
export function choiceFor(value: string): InjectionChoice | undefined {
  if (value.startsWith('rev:')) return { kind: 'revision', revision: value.slice(4) }
  const kind = (['on', 'off', 'unset'] as const).find((each) => each === value)
  return kind === undefined ? undefined : { kind }
}
