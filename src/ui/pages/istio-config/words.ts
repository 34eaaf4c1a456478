import { configKinds, configResources } from '../../../mesh/checks/kinds.ts'
import { configStates, type ConfigState } from '../../../mesh/checks/listed.ts'
import { orderWord, someWord, textWord, type Order, type StateOf } from '../../url.ts'

export const columnNames = ['state', 'kind', 'name', 'namespace', 'hosts', 'why', 'age'] as const
export type ColumnName = (typeof columnNames)[number]

export type ConfigOrder = Order<ColumnName>

const worstFirst: ConfigOrder = { by: 'state', isDescending: false }

/** The list's own words of the URL. */
export const configWords = {
  q: textWord(),
  kind: someWord<string>(
    configResources.map((resource) => configKinds[resource].kind),
    [],
  ),
  state: someWord<ConfigState>(configStates, []),
  sort: orderWord(columnNames, worstFirst),
} as const

export type ConfigChoice = StateOf<typeof configWords>
