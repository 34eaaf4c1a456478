import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { KubernetesObject } from '../../src/clients/kubernetes/wire.ts'
import { connectTo, until } from './api.ts'
import { type App, startApp } from './app.ts'
import { tokenOf } from './people.ts'
import {
  type RancherRole,
  matrixRows,
  project,
  projectNamespaces,
  rancherClusterRoles,
  rancherRoles,
  stack,
} from './rancherRoles.ts'
import { aggregateRoles } from './seed.ts'

const api = connectTo(inject('cluster'))
const rbac = '/apis/rbac.authorization.k8s.io/v1'
let app: App

/** Makes what is not there. */
async function make(folder: string, object: Pick<KubernetesObject, 'metadata'>): Promise<void> {
  const { status, text } = await api.ask('POST', folder, { body: object })
  if (status >= 300 && status !== 409) throw new Error(`${folder} ${object.metadata.name}: ${text}`)
}

const bindingOf = (user: string, role: string) => ({
  metadata: { name: `matrix-${user}-${role}` },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }],
})

async function may(user: string, resourceAttributes: object): Promise<boolean> {
  const { json } = await api.demand('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    as: { token: tokenOf(user) },
    body: { spec: { resourceAttributes } },
  })
  return (json as { readonly status: { readonly allowed: boolean } }).status.allowed
}

beforeAll(async () => {
  for (const name of projectNamespaces) {
    const annotations = { 'field.cattle.io/projectId': project }
    await make('/api/v1/namespaces', { metadata: { name, annotations } })
  }
  for (const name of ['cattle-monitoring-system', stack]) await make('/api/v1/namespaces', { metadata: { name } })
  for (const role of rancherClusterRoles) await make(`${rbac}/clusterroles`, role)
  await aggregateRoles(api)
  for (const { user, everywhere, inProject, elsewhere } of rancherRoles) {
    for (const role of everywhere) await make(`${rbac}/clusterrolebindings`, bindingOf(user, role))
    for (const role of inProject) {
      for (const namespace of projectNamespaces) {
        await make(`${rbac}/namespaces/${namespace}/rolebindings`, bindingOf(user, role))
      }
    }
    if (inProject.length > 0) {
      await make(`${rbac}/namespaces/${stack}/rolebindings`, bindingOf(user, 'p-matrix-monitoring-view'))
    }
    if (elsewhere === undefined) continue
    await make(`${rbac}/namespaces/${elsewhere.namespace}/rolebindings`, bindingOf(user, elsewhere.role))
  }
  app = await startApp()
  // Not before the API server has heard of the last of them.
  const last = { verb: 'get', group: '', resource: 'services', subresource: 'proxy', namespace: 'istio-system' }
  await until('the last binding holds', () => may('gus', { ...last, name: 'http:kiali:20001' }))
})
afterAll(async () => {
  await app.close()
  // An owner of everything would meet other tests as `ada`.
  await api.demand('DELETE', `${rbac}/clusterrolebindings/matrix-ada-cluster-owner`)
})

describe('the roles of Rancher', () => {
  test.each(rancherRoles)('$title: $may', async ({ user, may: expected }: RancherRole) => {
    const { clusters } = await app.session(user)
    const [cluster] = clusters
    const [first] = projectNamespaces
    const proxy = { verb: 'get', group: '', resource: 'services', subresource: 'proxy' }
    expect({
      metrics: cluster?.namespaces,
      graph: cluster?.capabilities.graph.allowed,
      kiali: await may(user, { ...proxy, namespace: 'istio-system', name: 'http:kiali:20001' }),
      grafana: await may(user, {
        ...proxy,
        namespace: 'cattle-monitoring-system',
        name: 'http:rancher-monitoring-grafana:80',
      }),
      injection: await may(user, { verb: 'patch', group: '', resource: 'namespaces', namespace: first, name: first }),
      istioObjects: await may(user, {
        verb: 'update',
        group: 'networking.istio.io',
        resource: 'virtualservices',
        namespace: first,
      }),
      settings: cluster?.capabilities.settings.allowed,
    }).toEqual(expected)
  })

  // The README's matrix is read from the README: it cannot say what the cluster does not do.
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const cellsOf = (line: string) => line.split('|').map((cell) => cell.trim())
  const lines = readme.split('\n')
  const head = lines.findIndex((line) => cellsOf(line)[1] === 'in Rancher')
  const roles = cellsOf(lines[head] ?? '').slice(2, 7)
  const rows = lines
    .slice(head + 2, lines.indexOf('', head))
    .map(cellsOf)
    .map(([, title = '', ...cells]) => ({ title, cells: cells.slice(0, 5), decidedBy: cells[5] ?? '' }))

  test('stand in the README, row by row', () => {
    expect(roles).toEqual(['cluster owner', 'cluster member', 'project owner', 'project member', 'read-only member'])
    expect(rows.map(({ title }) => title)).toEqual(Object.keys(matrixRows))
  })

  test.each(rows)('$title: $cells, by $decidedBy', async ({ title, cells, decidedBy }) => {
    const review = matrixRows[title]
    if (review === undefined) throw new Error(`nothing decides ${title}`)
    const { group, resource, verb, ...where } = review
    expect(decidedBy).toContain(`${verb} ${resource}${group === '' ? '' : `.${group}`}`)
    const [plural, subresource] = resource.split('/')
    const attributes = {
      verb,
      group,
      resource: plural,
      ...(subresource === undefined ? {} : { subresource }),
      ...where,
    }
    const users = roles.map((role) => rancherRoles.find((each) => each.title === role)?.user ?? '')
    expect(await Promise.all(users.map((user) => may(user, attributes)))).toEqual(cells.map((cell) => cell === 'yes'))
    // What a binding opens is open to the one of the two that have it.
    const bound = await Promise.all(['fay', 'gus'].map((user) => may(user, attributes)))
    if (cells.includes('if bound')) expect(bound).toContain(true)
    else expect(bound.map((allowed) => (allowed ? 'yes' : 'no'))).toEqual([cells[4], cells[3]])
    // The app says the same as the cluster.
    for (const [index, user] of users.entries()) {
      const { clusters } = await app.session(user)
      const { capabilities, namespaces } = clusters[0] ?? {}
      const says: Readonly<Record<string, boolean | undefined>> = {
        'Traffic Metrics': namespaces === null || namespaces?.includes(projectNamespaces[0]),
        'Traffic Graph': capabilities?.graph.allowed,
        Kiali: capabilities?.kiali.allowed,
        Jaeger: capabilities?.jaeger.allowed,
        Settings: capabilities?.settings.allowed,
      }
      if (says[title] !== undefined) expect(says[title], user).toBe(cells[index] === 'yes')
      if (title === 'injection of a namespace') {
        const { json } = await app.ask(user, `/api/clusters/real/namespaces/${projectNamespaces[0]}/injection`)
        const door = (json as { readonly door?: { readonly allowed: boolean } }).door
        expect(door?.allowed === true, user).toBe(cells[index] === 'yes')
      }
    }
  })

  test('see by project what they see by namespace', async () => {
    const { json } = await app.ask('eva', '/api/clusters/real/namespaces')
    expect(json).toMatchObject({ namespaces: projectNamespaces.map((name) => ({ name, project })) })
  })

  test('a member’s question about the project asks about its namespaces only', async () => {
    const before = app.queries.length
    const path = '/api/clusters/real/telemetry/requests?window=5m&project=p-matrix'
    expect((await app.ask('eva', path)).status).toBe(200)
    const asked = app.queries.slice(before)
    expect(asked.length).toBeGreaterThan(0)
    for (const query of asked) {
      // What was before a young namespace of that name is asked for each of them alone.
      expect(query).toMatch(query.includes('absent_over_time') ? /matrix-/ : /matrix-api/)
      expect(query).not.toMatch(/shop-|bookinfo/)
    }
    expect(asked.some((query) => !query.includes('absent_over_time'))).toBe(true)
  })
})
