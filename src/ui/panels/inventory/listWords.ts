import type { InjectionState } from '../../../mesh/injection.ts'
import type { ListKind } from '../../../mesh/inventory.ts'
import type { HealthState } from '../../../mesh/verdict.ts'
import { choiceWord, orderWord, someWord, textWord, type StateOf, type Word } from '../../url.ts'
import { columnNames, type ColumnName, type ListOrder } from './listRows.ts'

export const healthStates: readonly HealthState[] = ['failing', 'degraded', 'notReady', 'healthy', 'idle', 'unknown']
export const injectionStates: readonly InjectionState[] = [
  'injected',
  'restart',
  'optedOut',
  'lingering',
  'ambient',
  'none',
  'proxy',
]

const defaultOrder: ListOrder = { by: 'health', isDescending: false }

/** Names separated by commas; none is all. */
const kindsWord: Word<readonly string[]> = {
  fallback: [],
  expects: 'kinds separated by commas, for example Deployment,StatefulSet',
  parse: (text) => {
    const kinds = text.split(',')
    return kinds.every((kind) => /^[A-Za-z]{1,63}$/.test(kind)) ? kinds : undefined
  },
  write: (kinds) => kinds.join(','),
}

/** What a list's columns are until somebody chooses. */
export const defaultColumns: Readonly<Record<ListKind, readonly ColumnName[]>> = {
  namespaces: [
    'health',
    'name',
    'why',
    'rate',
    'errors',
    'p95',
    'throughput',
    'mtls',
    'injection',
    'replicas',
    'project',
  ],
  apps: [
    'health',
    'name',
    'namespace',
    'rate',
    'errors',
    'p95',
    'throughput',
    'mtls',
    'injection',
    'replicas',
    'versions',
  ],
  workloads: [
    'health',
    'name',
    'namespace',
    'kind',
    'rate',
    'errors',
    'p95',
    'throughput',
    'mtls',
    'injection',
    'replicas',
    'versions',
  ],
  services: ['health', 'name', 'namespace', 'rate', 'errors', 'p95', 'throughput', 'mtls', 'config', 'versions'],
}

/** The columns that say nothing of a list. */
const pointless: Readonly<Record<ListKind, readonly ColumnName[]>> = {
  namespaces: ['namespace', 'kind', 'versions'],
  apps: ['kind'],
  workloads: [],
  services: ['calls'],
}

/** The columns that one may choose for a list, in their order. */
export function columnsOf(kind: ListKind): readonly ColumnName[] {
  return columnNames.filter((name) => !pointless[kind].includes(name))
}

function wordsFor(kind: ListKind) {
  return {
    q: textWord(),
    label: textWord(),
    health: someWord<HealthState>(healthStates, []),
    injection: someWord<InjectionState>(injectionStates, []),
    kind: kindsWord,
    config: choiceWord(['any', 'with', 'without'] as const, 'any'),
    sort: orderWord(columnNames, defaultOrder),
    columns: someWord<ColumnName>(
      columnsOf(kind),
      columnsOf(kind).filter((name) => defaultColumns[kind].includes(name)),
    ),
  }
}

/** The words of each list's URL. */
export const listWords = {
  namespaces: wordsFor('namespaces'),
  apps: wordsFor('apps'),
  workloads: wordsFor('workloads'),
  services: wordsFor('services'),
} as const

export type ListChoice = StateOf<ReturnType<typeof wordsFor>>
