import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { personas } from '../../src/demo/cluster/personas.ts'
import { startCluster } from '../../src/demo/cluster/server.ts'
import type { Listening } from '../../src/demo/launch/listen.ts'
import { aggregateRoles, seed } from './seed.ts'
import { connectTo } from './api.ts'

/** A Kubernetes API under test: the demo's own, or a real one that holds the same objects. */
interface Target {
  readonly url: string
  readonly ca: string
  readonly close: () => Promise<void>
  /** What the controller-manager would do by itself. */
  readonly level: () => Promise<void>
}

let demo: Listening
const targets = {
  'the demo cluster': async (): Promise<Target> => {
    demo = await startCluster({ seed })
    return { url: demo.url, ca: '', close: demo.close, level: () => Promise.resolve() }
  },
  'a real kube-apiserver': (): Promise<Target> => {
    const facts = inject('cluster')
    const level = () => aggregateRoles(connectTo(facts))
    return Promise.resolve({ url: facts.url, ca: facts.ca, close: () => Promise.resolve(), level })
  },
}

interface Body {
  readonly kind?: string
  readonly metadata: {
    readonly name?: string
    readonly uid?: string
    readonly resourceVersion?: string
    readonly continue?: string
    readonly remainingItemCount?: number
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly items: readonly Body[]
  readonly status: unknown
  readonly message?: string
  readonly [field: string]: unknown
}

const mergePatch = { 'content-type': 'application/merge-patch+json' }
const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
const rbac = '/apis/rbac.authorization.k8s.io/v1'

// The same suite for both: what Meshboard relies on, the demo must do as Kubernetes does.
describe.each(Object.entries(targets))('%s', (_, open) => {
  let target: Target
  beforeAll(async () => {
    target = await open()
    await ask('owner', 'DELETE', `${rbac}/clusterroles/contract-view`)
  })
  afterAll(() => target.close())

  const tokenOf = (id: string) => personas.find((persona) => persona.id === id)?.token ?? id

  async function ask(
    id: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: Body }> {
    const response = await fetch(target.url + path, {
      method,
      headers: { authorization: `Bearer ${tokenOf(id)}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : { text }) as Body }
  }

  const namesIn = ({ body }: { readonly body: Body }) => body.items.map(({ metadata }) => metadata.name)
  const may = async (id: string, resourceAttributes: object, headers = {}) =>
    (await ask(id, 'POST', reviews, { spec: { resourceAttributes } }, headers)).body.status as {
      readonly allowed: boolean
      readonly reason?: string
    }

  describe('discovery', () => {
    test('names the core version and every group that Meshboard reads', async () => {
      expect((await ask('owner', 'GET', '/version')).body).toMatchObject({ major: '1' })
      expect((await ask('owner', 'GET', '/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
      const { body } = await ask('owner', 'GET', '/apis')
      expect(body.kind).toBe('APIGroupList')
      const groups = (body['groups'] as readonly { name: string; preferredVersion: { version: string } }[]).map(
        ({ name, preferredVersion }) => `${name}/${preferredVersion.version}`,
      )
      for (const group of [
        'apps/v1',
        'networking.k8s.io/v1',
        'rbac.authorization.k8s.io/v1',
        'networking.istio.io/v1',
        'security.istio.io/v1',
        'telemetry.istio.io/v1',
        'gateway.networking.k8s.io/v1',
      ]) {
        expect(groups).toContain(group)
      }
    })

    test.each([
      ['/api/v1', 'pods', 'Pod', true],
      ['/api/v1', 'namespaces', 'Namespace', false],
      ['/apis/apps/v1', 'deployments', 'Deployment', true],
      ['/apis/networking.istio.io/v1', 'virtualservices', 'VirtualService', true],
      ['/apis/networking.istio.io/v1beta1', 'destinationrules', 'DestinationRule', true],
      ['/apis/security.istio.io/v1beta1', 'peerauthentications', 'PeerAuthentication', true],
      ['/apis/rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding', true],
      ['/apis/gateway.networking.k8s.io/v1', 'gatewayclasses', 'GatewayClass', false],
    ])('%s has %s', async (path, name, kind, namespaced) => {
      const { body } = await ask('bookinfo-viewer', 'GET', path)
      expect(body.kind).toBe('APIResourceList')
      const found = (body['resources'] as readonly { name: string; verbs: readonly string[] }[]).find(
        (each) => each.name === name,
      )
      expect(found).toMatchObject({
        name,
        kind,
        namespaced,
        verbs: expect.arrayContaining(['get', 'list', 'watch']) as unknown,
      })
    })
  })

  describe('a list', () => {
    test('leaves out kind and version of built-in items, and has both of others', async () => {
      const pods = await ask('owner', 'GET', '/api/v1/pods?limit=1')
      expect(pods.body).toMatchObject({ kind: 'PodList', apiVersion: 'v1' })
      expect(pods.body.items[0]).not.toHaveProperty('kind')
      const rules = await ask('owner', 'GET', '/apis/networking.istio.io/v1beta1/destinationrules?limit=1')
      expect(rules.body.items[0]).toMatchObject({ kind: 'DestinationRule', apiVersion: 'networking.istio.io/v1beta1' })
    })

    test('comes in pages that add up, in order', async () => {
      const whole = namesIn(await ask('owner', 'GET', '/api/v1/pods'))
      expect(whole.length).toBeGreaterThan(40)
      const paged: (string | undefined)[] = []
      let next = ''
      do {
        const page = await ask('owner', 'GET', `/api/v1/pods?limit=17&continue=${encodeURIComponent(next)}`)
        paged.push(...namesIn(page))
        next = page.body.metadata.continue ?? ''
        expect(page.body.metadata.remainingItemCount ?? 0).toBe(whole.length - paged.length)
      } while (next !== '')
      expect(paged).toEqual(whole)
    })

    test.each([
      ['app=reviews', 3],
      ['app in (reviews,ratings),version=v1', 2],
      ['app,version!=v1,app=reviews', 2],
      ['!app', 0],
      ['app notin (reviews,ratings,details,productpage)', 1],
    ])('by the labels %s', async (selector, count) => {
      const query = `labelSelector=${encodeURIComponent(selector)}`
      const deployments = await ask('owner', 'GET', `/apis/apps/v1/namespaces/bookinfo/deployments?${query}`)
      expect(deployments.body.items).toHaveLength(count)
    })

    test('by a field, and of a namespace that is not there: empty', async () => {
      const one = await ask('owner', 'GET', '/api/v1/namespaces?fieldSelector=metadata.name%3Dbookinfo')
      expect(namesIn(one)).toEqual(['bookinfo'])
      expect((await ask('owner', 'GET', '/api/v1/namespaces/nowhere/pods')).body.items).toEqual([])
    })

    test.each([
      ['labelSelector=a%20b', 400, 'BadRequest'],
      ['continue=nonsense', 400, 'BadRequest'],
      ['limit=many', 400, 'BadRequest'],
    ])('with %s is refused', async (query, code, reason) => {
      const answer = await ask('owner', 'GET', `/api/v1/pods?${query}`)
      expect(answer).toMatchObject({ status: code, body: { kind: 'Status', status: 'Failure', reason, code } })
    })
  })

  describe('a refusal is a Status', () => {
    const failure = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' }

    test('401 for a token that nobody knows', async () => {
      expect(await ask('forged-token', 'GET', '/api/v1/pods')).toEqual({
        status: 401,
        body: { ...failure, message: 'Unauthorized', reason: 'Unauthorized', code: 401 },
      })
    })

    test.each([
      [
        'shop-member',
        '/api/v1/namespaces',
        { kind: 'namespaces' },
        'namespaces is forbidden: User "samir" cannot list resource "namespaces" in API group "" at the cluster scope',
      ],
      [
        'shop-member',
        '/api/v1/namespaces/bookinfo/pods/x',
        { name: 'x', kind: 'pods' },
        'pods "x" is forbidden: User "samir" cannot get resource "pods" in API group "" in the namespace "bookinfo"',
      ],
      [
        'bookinfo-viewer',
        '/apis/networking.istio.io/v1/namespaces/shop-web/virtualservices',
        { group: 'networking.istio.io', kind: 'virtualservices' },
        'virtualservices.networking.istio.io is forbidden: User "bruno" cannot list resource "virtualservices" in API group "networking.istio.io" in the namespace "shop-web"',
      ],
      [
        'shop-member',
        '/api/v1/namespaces/bookinfo',
        { name: 'bookinfo', kind: 'namespaces' },
        'namespaces "bookinfo" is forbidden: User "samir" cannot get resource "namespaces" in API group "" in the namespace "bookinfo"',
      ],
    ])('403 for %s at %s', async (id, path, details, message) => {
      expect(await ask(id, 'GET', path)).toEqual({
        status: 403,
        body: { ...failure, message, reason: 'Forbidden', details, code: 403 },
      })
    })

    test.each([
      ['/api/v1/namespaces/bookinfo/pods/nope', { name: 'nope', kind: 'pods' }, 'pods "nope" not found'],
      [
        '/apis/networking.istio.io/v1/namespaces/bookinfo/gateways/nope',
        { name: 'nope', group: 'networking.istio.io', kind: 'gateways' },
        'gateways.networking.istio.io "nope" not found',
      ],
      ['/api/v1/nosuch', {}, 'the server could not find the requested resource'],
    ])('404 at %s', async (path, details, message) => {
      expect(await ask('owner', 'GET', path)).toEqual({
        status: 404,
        body: { ...failure, message, reason: 'NotFound', details, code: 404 },
      })
    })

    test('404 below a group that is not served, without a Status', async () => {
      const { status, body } = await ask('owner', 'GET', '/apis/nosuch.example.org/v1/things')
      expect({ status, body }).toEqual({ status: 404, body: { text: '404 page not found\n' } })
    })
  })

  describe('who one is', () => {
    test.each([
      ['owner', 'olivia', 'cluster-owners'],
      ['shop-owner', 'sofia', 'shop-owners'],
      ['shop-member', 'samir', 'shop-members'],
      ['bookinfo-viewer', 'bruno', 'bookinfo-viewers'],
    ])('%s is %s of %s', async (id, username, group) => {
      const answer = await ask(id, 'POST', whoAmI, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'SelfSubjectReview',
      })
      expect(answer).toMatchObject({
        status: 201,
        body: {
          kind: 'SelfSubjectReview',
          status: { userInfo: { username, groups: [group, 'system:authenticated'] } },
        },
      })
    })

    test('may be somebody else for those who may impersonate', async () => {
      const as = { 'impersonate-user': 'samir', 'impersonate-group': 'shop-members' }
      expect((await ask('owner', 'POST', whoAmI, {}, as)).body.status).toMatchObject({
        userInfo: { username: 'samir', groups: ['shop-members', 'system:authenticated'] },
      })
      const refused = await ask('shop-owner', 'POST', whoAmI, {}, as)
      expect(refused).toMatchObject({ status: 403, body: { reason: 'Forbidden' } })
      expect(refused.body.message).toContain('User "sofia" cannot impersonate resource')
    })
  })

  describe('an access review', () => {
    const graphs = { verb: 'get', group: 'meshboard.io', resource: 'graphs' }
    const pods = { verb: 'list', group: '', resource: 'pods' }
    test.each([
      ['owner', pods, true],
      ['owner', graphs, true],
      ['owner', { verb: 'update', group: 'meshboard.io', resource: 'settings' }, true],
      ['shop-owner', pods, false],
      ['shop-owner', { ...pods, namespace: 'shop-core' }, true],
      ['shop-owner', { ...pods, namespace: 'bookinfo' }, false],
      ['shop-owner', { ...graphs, namespace: 'shop-web' }, true],
      [
        'shop-owner',
        { verb: 'patch', group: '', resource: 'namespaces', namespace: 'shop-web', name: 'shop-web' },
        true,
      ],
      [
        'shop-owner',
        { verb: 'patch', group: '', resource: 'namespaces', namespace: 'bookinfo', name: 'bookinfo' },
        false,
      ],
      ['shop-owner', { verb: 'patch', group: '', resource: 'namespaces' }, false],
      ['shop-member', { ...graphs, namespace: 'shop-web' }, false],
      [
        'shop-member',
        {
          verb: 'get',
          group: '',
          resource: 'services',
          subresource: 'proxy',
          namespace: 'shop-web',
          name: 'http:web:80',
        },
        true,
      ],
      [
        'bookinfo-viewer',
        {
          verb: 'get',
          group: '',
          resource: 'services',
          subresource: 'proxy',
          namespace: 'bookinfo',
          name: 'http:web:80',
        },
        false,
      ],
      // By the roles that are part of `view` only because their labels say so.
      [
        'bookinfo-viewer',
        { verb: 'watch', group: 'networking.istio.io', resource: 'virtualservices', namespace: 'bookinfo' },
        true,
      ],
      [
        'bookinfo-viewer',
        { verb: 'update', group: 'networking.istio.io', resource: 'virtualservices', namespace: 'bookinfo' },
        false,
      ],
    ])('%s: %o: %s', async (id, attributes, allowed) => {
      expect((await may(id, attributes)).allowed).toBe(allowed)
    })

    test('says which binding it was, and nothing where there is none', async () => {
      expect(await may('shop-owner', { ...graphs, namespace: 'shop-web' })).toEqual({
        allowed: true,
        reason:
          'RBAC: allowed by RoleBinding "shop-owners-meshboard-graph-viewer/shop-web" of ClusterRole "meshboard-graph-viewer" to Group "shop-owners"',
      })
      expect(await may('shop-member', graphs)).toEqual({ allowed: false })
    })

    test('is created as what it is', async () => {
      const { status, body } = await ask('owner', 'POST', reviews, { spec: { resourceAttributes: pods } })
      expect(status).toBe(201)
      expect(body).toMatchObject({ kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1' })
      expect((await ask('owner', 'GET', reviews)).status).toBe(405)
      expect((await ask('owner', 'POST', reviews, [])).status).toBe(400)
      expect(await ask('owner', 'POST', reviews, {})).toMatchObject({ status: 422, body: { reason: 'Invalid' } })
    })

    test('about somebody else is answered to those who may ask it', async () => {
      const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews'
      const spec = { user: 'sofia', groups: ['shop-owners'], resourceAttributes: { ...graphs, namespace: 'shop-web' } }
      expect((await ask('owner', 'POST', path, { spec })).body.status).toMatchObject({ allowed: true })
      expect((await ask('owner', 'POST', path, { spec: { ...spec, groups: [] } })).body.status).toEqual({
        allowed: false,
      })
      expect((await ask('shop-owner', 'POST', path, { spec })).status).toBe(403)
    })
  })

  describe('rights', () => {
    const role = (name: string, rules: unknown, labels = {}) => ({ metadata: { name, labels }, rules })
    const binding = (name: string, ref: string, subject: object, kind = 'ClusterRole') => ({
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: ref },
      subjects: [subject],
    })
    const member = { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'shop-members' }
    const kiali = {
      verb: 'get',
      group: '',
      resource: 'services',
      subresource: 'proxy',
      namespace: 'istio-system',
    }
    /** The real one hears of a change a moment later. */
    const becomes = (id: string, attributes: object, allowed: boolean) =>
      expect.poll(async () => (await may(id, attributes)).allowed, { timeout: 20_000 }).toBe(allowed)

    test('on named resources hold for those names, and end with their binding', async () => {
      const rules = [
        { apiGroups: [''], resources: ['services/proxy'], resourceNames: ['http:kiali:20001'], verbs: ['get'] },
      ]
      const roles = `${rbac}/namespaces/istio-system/roles`
      const bindings = `${rbac}/namespaces/istio-system/rolebindings`
      expect((await ask('owner', 'POST', roles, role('contract-kiali', rules))).status).toBe(201)
      const bound = binding('contract-kiali', 'contract-kiali', member, 'Role')
      expect((await ask('owner', 'POST', bindings, bound)).status).toBe(201)
      await becomes('shop-member', { ...kiali, name: 'http:kiali:20001' }, true)
      expect((await may('shop-member', { ...kiali, name: 'kiali:20001' })).allowed).toBe(false)
      expect((await may('shop-member', kiali)).allowed).toBe(false)
      expect((await may('bookinfo-viewer', { ...kiali, name: 'http:kiali:20001' })).allowed).toBe(false)
      expect(await may('shop-member', { ...kiali, name: 'http:kiali:20001' })).toMatchObject({
        reason:
          'RBAC: allowed by RoleBinding "contract-kiali/istio-system" of Role "contract-kiali" to Group "shop-members"',
      })
      const gone = await ask('owner', 'DELETE', `${bindings}/contract-kiali`)
      expect(gone).toMatchObject({
        status: 200,
        body: { kind: 'Status', status: 'Success', details: { name: 'contract-kiali' } },
      })
      await becomes('shop-member', { ...kiali, name: 'http:kiali:20001' }, false)
      await ask('owner', 'DELETE', `${roles}/contract-kiali`)
    })

    test('of an aggregated role grow with a role that is labelled for it', async () => {
      const rules = [{ apiGroups: ['contract.example.org'], resources: ['things'], verbs: ['get'] }]
      const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' }
      const things = { verb: 'get', group: 'contract.example.org', resource: 'things', namespace: 'bookinfo' }
      expect((await may('bookinfo-viewer', things)).allowed).toBe(false)
      await ask('owner', 'POST', `${rbac}/clusterroles`, role('contract-view', rules, labels))
      await target.level()
      await becomes('bookinfo-viewer', things, true)
      await ask('owner', 'DELETE', `${rbac}/clusterroles/contract-view`)
      await target.level()
      await becomes('bookinfo-viewer', things, false)
    })

    test('are never given by somebody who has them not', async () => {
      const bindings = `${rbac}/namespaces/shop-web/rolebindings`
      const refused = await ask('shop-owner', 'POST', bindings, binding('contract-grab', 'cluster-admin', member))
      expect(refused).toMatchObject({
        status: 403,
        body: { reason: 'Forbidden', details: { name: 'contract-grab', kind: 'rolebindings' } },
      })
      expect(refused.body.message).toMatch(
        /^rolebindings\.rbac\.authorization\.k8s\.io "contract-grab" is forbidden: user "sofia" \(groups=\["shop-owners" "system:authenticated"\]\) is attempting to grant RBAC permissions not currently held:\n\{APIGroups:\["\*"\], Resources:\["\*"\], Verbs:\["\*"\]\}/,
      )
      const given = await ask(
        'shop-owner',
        'POST',
        bindings,
        binding('contract-give', 'meshboard-graph-viewer', member),
      )
      expect(given.status).toBe(201)
      expect(await ask('shop-owner', 'DELETE', `${bindings}/contract-give`)).toMatchObject({ status: 200 })
      expect((await ask('shop-member', 'POST', bindings, binding('contract-give', 'view', member))).status).toBe(403)
    })

    test('are bound to another role by a new binding only', async () => {
      const bindings = `${rbac}/namespaces/shop-web/rolebindings`
      await ask('owner', 'POST', bindings, binding('contract-fixed', 'view', member))
      const moved = await ask('owner', 'PUT', `${bindings}/contract-fixed`, binding('contract-fixed', 'edit', member))
      expect(moved).toMatchObject({
        status: 422,
        body: { reason: 'Invalid', details: { causes: [{ field: 'roleRef' }] } },
      })
      expect(moved.body.message).toContain('cannot change roleRef')
      await ask('owner', 'DELETE', `${bindings}/contract-fixed`)
    })
  })

  describe('a namespace’s labels', () => {
    test('are set and cleared by those who may patch it', async () => {
      const path = '/api/v1/namespaces/shop-data'
      const set = (value: string | null) => ({ metadata: { labels: { 'istio.io/rev': value } } })
      expect((await ask('shop-member', 'PATCH', path, set('canary'), mergePatch)).status).toBe(403)
      const changed = await ask('shop-owner', 'PATCH', path, set('canary'), mergePatch)
      expect(changed).toMatchObject({
        status: 200,
        body: { kind: 'Namespace', metadata: { labels: { 'istio.io/rev': 'canary' } } },
      })
      const cleared = await ask('shop-owner', 'PATCH', path, set(null), {
        'content-type': 'application/strategic-merge-patch+json',
      })
      expect(cleared.body.metadata.labels).not.toHaveProperty('istio.io/rev')
      expect(cleared.body.metadata.labels).toHaveProperty('istio-injection')
      expect(await ask('shop-owner', 'PATCH', path, set('not a label'), mergePatch)).toMatchObject({
        status: 422,
        body: {
          reason: 'Invalid',
          details: {
            name: 'shop-data',
            kind: 'Namespace',
            causes: expect.arrayContaining([expect.objectContaining({ field: 'metadata.labels' })]) as unknown,
          },
        },
      })
      expect((await ask('shop-owner', 'PATCH', path, set('a'))).status).toBe(415)
    })
  })

  describe('a ConfigMap', () => {
    const maps = '/api/v1/namespaces/istio-system/configmaps'
    const map = (name: string, data: unknown, more = {}) => ({ metadata: { name, ...more }, data })
    const versionOf = ({ body }: { readonly body: Body }) => body.metadata.resourceVersion ?? ''

    test('of two writers keeps the first, and tells the second', async () => {
      const made = await ask('owner', 'POST', maps, map('contract', { a: '1' }))
      expect(made).toMatchObject({ status: 201, body: { kind: 'ConfigMap', apiVersion: 'v1', data: { a: '1' } } })
      expect(await ask('owner', 'POST', maps, map('contract', {}))).toMatchObject({
        status: 409,
        body: { reason: 'AlreadyExists', message: 'configmaps "contract" already exists' },
      })
      const at = { resourceVersion: versionOf(made) }
      const first = await ask('owner', 'PUT', `${maps}/contract`, map('contract', { a: 'first' }, at))
      expect(first.status).toBe(200)
      expect(versionOf(first)).not.toBe(versionOf(made))
      const second = await ask('owner', 'PUT', `${maps}/contract`, map('contract', { a: 'second' }, at))
      expect(second).toEqual({
        status: 409,
        body: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message:
            'Operation cannot be fulfilled on configmaps "contract": the object has been modified; please apply your changes to the latest version and try again',
          reason: 'Conflict',
          details: { name: 'contract', kind: 'configmaps' },
          code: 409,
        },
      })
      const patch = { metadata: at, data: { a: 'third' } }
      expect((await ask('owner', 'PATCH', `${maps}/contract`, patch, mergePatch)).status).toBe(409)
      const read = await ask('owner', 'GET', `${maps}/contract`)
      expect(read.body).toMatchObject({ data: { a: 'first' }, metadata: { uid: made.body.metadata.uid } })
      const same = await ask('owner', 'PATCH', `${maps}/contract`, { data: { a: 'first' } }, mergePatch)
      expect(versionOf(same)).toBe(versionOf(first))
      expect(await ask('owner', 'DELETE', `${maps}/contract`)).toMatchObject({
        status: 200,
        body: { status: 'Success', details: { name: 'contract', kind: 'configmaps' } },
      })
      expect((await ask('owner', 'PUT', `${maps}/contract`, map('contract', {}))).status).toBe(404)
    })

    test('is not kept by a dry run, which tells what would be wrong', async () => {
      const tried = await ask('owner', 'POST', `${maps}?dryRun=All`, map('contract-tried', { a: '1' }))
      expect(tried).toMatchObject({ status: 201, body: { metadata: { name: 'contract-tried' } } })
      expect((await ask('owner', 'GET', `${maps}/contract-tried`)).status).toBe(404)
      expect((await ask('owner', 'POST', `${maps}?dryRun=All`, map('Not A Name', {}))).status).toBe(422)
      expect((await ask('owner', 'POST', `${maps}?dryRun=Some`, map('a', {}))).status).toBe(422)
    })

    test.each([
      ['a name that is none', 'POST', maps, map('Not A Name', {}), 422],
      ['no name', 'POST', maps, { metadata: {} }, 422],
      ['data that are no texts', 'POST', maps, map('a', { a: 1 }), 400],
      ['another namespace than the path’s', 'POST', maps, map('a', {}, { namespace: 'bookinfo' }), 400],
      ['another kind than the path’s', 'POST', maps, { kind: 'Secret', apiVersion: 'v1', ...map('a', {}) }, 400],
      ['a namespace that is not there', 'POST', '/api/v1/namespaces/none/configmaps', map('a', {}), 404],
      ['another name than the path’s', 'PUT', `${maps}/b`, map('a', {}), 400],
    ])('with %s is refused', async (_words, method, path, body, status) => {
      const answer = await ask('owner', method, path, body)
      expect(answer).toMatchObject({ status, body: { kind: 'Status', code: status } })
    })
  })

  describe('a watch', () => {
    const maps = '/api/v1/namespaces/istio-system/configmaps'
    test('tells what comes, changes and goes within its selection, and ends with its time', async () => {
      const { body } = await ask('owner', 'GET', maps)
      const query = `watch=1&labelSelector=contract%3Da&timeoutSeconds=3&resourceVersion=${body.metadata.resourceVersion ?? ''}`
      const response = await fetch(`${target.url}${maps}?${query}`, {
        headers: { authorization: `Bearer ${tokenOf('owner')}` },
      })
      expect(response.headers.get('content-type')).toBe('application/json')
      const made = (name: string, value: string) => ({ metadata: { name, labels: { contract: value } } })
      await ask('owner', 'POST', maps, made('contract-seen', 'a'))
      await ask('owner', 'POST', maps, made('contract-unseen', 'b'))
      await ask('owner', 'PATCH', `${maps}/contract-seen`, { data: { c: '1' } }, mergePatch)
      await ask('owner', 'PATCH', `${maps}/contract-seen`, { metadata: { labels: { contract: 'b' } } }, mergePatch)
      for (const name of ['contract-seen', 'contract-unseen']) await ask('owner', 'DELETE', `${maps}/${name}`)
      const events = (await response.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; object: Body })
      expect(events.map(({ type, object }) => `${type} ${object.kind ?? ''} ${object.metadata.name ?? ''}`)).toEqual([
        'ADDED ConfigMap contract-seen',
        'MODIFIED ConfigMap contract-seen',
        'DELETED ConfigMap contract-seen',
      ])
    })

    test('without a version begins with what there is', async () => {
      const path = '/api/v1/namespaces?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dbookinfo'
      const response = await fetch(target.url + path, { headers: { authorization: `Bearer ${tokenOf('owner')}` } })
      expect(JSON.parse((await response.text()).trim())).toMatchObject({
        type: 'ADDED',
        object: { kind: 'Namespace', metadata: { name: 'bookinfo' } },
      })
    })

    test('is a right of its own', async () => {
      expect((await ask('shop-member', 'GET', '/api/v1/namespaces?watch=1')).body.message).toContain('cannot watch')
    })
  })
})
