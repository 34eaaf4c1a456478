import { describe, expect, test } from 'vitest'
import { type Answer, type Contract, describeContract, reviews } from './contract.ts'

const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
const namesIn = ({ body }: Answer) => body.items.map(({ metadata }) => metadata.name)

describeContract((contract) => {
  const ask: Contract['ask'] = (...asked) => contract.ask(...asked)
  const may: Contract['may'] = (...asked) => contract.may(...asked)

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
})
