import { expect, test } from 'vitest'

import { clusterAsks, clusterQueriesFor } from './clusterQueries.ts'
import type { Scope } from './scope.ts'

const window = { seconds: 300, at: 1_767_225_600 }
const owner: Scope = { namespaces: 'all', peers: 'full', seesAll: true, matchers: [] }
const member: Scope = {
  namespaces: ['shop', 'shop.web'],
  peers: 'hide',
  seesAll: false,
  matchers: [{ label: 'cluster', op: '=', value: 'blue' }],
}
const textOf = (ask: (typeof clusterAsks)[number], scope: Scope) =>
  clusterQueriesFor({ ask }, scope, window).map(({ promql }) => promql)

test('an owner sees every firing alert as it is', () => {
  expect(textOf('alerts', owner)).toEqual([
    'label_replace(ALERTS{alertstate="firing"}, "meshboard_asked", "firing", "", "")',
    'label_replace(ALERTS_FOR_STATE, "meshboard_asked", "since", "", "")',
  ])
})

test('a member’s alerts carry a namespace of the scope, and only labels that name things in it', () => {
  const [firing = ''] = textOf('alerts', member)
  expect(firing).toContain(
    'max by (alertname, severity, namespace, workload, deployment, statefulset, daemonset, pod, container, service, job_name) (ALERTS{cluster="blue",alertstate="firing",namespace=~"shop|shop\\\\.web",destination_workload_namespace=~"shop|shop\\\\.web|",destination_service_namespace=~"shop|shop\\\\.web|"})',
  )
  const selectors = firing.match(/ALERTS\{[^}]*\}/g) ?? []
  expect(selectors).toHaveLength(3)
  for (const selector of selectors) {
    expect(selector).toContain('cluster="blue"')
    expect(selector).toMatch(/namespace=~"shop\|shop\\\\.web"/)
  }
  expect(firing.match(/max by/g)).toHaveLength(3)
  expect(firing).not.toMatch(/source_|annotation|without/)
})

test('CPU and memory are asked for in the scope’s namespaces, over scrapes a minute apart', () => {
  expect(textOf('resources', { ...member, matchers: [] })[0]).toBe(
    'label_replace(sum by (namespace, pod, container) (rate(container_cpu_usage_seconds_total{namespace=~"shop|shop\\\\.web",container!~"POD|"}[300s])), "meshboard_asked", "cpu", "", "")',
  )
  expect(clusterQueriesFor({ ask: 'resources' }, owner, { ...window, seconds: 60 })[0]?.promql).toContain('[180s]')
})

test('certificates of the mesh are for those who see all of it', () => {
  expect(textOf('certificates', owner)).toHaveLength(2)
  expect(textOf('certificates', { ...owner, namespaces: ['shop'] })).toHaveLength(2)
  expect(textOf('certificates', member)).toEqual([])
})

test.each(clusterAsks)('%s of nothing asks nothing', (ask) => {
  expect(textOf(ask, { ...member, namespaces: [] })).toEqual([])
})
