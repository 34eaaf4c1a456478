import { describe, expect, test } from 'vitest'
import { type Body, type Contract, describeContract, rbac } from './contract.ts'

const mergePatch = { 'content-type': 'application/merge-patch+json' }

describeContract((contract) => {
  const ask: Contract['ask'] = (...asked) => contract.ask(...asked)
  const may: Contract['may'] = (...asked) => contract.may(...asked)

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
      await contract.target.level()
      await becomes('bookinfo-viewer', things, true)
      await ask('owner', 'DELETE', `${rbac}/clusterroles/contract-view`)
      await contract.target.level()
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
      const response = await fetch(`${contract.target.url}${maps}?${query}`, {
        headers: { authorization: `Bearer ${contract.tokenOf('owner')}` },
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
      const response = await fetch(contract.target.url + path, {
        headers: { authorization: `Bearer ${contract.tokenOf('owner')}` },
      })
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
