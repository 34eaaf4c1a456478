import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clustersAgree, edgeId, keyOf, nodeId } from './identity.ts'

const text = fc.string({ unit: fc.constantFrom('a', '/', '%', '>', '|', '2', 'f', ',', ':', '1'), maxLength: 2 })

describe('ids', () => {
  it.each([
    [nodeId('workload', 'east', 'shop', 'cart-v1'), 'workload/east/shop/cart-v1'],
    [nodeId('app', 'east', 'shop', 'a/b', '50%'), 'app/east/shop/a%2fb/50%25'],
    [nodeId('unknown'), 'unknown'],
    [nodeId('service', '', 'x', 'two\nlines'), 'service//x/two%0alines'],
    [edgeId('workload/a', 'workload/b', 'http'), 'workload/a>workload/b|http'],
  ])('are readable: %s', (id, written) => {
    expect(id).toBe(written)
  })

  it('are the same only for the same identity, whatever the names hold', () => {
    fc.assert(
      fc.property(fc.tuple(text, text, text), fc.tuple(text, text, text), (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other)
        expect(nodeId('workload', ...one) === nodeId('workload', ...other)).toBe(isSame)
        const edge = (parts: readonly string[]) =>
          edgeId(nodeId('app', parts[0] ?? ''), nodeId('app', parts[1] ?? ''), 'http')
        expect(edge(one) === edge(other)).toBe(one[0] === other[0] && one[1] === other[1])
      }),
      { numRuns: 5000 },
    )
  })

  it('keys of lists of values are the same only for the same list', () => {
    fc.assert(
      fc.property(fc.tuple(text, text, text, text), fc.tuple(text, text, text, text), (one, other) => {
        expect(keyOf(...one) === keyOf(...other)).toBe(JSON.stringify(one) === JSON.stringify(other))
      }),
      { numRuns: 5000 },
    )
  })
})

it.each([
  ['east', 'east', true],
  ['east', 'unknown', true],
  ['unknown', 'west', true],
  ['east', 'west', false],
] as const)('clusters %s and %s agree: %s', (one, other, agree) => {
  expect(clustersAgree(one, other)).toBe(agree)
})
