import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { serve } from '../../src/cli/serve.ts'
import { run } from '../../src/demo/prometheus/run.ts'
import { type ProxyConfig, readConfig } from '../../src/proxy/config.ts'
import { connectTo } from './api.ts'
import { obtainHelm } from './binaries.ts'
import { tokenOf } from './people.ts'

interface Rendered {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly [field: string]: unknown
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number
  readonly securityContext: object
  readonly containers: readonly object[]
}

const chart = 'deploy/meshboard'
const release = 'meshboard-chart'
const api = connectTo(inject('cluster'))

let helm: string
let folder: string
beforeAll(async () => {
  helm = await obtainHelm()
  folder = await mkdtemp(join(tmpdir(), 'meshboard-chart-'))
  await api.demand('POST', '/api/v1/namespaces', {
    body: {
      metadata: {
        name: release,
        labels: {
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/enforce-version': 'latest',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
      },
    },
  })
}, 45 * 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What the chart makes of some values; rejects with Helm's own words. */
async function render(values: object = {}, more: readonly string[] = []): Promise<readonly Rendered[]> {
  const file = join(folder, 'values.json')
  await writeFile(file, JSON.stringify(values))
  const args = ['template', 'meshboard', chart, '--namespace', release, '--values', file]
  const { code, output } = await run(helm, [...args, '--kube-version', '1.30.14', ...more])
  if (code !== 0) throw new Error(output)
  return parseAllDocuments(output, { version: '1.1' }).flatMap((document) => (document.toJS() as Rendered | null) ?? [])
}

const kindsOf = (objects: readonly Rendered[]) => objects.map(({ kind }) => kind).sort()
const one = (objects: readonly Rendered[], kind: string): Rendered => {
  const found = objects.find((object) => object.kind === kind)
  if (found === undefined) throw new Error(`no ${kind} was rendered`)
  return found
}

const plurals: Readonly<Record<string, string>> = { NetworkPolicy: 'networkpolicies', Ingress: 'ingresses' }
const clusterWide = new Set(['ClusterRole', 'ClusterRoleBinding'])

function pathOf({ apiVersion, kind }: Rendered): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const plural = plurals[kind] ?? `${kind.toLowerCase()}s`
  return clusterWide.has(kind) ? `${root}/${plural}` : `${root}/namespaces/${release}/${plural}`
}

const everything = {
  global: { cattle: { systemDefaultRegistry: 'registry.example.org' }, imagePullSecrets: ['pull', { name: 'other' }] },
  replicas: 3,
  extraSecrets: ['prometheus-ca'],
  rbac: {
    graphViewers: [
      { kind: 'Group', name: 'mesh-team' },
      { kind: 'ServiceAccount', name: 'robot', namespace: 'bookinfo' },
    ],
    pageViewers: [{ kind: 'Group', name: 'team-gus' }],
  },
  ingress: {
    enabled: true,
    className: 'nginx',
    hosts: [{ host: 'meshboard.example.org' }],
    tls: [{ secretName: 'meshboard-tls', hosts: ['meshboard.example.org'] }],
  },
  route: {
    enabled: true,
    parentRefs: [{ name: 'public', namespace: 'istio-ingress' }],
    hostnames: ['mesh.example.org'],
  },
  networkPolicy: {
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-ingress' } } }],
    egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
  },
  grafanaDashboard: { enabled: true },
  priorityClassName: 'system-cluster-critical',
  tolerations: [{ key: 'mesh', operator: 'Exists' }],
  podLabels: { team: 'mesh' },
  podAnnotations: { note: 'x' },
  extraEnv: [{ name: 'NO_PROXY', value: '.svc' }],
  config: { peers: 'hide', frameAncestors: ["'self'", 'https://console.example.org'] },
}

describe('the chart', () => {
  test('passes helm lint', async () => {
    const { code, output } = await run(helm, ['lint', '--strict', chart])
    expect(output).toContain('0 chart(s) failed')
    expect(code).toBe(0)
  })

  test('needs no value, and makes no more than it says', async () => {
    expect(kindsOf(await render())).toEqual([
      'ClusterRole',
      'ClusterRole',
      'ClusterRole',
      'ClusterRole',
      'ClusterRole',
      'ClusterRole',
      'ClusterRole',
      'ClusterRoleBinding',
      'ConfigMap',
      'Deployment',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Role',
      'Role',
      'RoleBinding',
      'Secret',
      'Service',
      'ServiceAccount',
    ])
  })

  test.each([
    ['an unknown key', { replica: 2 }, 'replica'],
    ['a negative count', { replicas: -1 }, 'replicas'],
    ['a login mode that is none', { config: { auth: { mode: 'none' } } }, 'mode'],
    ['a subject of no kind', { rbac: { graphViewers: [{ kind: 'Team', name: 'a' }] } }, 'kind'],
    ['a port that is none', { service: { port: 0 } }, 'port'],
    ['no cluster', { config: { clusters: [] } }, 'clusters'],
  ])('refuses %s by its schema, and names it', async (_, values, word) => {
    await expect(render(values)).rejects.toThrow(word)
  })

  test.each([
    ['no values', {}],
    ['every value', everything],
  ])('with %s is accepted by the API server, under Pod Security "restricted"', async (_, values) => {
    for (const object of await render(values)) {
      // As `kubectl apply --server-side --dry-run=server` does: some of it may stand already.
      const query = 'dryRun=All&fieldValidation=Strict&fieldManager=helm&force=true'
      const answer = await api.ask('PATCH', `${pathOf(object)}/${object.metadata.name}?${query}`, {
        body: object,
        headers: { 'content-type': 'application/apply-patch+yaml' },
      })
      expect(`${object.kind}: ${answer.status < 300 ? 'accepted' : answer.text}`).toBe(`${object.kind}: accepted`)
      expect(answer.headers['warning'], object.kind).toBeUndefined()
    }
  })

  test('runs Pods that the namespace enforces, while it refuses others', async () => {
    const { spec } = one(await render(everything), 'Deployment')
    const { template } = spec as { readonly template: { readonly spec: { readonly containers: readonly object[] } } }
    const pods = `/api/v1/namespaces/${release}/pods?dryRun=All`
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'one' }, spec: { ...template.spec } }
    expect((await api.ask('POST', pods, { body: pod })).status).toBe(201)
    const containers = template.spec.containers.map((container) => ({ ...container, securityContext: {} }))
    const looser = { ...pod, spec: { ...pod.spec, containers } }
    const refused = await api.ask('POST', pods, { body: looser })
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('violates PodSecurity')
  })

  test('runs Pods that write nothing, hold no capability, are probed and bounded, and leave before they are killed', async () => {
    const objects = await render()
    const { template } = one(objects, 'Deployment')['spec'] as { readonly template: { readonly spec: PodSpec } }
    const { terminationGracePeriodSeconds: grace, containers, securityContext } = template.spec
    expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532 })
    expect(await readFile('deploy/Dockerfile', 'utf8')).toContain('USER 65532:65532')
    expect(containers).toHaveLength(1)
    expect(containers[0]).toMatchObject({
      securityContext: {
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
        allowPrivilegeEscalation: false,
      },
      livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
      resources: { requests: { cpu: '100m', memory: '192Mi' }, limits: { memory: '768Mi' } },
    })
    const map = one(objects, 'ConfigMap') as unknown as { data: Readonly<Record<string, string>> }
    const { limits } = readConfig(parse(map.data['meshboard.yaml'] ?? '') as ProxyConfig)
    expect(limits.leaveSeconds).toBeGreaterThan(0)
    expect(limits.leaveSeconds + limits.drainSeconds).toBeLessThan(grace)
  })

  test('reads its image from Rancher’s registry, by digest where there is one', async () => {
    const imageOf = async (values: object): Promise<string | undefined> => {
      const { spec } = one(await render(values), 'Deployment')
      const { template } = spec as { template: { spec: { containers: readonly { readonly image: string }[] } } }
      return template.spec.containers[0]?.image
    }
    const { appVersion } = parse(await readFile(`${chart}/Chart.yaml`, 'utf8')) as { readonly appVersion: string }
    expect(await imageOf({})).toBe(`meshboard/meshboard:${appVersion}`)
    expect(await imageOf(everything)).toBe(`registry.example.org/meshboard/meshboard:${appVersion}`)
    const digest = `sha256:${'a'.repeat(64)}`
    expect(await imageOf({ image: { digest } })).toBe(`meshboard/meshboard@${digest}`)
  })

  test('has the version of the package', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { readonly version: string }
    const meta = parse(await readFile(`${chart}/Chart.yaml`, 'utf8')) as { version: string; appVersion: string }
    expect(meta).toMatchObject({ version, appVersion: version })
  })

  test.each([
    ['no values', {}, 'cluster local'],
    [
      'two clusters',
      {
        config: {
          clusters: [
            { name: 'here', kubernetes: { inCluster: true }, prometheus: { url: 'http://prometheus.monitoring:9090' } },
            {
              name: 'there',
              kubernetes: { url: 'https://there.example.org' },
              prometheus: { url: 'https://mimir.example.org', headers: { 'X-Scope-OrgID': 'there' } },
            },
          ],
        },
      },
      'clusters here, there',
    ],
  ])('with %s writes a configuration that meshboard itself takes', async (_, values, said) => {
    const map = one(await render(values), 'ConfigMap') as unknown as { data: Readonly<Record<string, string>> }
    const file = join(folder, 'meshboard.yaml')
    await writeFile(file, map.data['meshboard.yaml'] ?? '')
    const written: string[] = []
    const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
    const code = await serve(['--config', file, '--check-config']).finally(() => out.mockRestore())
    expect(written.join('')).toContain(said)
    expect(code).toBe(0)
  })

  test('answers under the path of its Ingress or route, unless the configuration says another', async () => {
    const basePathOf = async (values: object): Promise<unknown> => {
      const map = one(await render(values), 'ConfigMap') as unknown as { data: Readonly<Record<string, string>> }
      return (parse(map.data['meshboard.yaml'] ?? '') as { readonly basePath?: unknown }).basePath
    }
    const hosts = [{ host: 'ops.example.org', path: '/mesh' }]
    expect(await basePathOf({})).toBeUndefined()
    expect(await basePathOf({ ingress: { enabled: true, hosts } })).toBe('/mesh/')
    expect(
      await basePathOf({ ingress: { enabled: true, hosts: [...hosts, { host: 'mesh.example.org' }] } }),
    ).toBeUndefined()
    const route = { enabled: true, parentRefs: [{ name: 'public' }], path: '/ops/mesh/' }
    expect(await basePathOf({ route })).toBe('/ops/mesh/')
    expect(await basePathOf({ route, config: { basePath: '/' } })).toBe('/')
  })

  test('offers its Grafana dashboard', async () => {
    const values = { grafanaDashboard: { enabled: true, namespace: 'cattle-dashboards' } }
    const found = (await render(values)).find(({ metadata: { name } }) => name === 'meshboard-dashboard')
    expect(found?.metadata).toMatchObject({ namespace: 'cattle-dashboards', labels: { grafana_dashboard: '1' } })
    const { data } = found as unknown as { readonly data: Readonly<Record<string, string>> }
    expect(JSON.parse(data['meshboard.json'] ?? '')).toMatchObject({ title: 'Meshboard' })
  })

  test('offers a ServiceMonitor and an entry in Rancher’s navigation', async () => {
    const objects = await render({ serviceMonitor: { enabled: true, labels: { release: 'rancher-monitoring' } } }, [
      '--api-versions',
      'ui.cattle.io/v1/NavLink',
    ])
    expect(one(objects, 'ServiceMonitor')).toMatchObject({
      metadata: { labels: { release: 'rancher-monitoring' } },
      spec: { endpoints: [{ port: 'http', path: '/metrics' }] },
    })
    expect(one(objects, 'NavLink')).toMatchObject({
      apiVersion: 'ui.cattle.io/v1',
      spec: { toService: { namespace: release, name: 'meshboard', scheme: 'http', port: '80' } },
    })
    expect(
      kindsOf(await render({ navLink: { enabled: false } }, ['--api-versions', 'ui.cattle.io/v1/NavLink'])),
    ).not.toContain('NavLink')
  })
})

const may = async (token: string, attributes: object): Promise<boolean> => {
  const { json } = await api.demand('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    as: { token },
    body: { spec: { resourceAttributes: attributes } },
  })
  return (json as { readonly status: { readonly allowed: boolean } }).status.allowed
}

describe('the account that the chart makes', () => {
  test('may list namespaces and Services and read the settings, and nothing else', async () => {
    const wanted = new Set(['ServiceAccount', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'])
    for (const object of (await render()).filter(({ kind }) => wanted.has(kind))) {
      const answer = await api.ask('POST', pathOf(object), { body: object })
      // The role for the graph is the demo's already.
      expect([201, 409]).toContain(answer.status)
    }
    const { json } = await api.demand('POST', `/api/v1/namespaces/${release}/serviceaccounts/meshboard/token`, {
      body: { spec: {} },
    })
    const { token } = (json as { readonly status: { readonly token: string } }).status
    const settings = { verb: 'get', group: '', resource: 'configmaps', namespace: release, name: 'meshboard-settings' }
    await expect
      .poll(() => may(token, { verb: 'list', group: '', resource: 'namespaces' }), { timeout: 20_000 })
      .toBe(true)
    await expect.poll(() => may(token, settings), { timeout: 20_000 }).toBe(true)
    expect(await may(token, { verb: 'list', group: '', resource: 'services' })).toBe(true)
    for (const refused of [
      { ...settings, name: 'other' },
      { ...settings, verb: 'update' },
      { verb: 'list', group: '', resource: 'pods', namespace: 'bookinfo' },
      { verb: 'get', group: '', resource: 'secrets', namespace: release, name: 'meshboard-cookie-keys' },
      { verb: 'get', group: '', resource: 'services', subresource: 'proxy', namespace: 'istio-system' },
      { verb: 'get', group: 'meshboard.io', resource: 'graphs' },
      { verb: 'impersonate', group: '', resource: 'users' },
      { verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'rolebindings', namespace: release },
      { verb: 'patch', group: '', resource: 'namespaces' },
    ]) {
      expect(await may(token, refused), JSON.stringify(refused)).toBe(false)
    }
  })
})

test('pageViewers may open the page through the API server’s service proxy, and no other Service', async () => {
  const pages = (await render(everything)).filter(({ metadata: { name } }) => /^meshboard-page-viewer/.test(name))
  expect(kindsOf(pages)).toEqual(['Role', 'RoleBinding'])
  const open = { verb: 'get', group: '', resource: 'services', subresource: 'proxy', namespace: release }
  expect(await may(tokenOf('gus'), { ...open, name: 'http:meshboard:80' })).toBe(false)
  for (const object of pages) await api.demand('POST', pathOf(object), { body: object })
  await expect.poll(() => may(tokenOf('gus'), { ...open, name: 'http:meshboard:80' }), { timeout: 20_000 }).toBe(true)
  expect(await may(tokenOf('gus'), { ...open, verb: 'create', name: 'http:meshboard:80' })).toBe(true)
  expect(await may(tokenOf('gus'), { ...open, name: 'http:other:80' })).toBe(false)
  expect(await may(tokenOf('ada'), { ...open, name: 'http:meshboard:80' })).toBe(false)
})
