import { describe, expect, test } from 'vitest'

import { highestGroups, serviceGroup, serviceTitle, topGroups, type Measure } from './ranking.ts'
import type { Sample } from './samples.ts'

function requests(name: string, value: number, code = '200', namespace = 'shop', flags = '-'): Sample {
  return {
    labels: {
      destination_service_namespace: namespace,
      destination_service_name: name,
      request_protocol: 'http',
      response_code: code,
      response_flags: flags,
    },
    value,
  }
}

const topServices = (of: readonly Sample[], measure: Measure) =>
  topGroups(of, measure, serviceGroup).map(({ namespace, name }) => ({ namespace, name }))

const samples = [
  requests('a', 100),
  requests('a', 1, '503'),
  requests('b', 10),
  requests('b', 5, '500'),
  requests('c', 200),
  requests('c', 40, '404'),
  requests('d', 1),
  requests('d', 9, '0', 'shop', 'DC'),
  requests('unknown', 1000, '500'),
]

describe('the services that matter', () => {
  test.each([
    ['volume', ['c', 'a', 'b', 'd']],
    ['success', ['b', 'a', 'c', 'd']],
    ['clientErrors', ['c']],
    ['serverErrors', ['b', 'a']],
  ] as const)('by %s: %j', (measure, names) => {
    expect(topServices(samples, measure).map(({ name }) => name)).toEqual(names)
    expect(topServices([...samples].reverse(), measure).map(({ name }) => name)).toEqual(names)
  })

  test('are at most ten', () => {
    const many = Array.from({ length: 25 }, (_, index) => requests(`s${index}`, index + 1))
    expect(topServices(many, 'volume')).toHaveLength(10)
    expect(topServices(many, 'volume')[0]).toEqual({ namespace: 'shop', name: 's24' })
    expect(highestGroups(many, serviceGroup)).toHaveLength(10)
  })

  test('two of one name in different namespaces are two', () => {
    expect(topServices([requests('a', 3), requests('a', 5, '200', 'other')], 'volume')).toEqual([
      { namespace: 'other', name: 'a' },
      { namespace: 'shop', name: 'a' },
    ])
  })

  test('none of nothing', () => {
    expect(topServices([], 'success')).toEqual([])
  })
})

test('a service is called by name and namespace, as far as they are known', () => {
  expect(serviceTitle({ namespace: 'shop-core', name: 'catalog' })).toBe('catalog.shop-core')
  expect(serviceTitle({ namespace: 'unknown', name: 'PassthroughCluster' })).toBe('PassthroughCluster')
})
