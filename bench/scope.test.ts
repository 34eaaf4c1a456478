import { expect, it } from 'vitest'
import { type InstantQuestion, queriesFor } from '../src/mesh/queries.ts'
import type { Scope } from '../src/mesh/scope.ts'
import { fixedAt, windowSeconds } from './fill.ts'
import { namespaceName } from './names.ts'

const scopeOf = (count: number): Scope => ({
  namespaces: Array.from({ length: count }, (_, index) => namespaceName(index)),
  peers: 'full',
  seesAll: false,
  matchers: [],
})

const questions: readonly (readonly [InstantQuestion, queries: number])[] = [
  [{ ask: 'requests' }, 2],
  [{ ask: 'tcp', direction: 'sent' }, 3],
  [{ ask: 'mtls' }, 3],
  [{ ask: 'response-time', statistic: 'p95' }, 2],
]

it.each(questions)('%j takes a fixed number of queries for 1, 40 and 500 namespaces', (question, budget) => {
  const counts = [1, 40, 500].map(
    (count) => queriesFor(question, scopeOf(count), { seconds: windowSeconds, at: fixedAt }).length,
  )
  expect(new Set(counts).size, counts.join(', ')).toBe(1)
  expect(counts[0]).toBeGreaterThan(0)
  expect(counts[0]).toBe(budget)
})
