import { describe, expect, it } from 'vitest'
import { annotatedPolicy, defaultPolicy, policyWith, rulesOf, rulesWithin } from './policy.ts'
import type { HealthRule } from './policy.ts'

const anyone = { namespace: 'shop', name: 'cart', kind: 'app' }

describe('rules', () => {
  it('claim a response for the first rule that matches it', () => {
    const lenient: HealthRule = { protocol: 'http', codes: '503', degraded: 0.4, failing: 0.8, minRequests: 5 }
    const rules = rulesOf([lenient, ...defaultPolicy])(anyone)
    expect(rules.claim('http', 'inbound', '503', '-')).toBe(lenient)
    expect(rules.claim('http', 'inbound', '500', '-')).toBe(defaultPolicy[0])
    expect(rules.claim('http', 'inbound', '404', '-')).toBeUndefined()
  })

  it('are chosen by namespace, name and kind, whole words only', () => {
    const only = (match: NonNullable<HealthRule['match']>): HealthRule => ({
      match,
      protocol: 'http',
      codes: '5XX',
      minRequests: 5,
    })
    const claims = (match: NonNullable<HealthRule['match']>): boolean =>
      rulesOf([only(match)])(anyone).claim('http', 'inbound', '500', '-') !== undefined
    expect(claims({ namespace: 'shop' })).toBe(true)
    expect(claims({ namespace: 'sho' })).toBe(false)
    expect(claims({ namespace: 'bookinfo|shop', name: 'c.*' })).toBe(true)
    expect(claims({ name: 'cart', kind: 'workload' })).toBe(false)
    expect(claims({ kind: 'app' })).toBe(true)
  })

  it('are chosen by direction', () => {
    const rules = rulesOf([{ protocol: 'http', codes: '.*', direction: 'outbound', minRequests: 0 }])(anyone)
    expect(rules.claim('http', 'inbound', '500', '-')).toBeUndefined()
    expect(rules.claim('http', 'outbound', '500', '-')).toBeDefined()
  })

  it('leave injected faults and silent clients alone unless flags are named', () => {
    const rules = rulesOf(defaultPolicy)(anyone)
    expect(rules.claim('http', 'inbound', '503', 'FI')).toBeUndefined()
    expect(rules.claim('http', 'inbound', '-', 'DC')).toBeUndefined()
    expect(rules.claim('http', 'inbound', '-', '-')).toBeUndefined()
    expect(rules.claim('http', 'inbound', '-', 'UF')).toBe(defaultPolicy[0])
    const strict = rulesOf([{ protocol: 'http', codes: '-', flags: 'DC', minRequests: 0 }])(anyone)
    expect(strict.claim('http', 'inbound', '-', 'DC')).toBeDefined()
    expect(strict.claim('http', 'inbound', '-', 'DC,UF')).toBeUndefined()
  })

  it('that are no valid expression match nothing, and hostile codes are not chewed on', () => {
    const rules = rulesOf([
      { protocol: 'http', codes: '(', minRequests: 0 },
      { protocol: 'http', codes: '(1+)+$', minRequests: 0 },
    ])(anyone)
    expect(rules.claim('http', 'inbound', '(', '-')).toBeUndefined()
    expect(rules.claim('http', 'inbound', `${'1'.repeat(10_000)}x`, '-')).toBeUndefined()
  })
})

describe('an owner’s rules', () => {
  const lenient: HealthRule = { protocol: 'http', codes: '503', degraded: 0.4, minRequests: 5 }

  it('go before the built-in ones, which keep the rest', () => {
    expect(policyWith([lenient])).toEqual([lenient, ...defaultPolicy])
    expect([policyWith([]), policyWith(undefined)]).toEqual([defaultPolicy, defaultPolicy])
  })

  it('tell somebody who sees some namespaces of no others, and judge those as before', () => {
    const about = (namespace: string): HealthRule => ({ ...lenient, match: { namespace, name: 'c.*' } })
    const told = rulesWithin([about('shop|payments'), about('payments'), about('.*'), lenient], ['shop', 'a.b'])
    expect(told).toEqual([about('shop'), about('shop|a\\.b'), lenient])
    expect(rulesOf(told)(anyone).claim('http', 'inbound', '503', '-')).toEqual(about('shop'))
    expect(rulesOf(told)({ ...anyone, namespace: 'axb' }).claim('http', 'inbound', '503', '-')).toBe(lenient)
  })
})

describe("Kiali's annotation health.kiali.io/rate", () => {
  const read = (text: string): readonly HealthRule[] => annotatedPolicy({ 'health.kiali.io/rate': text })

  it('is code, degraded, failing, protocol, direction, with percentages', () => {
    expect(read('4XX,20,30,http,inbound;503,1,2,http,.*')).toEqual([
      { protocol: 'http', codes: '4XX', direction: 'inbound', degraded: 0.2, failing: 0.3, minRequests: 5 },
      { protocol: 'http', codes: '503', degraded: 0.01, failing: 0.02, minRequests: 5 },
    ])
  })

  it('may speak of several protocols, and of a missing response', () => {
    expect(read('^-$,0,10,http|grpc,outbound').map(({ protocol, codes }) => [protocol, codes])).toEqual([
      ['http', '-'],
      ['grpc', '-'],
    ])
  })

  it.each([
    ['four fields', '500,1,2,http'],
    ['six fields', '500,1,2,http,inbound,more'],
    ['degraded above failing', '500,20,10,http,inbound'],
    ['not a number', '500,one,2,http,inbound'],
    ['no such protocol', '500,1,2,carrier-pigeon,inbound'],
    ['no such direction', '500,1,2,http,sideways'],
    ['an invalid expression', '500,1,2,(,inbound'],
    ['nothing', ''],
  ])('leaves out what is broken: %s', (_what, text) => {
    expect(read(text)).toEqual([])
    expect(read(`${text};404,5,6,http,inbound`)).toHaveLength(1)
  })

  it('is empty without the annotation', () => {
    expect(annotatedPolicy({})).toEqual([])
    expect(annotatedPolicy(undefined)).toEqual([])
  })
})
