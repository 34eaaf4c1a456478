import { describe, expect, test } from 'vitest'
import type { Scope } from '../scope.ts'
import { evidenceNames, evidenceQueries } from './evidenceQueries.ts'

const window = { seconds: 300, at: 1_700_000_000 }
const owner: Scope = {
  namespaces: 'all',
  peers: 'full',
  seesAll: true,
  matchers: [{ label: 'cluster', op: '=', value: 'blue' }],
}
const member: Scope = {
  ...owner,
  namespaces: ['mine'],
  peers: 'hide',
  seesAll: false,
  hosts: { services: [], entries: [] },
}

describe('what the doctor asks where one Prometheus holds several clusters', () => {
  test.each([
    ['an owner', owner],
    ['a member', member],
  ])('every selector of %s names the cluster', (_, scope) => {
    for (const [name, { promql }] of evidenceQueries(scope, window)) {
      const selectors = promql.match(/\w*\{[^}]*\}/g) ?? []
      expect(selectors.length, name).toBeGreaterThan(0)
      for (const selector of selectors) expect(selector, name).toContain('cluster="blue"')
      expect(promql, 'no bare metric').not.toMatch(/\bup(?!\{)\b/)
    }
  })

  test('a member is asked for no pod and no target by name', () => {
    const asked = [...evidenceQueries(member, window).keys()]
    expect(evidenceNames.filter((name) => !asked.includes(name))).toEqual([
      'duplicated-pods',
      'targets',
      'targets-down',
    ])
  })
})
