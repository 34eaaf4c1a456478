import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pageOf } from './paging.ts'

const keyOf = (item: string) => item

describe('paging', () => {
  it('gives every item once, in order, whatever the page size', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.integer({ min: 1, max: 7 }), (unsorted, limit) => {
        const items = [...unsorted].sort((one, other) => (one < other ? -1 : 1))
        const seen: string[] = []
        let token: string | null = null
        do {
          const page: ReturnType<typeof pageOf<string>> = pageOf(items, keyOf, {
            limit: String(limit),
            token,
            resourceVersion: '9',
          })
          expect(page.items.length).toBeLessThanOrEqual(limit)
          seen.push(...page.items)
          if (page.next !== undefined) expect(page.remaining).toBe(items.length - seen.length)
          token = page.next ?? null
        } while (token !== null)
        expect(seen).toEqual(items)
      }),
    )
  })

  it('gives everything without a limit', () => {
    expect(pageOf(['a', 'b'], keyOf, { limit: null, token: null, resourceVersion: '9' })).toEqual({ items: ['a', 'b'] })
  })

  it.each([
    { limit: '1', token: 'nonsense', code: 400 },
    { limit: 'many', token: null, code: 400 },
    {
      limit: '1',
      token: pageOf(['a', 'b'], keyOf, { limit: '1', token: null, resourceVersion: '8' }).next ?? '',
      code: 410,
    },
  ])('refuses limit $limit with token $token: $code', ({ limit, token, code }) => {
    expect(() => pageOf(['a', 'b'], keyOf, { limit, token, resourceVersion: '9' })).toThrow(
      expect.objectContaining({ status: expect.objectContaining({ code }) as unknown }),
    )
  })
})
