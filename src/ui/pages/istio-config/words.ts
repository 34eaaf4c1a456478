import { configKinds, configResources } from '../../../mesh/checks/kinds.ts'
import { configStates, type ConfigState } from '../../../mesh/checks/listed.ts'
import { someWord, textWord, type StateOf, type Word } from '../../url.ts'

export const columnNames = ['state', 'kind', 'name', 'namespace', 'hosts', 'why', 'age'] as const
export type ColumnName = (typeof columnNames)[number]

export interface ConfigOrder {
  readonly by: ColumnName
  readonly isDescending: boolean
}

const worstFirst: ConfigOrder = { by: 'state', isDescending: false }

const orderWord: Word<ConfigOrder> = {
  fallback: worstFirst,
  expects: `one of ${columnNames.join(', ')}, with a minus sign for the largest first`,
  parse: (text) => {
    const isDescending = text.startsWith('-')
    const by = columnNames.find((name) => name === text.slice(isDescending ? 1 : 0))
    return by === undefined ? undefined : { by, isDescending }
  },
  write: ({ by, isDescending }) =>
    by === worstFirst.by && !isDescending ? undefined : `${isDescending ? '-' : ''}${by}`,
}

/** The list's own words of the URL. */
export const configWords = {
  q: textWord(),
  kind: someWord<string>(
    configResources.map((resource) => configKinds[resource].kind),
    [],
  ),
  state: someWord<ConfigState>(configStates, []),
  sort: orderWord,
} as const

export type ConfigChoice = StateOf<typeof configWords>
