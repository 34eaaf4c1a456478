import { describe, expect, test } from 'vitest'
import { createEarlierLives } from './ages.ts'
import { RefusalError } from './errors.ts'
import type { UpstreamRequest } from './upstream.ts'

const day = 86_400
const at = 1_700_000_000

/** A Prometheus that holds something from before the creation of those that are `reborn`. */
function lives(reborn: readonly string[], { fails = false } = {}) {
  const asked: UpstreamRequest[] = []
  const clock = { now: at }
  const earlier = createEarlierLives(
    (request) => {
      asked.push(request)
      if (fails) return Promise.reject(new RefusalError({ status: 504, code: 'upstream_timeout', message: 'late' }))
      const promql = request.form?.get('query') ?? ''
      const isReborn = reborn.some((name) => promql.includes(`source_workload_namespace="${name}"`))
      const result = isReborn ? [] : [{ metric: {}, value: [at, '1'] }]
      const json = { status: 'success', data: { resultType: 'vector', result } }
      return Promise.resolve({ status: 200, text: JSON.stringify(json), json })
    },
    { matchers: [{ label: 'cluster', op: '=', value: 'blue' }], now: () => clock.now },
  )
  const of = (ages: Record<string, number>, seconds: number, when = at) =>
    earlier.of(new Map(Object.entries(ages)), { at: when, seconds }, undefined)
  return { asked, of, clock }
}

describe('an earlier life', () => {
  test('is looked for in the names of namespaces younger than the window alone, each as of its creation', async () => {
    const { asked, of } = lives(['b'])
    const ages = { a: at - 100, b: at - 200, old: at - 90 * day }
    expect(await of(ages, 3600)).toEqual([{ namespace: 'b', since: at - 200 }])
    expect(asked.map(({ form }) => form?.get('time')).sort()).toEqual([`${at - 200}`, `${at - 100}`].sort())
    const promql = asked[0]?.form?.get('query') ?? ''
    expect(promql.match(/cluster="blue"/g)).toHaveLength(4)
    expect(promql).toContain('[3600s]')
    expect(promql).not.toContain('_bucket')
  })

  test('is asked for once, however the window moves', async () => {
    const { asked, of, clock } = lives(['a'])
    for (let second = 0; second < 60; second += 15) await of({ a: at - 100 }, 3500, at + second)
    expect(asked).toHaveLength(1)
    await of({ a: at - 100 }, day)
    expect(asked).toHaveLength(2)
    clock.now += 601
    await of({ a: at - 100 }, day)
    expect(asked).toHaveLength(3)
  })

  test('is had by whoever it cannot be found out of, and that is asked again', async () => {
    const { asked, of } = lives([], { fails: true })
    expect(await of({ a: at - 100 }, 3600)).toEqual([{ namespace: 'a', since: at - 100 }])
    await of({ a: at - 100 }, 3600)
    expect(asked).toHaveLength(2)
  })

  test('is had by what is younger than the farthest that is looked back, and by too many at once', async () => {
    const { asked, of } = lives([])
    expect(await of({ a: at - 100 }, 300, at - 70 * day)).toHaveLength(1)
    expect(asked).toEqual([])
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`n-${index}`, at - 1000 + index]))
    const found = await of(many, 3600)
    expect(asked).toHaveLength(50)
    expect(found.map(({ namespace }) => namespace)).toEqual(Array.from({ length: 10 }, (_, index) => `n-${9 - index}`))
  })
})
