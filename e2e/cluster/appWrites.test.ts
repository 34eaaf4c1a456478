import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { NamespaceInjection } from '../../src/clients/injection/wire.ts'
import type { ObjectsAnswer } from '../../src/clients/kubernetes/objects.ts'
import type { AccessSettings } from '../../src/clients/settings/wire.ts'
import type { MeshSettingsAnswer } from '../../src/clients/settings/meshWire.ts'
import type { Tools } from '../../src/clients/tools/wire.ts'
import { meshboardToken } from '../../src/demo/cluster/personas.ts'
import { startCluster } from '../../src/demo/cluster/server.ts'
import { injectorOf, revisionsOf } from '../../src/mesh/config/injector.ts'
import type { Audience } from '../../src/mesh/opening.ts'
import { connectTo } from './api.ts'
import { type AnotherApi, type App, startApp } from './app.ts'
import { aggregateRoles, seed } from './seed.ts'

/** What the app writes, before the demo's cluster and before a real one: the same has to come of it. */
interface Target {
  readonly another: AnotherApi | undefined
  /** Two owners; the demo's cluster knows one. */
  readonly owners: readonly [string, string]
  readonly direct: (method: string, path: string, body?: unknown) => Promise<unknown>
  readonly level: () => Promise<void>
  readonly close: () => Promise<void>
}

const targets: Readonly<Record<string, () => Promise<Target>>> = {
  'the demo cluster': async () => {
    const { url, close } = await startCluster({ seed })
    const direct: Target['direct'] = async (method, path, body) => {
      const headers = { authorization: 'Bearer demo', 'content-type': 'application/json' }
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      return (await fetch(url + path, { method, headers, ...sent })).json()
    }
    const another = { url, token: meshboardToken }
    return { another, owners: ['owner', 'owner'], direct, level: () => Promise.resolve(), close }
  },
  'a real kube-apiserver': () => {
    const api = connectTo(inject('cluster'))
    return Promise.resolve({
      another: undefined,
      owners: ['owner', 'second-owner'],
      direct: async (method, path, body) => (await api.ask(method, path, body === undefined ? {} : { body })).json,
      level: () => aggregateRoles(api),
      close: () => Promise.resolve(),
    })
  },
}

const root = '/api/clusters/real'
const nobody: Audience = { everybody: false, subjects: [], holders: [] }
const configMap = '/api/v1/namespaces/istio-system/configmaps/meshboard-settings'

describe.each(Object.entries(targets))('before %s', (_, open) => {
  let target: Target
  let app: App
  let replica: App
  beforeAll(async () => {
    target = await open()
    const limits = { reviewSeconds: 0, projectsSeconds: 0, answerSeconds: 0, settingsSeconds: 0.2 }
    app = await startApp(limits, target.another)
    // Another replica, with the limits that it ships with.
    replica = await startApp({}, target.another)
  })
  afterAll(async () => {
    await app.close()
    await replica.close()
    await target.direct('DELETE', configMap)
    await target.close()
  })

  const put = async (who: string, path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    return app.ask(who, root + path, { method: 'PUT', body: JSON.stringify(body), headers })
  }
  const settings = async (who: string, by = app) =>
    (await by.ask(who, `${root}/settings/mesh`)).json as MeshSettingsAnswer
  const change = { tools: {}, defaults: {}, health: '' }

  describe('settings for everybody', () => {
    test('of two owners who save at once one is told, and nothing is lost', async () => {
      const { version } = await settings('owner')
      const levels = ['hide', 'full']
      const answers = await Promise.all(
        target.owners.map(async (who, at) => {
          const saved = await put(who, '/settings/mesh', { ...change, peers: levels[at], version })
          return saved.status
        }),
      )
      expect(answers.toSorted()).toEqual([204, 409])
      expect((await settings('owner')).settings.peers).toBe(levels[answers.indexOf(204)])
    })

    test('are followed by another replica within half a minute', async () => {
      const defaults = async () => (await replica.session('shop-member')).clusters[0]?.defaults
      await defaults()
      const { version } = await settings('owner')
      const saved = await put('owner', '/settings/mesh', { ...change, defaults: { window: '7m' }, version })
      expect(saved.status).toBe(204)
      const at = Date.now()
      await expect.poll(defaults, { timeout: 60_000, interval: 500 }).toEqual({ window: 420 })
      expect(Date.now() - at).toBeLessThan(30_000)
    })

    test('say where a tool is, and never where a script is', async () => {
      const { version } = await settings('owner')
      const at = (url: string) => ({ ...change, tools: { grafana: { url } }, version })
      expect((await put('owner', '/settings/mesh', at('javascript:alert(1)'))).status).toBe(400)
      expect((await put('owner', '/settings/mesh', at('https://grafana.example.org'))).status).toBe(204)
      const { tools } = (await app.ask('owner', `${root}/tools`)).json as Tools
      expect(tools.find(({ name }) => name === 'grafana')?.address).toBe('https://grafana.example.org/')
      // At an address of its own a tool is opened by a permission of ours, which this member has not.
      const asMember = (await app.ask('shop-member', `${root}/tools`)).json as Tools
      expect(asMember.tools.find(({ name }) => name === 'grafana')).toMatchObject({
        state: 'locked',
        permission: { group: 'meshboard.io', resource: 'tools', name: 'grafana' },
      })
    })

    test('are saved by no member, whose right the cluster denies', async () => {
      const { version = '' } = await settings('owner')
      for (const who of ['shop-owner', 'shop-member', 'bookinfo-viewer']) {
        expect((await put(who, '/settings/mesh', { ...change, version })).status).toBe(403)
        expect(await settings(who)).toMatchObject({ mayEdit: false })
      }
      expect((await settings('owner')).version).toBe(version)
    })

    test('edited by hand into nonsense leave the last good ones in force, and say so to owners', async () => {
      const before = (await app.session('owner')).clusters[0]?.defaults
      const object = (await target.direct('GET', configMap)) as { readonly data: object }
      await target.direct('PUT', configMap, { ...object, data: { 'settings.yaml': 'peers: everything\n' } })
      const problem = async () => (await app.session('owner')).clusters[0]?.settingsProblem
      await expect
        .poll(problem, { timeout: 60_000, interval: 500 })
        .toBe('peers (line 1): takes "hide", "namespace", "full"; got "everything"')
      expect((await app.session('shop-member')).clusters[0]).not.toHaveProperty('settingsProblem')
      expect((await app.session('owner')).clusters[0]?.defaults).toEqual(before)
      const { version } = await settings('owner')
      expect((await put('owner', '/settings/mesh', { ...change, version })).status).toBe(204)
      expect(await problem()).toBeUndefined()
    })
  })

  describe('who may see what', () => {
    const accessOf = async (opened: string) => {
      const { access } = (await app.ask('owner', `${root}/settings/access`)).json as AccessSettings
      const found = access.find((each) => each.opened === opened)
      if (found === undefined) throw new Error(`no ${opened}`)
      return found
    }
    const may = async (who: string, door: 'kiali' | 'graph') =>
      (await app.session(who)).clusters[0]?.capabilities[door].allowed
    const save = async (opened: string, audience: Audience) => {
      const { version } = await accessOf(opened)
      expect((await put('owner', `/settings/access/${opened}`, { audience, version })).status).toBe(204)
      await target.level()
    }

    test('opens to whom an owner names, and closes again; what was bound before is put back', async () => {
      const { audience } = await accessOf('kiali')
      expect(await may('bookinfo-viewer', 'kiali')).toBe(false)
      await save('kiali', { ...audience, subjects: [...audience.subjects, { kind: 'User', name: 'bruno' }] })
      await expect.poll(() => may('bookinfo-viewer', 'kiali'), { timeout: 30_000 }).toBe(true)
      expect(await may('shop-member', 'kiali')).toBe(false)
      await save('kiali', audience)
      await expect.poll(() => may('bookinfo-viewer', 'kiali'), { timeout: 30_000 }).toBe(false)
    })

    test('opens to the holders of a role, by aggregation', async () => {
      await save('graph', { ...nobody, holders: [{ role: 'view' }] })
      await expect.poll(() => may('bookinfo-viewer', 'graph'), { timeout: 30_000 }).toBe(true)
      await save('graph', nobody)
      await expect.poll(() => may('bookinfo-viewer', 'graph'), { timeout: 30_000 }).toBe(false)
      expect((await accessOf('graph')).objects).toEqual([])
    })

    test('of two owners who save at once one at least is told, and what stands is what one of them said', async () => {
      const { version, audience } = await accessOf('jaeger')
      const names = ['first', 'second']
      const answers = await Promise.all(
        target.owners.map(async (who, at) => {
          const said = { ...nobody, subjects: [{ kind: 'User', name: names[at] }] }
          return (await put(who, '/settings/access/jaeger', { audience: said, version })).status
        }),
      )
      expect(answers.filter((status) => status === 204).length).toBeLessThan(2)
      const { subjects } = (await accessOf('jaeger')).audience
      expect(subjects).toHaveLength(1)
      expect(names).toContain(subjects[0]?.name)
      await save('jaeger', audience)
    })
  })

  describe('injection of a namespace', () => {
    const path = '/namespaces/shop-data/injection'
    const read = async (who: string) => (await app.ask(who, root + path)).json as NamespaceInjection

    test('is set and cleared by who may patch it, and by nobody else', async () => {
      const { choice: before, version } = await read('shop-owner')
      expect((await put('shop-member', path, { choice: { kind: 'off' }, version })).status).toBe(403)
      expect((await app.ask('bookinfo-viewer', root + path)).status).toBe(403)
      for (const choice of [{ kind: 'revision', revision: 'stable' }, { kind: 'unset' }, { kind: 'off' }, before]) {
        const { version: latest } = await read('shop-owner')
        expect((await put('shop-owner', path, { choice, version: latest })).status).toBe(204)
        expect((await read('shop-owner')).choice).toEqual(choice)
      }
      const late = await put('shop-owner', path, { choice: { kind: 'off' }, version })
      expect(late.status).toBe(409)
      expect((await read('shop-owner')).choice).toEqual(before)
    })

    test('is explained to owners by the webhooks that stand in the cluster', async () => {
      const { injectors } = (await app.ask('owner', `${root}/objects`)).json as ObjectsAnswer
      expect(revisionsOf(injectorOf(injectors ?? []))).toEqual({
        revisions: ['default'],
        tags: [{ tag: 'stable', revision: 'default' }],
        byDefault: 'default',
        isOnByDefault: false,
      })
    })
  })
})
