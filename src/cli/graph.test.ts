import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { requests, tcp } from '../mesh/testing/samples.ts'
import { graph } from './graph.ts'
import { surroundings, upstream, vector } from './testing.ts'
import type { Answer, Upstream } from './testing.ts'

const traffic = [
  requests(90, { from: 'shop/web', to: 'shop/cart' }),
  requests(10, { from: 'shop/web', to: 'shop/cart', code: '503', flags: 'UC' }),
  requests(5, { from: 'shop/cart', to: 'shop/stock', protocol: 'grpc', grpcStatus: '14' }),
]
const bytes = [tcp(2000, { from: 'shop/cart', to: 'data/db' })]

/** Answers as Prometheus would: the source side's samples to the source side's query. */
const mesh: Answer = (query, response) => {
  response.setHeader('content-type', 'application/json')
  const isSource = query.includes('reporter="source"')
  response.end(
    vector(
      !isSource
        ? []
        : query.includes('istio_requests_total')
          ? traffic
          : query.includes('istio_tcp_received_bytes')
            ? bytes
            : [],
    ),
  )
}

let servers: Upstream[] = []
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meshboard-graph-'))
})
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()))
  servers = []
  await rm(folder, { recursive: true })
})

async function serving(answer: Answer): Promise<Upstream> {
  const server = await upstream(answer)
  servers.push(server)
  return server
}

async function run(url: string, ...argv: readonly string[]): Promise<{ status: number; out: string; err: string }> {
  const around = surroundings()
  const status = await graph(['--prometheus-url', url, ...argv], around)
  return { status, out: around.out(), err: around.err() }
}

describe('meshboard graph', () => {
  it('prints the graph as JSON of the documented shape, with numbers, and says nothing else', async () => {
    const { url } = await serving(mesh)
    const { status, out, err } = await run(url)
    expect([status, err]).toEqual([0, ''])
    const parsed = JSON.parse(out) as Record<string, unknown>
    const documented = ['time', 'window', 'graphType', 'namespaces', 'options', 'nodes', 'edges', 'skipped']
    expect(Object.keys(parsed)).toEqual(documented)
    expect(parsed['options']).toEqual({
      serviceNodes: false,
      waypoints: false,
      idleEdges: false,
      reporter: 'auto',
      http: 'requests',
      grpc: 'requests',
      tcp: 'sent',
      kubeconfig: false,
    })
    expect(parsed).toMatchObject({
      time: 1_767_225_600,
      window: 600,
      graphType: 'versionedApp',
      namespaces: [],
      skipped: [],
    })
    const edges = parsed['edges'] as { protocol: string }[]
    expect(edges).toHaveLength(3)
    expect(edges.find(({ protocol }) => protocol === 'http')).toMatchObject({
      rate: 100,
      errorRatio: 0.1,
      responses: expect.arrayContaining([
        expect.objectContaining({ code: '200', flags: '-', rate: 90 }),
        expect.objectContaining({ code: '503', flags: 'UC', rate: 10 }),
      ]) as unknown,
      health: { state: 'failing' },
      marks: [],
    })
    expect(edges.find(({ protocol }) => protocol === 'grpc')).toMatchObject({
      rate: 5,
      errorRatio: 1,
      responses: [{ code: '14' }],
    })
    const tcpEdge = edges.find(({ protocol }) => protocol === 'tcp')
    expect(tcpEdge).toMatchObject({ rate: 2000, responses: [{ code: '-' }] })
    expect(tcpEdge).not.toHaveProperty('errorRatio')
    const nodes = parsed['nodes'] as { id: string }[]
    expect(nodes).toHaveLength(4)
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(4)
  })

  it('prints the same bytes for the same traffic in another order', async () => {
    const { url } = await serving(mesh)
    const turned: Answer = (query, response) =>
      response.end(
        vector(
          !query.includes('reporter="source"')
            ? []
            : query.includes('istio_requests')
              ? traffic.toReversed()
              : query.includes('istio_tcp_received_bytes')
                ? bytes
                : [],
        ),
      )
    const other = await serving(turned)
    expect((await run(url)).out).toBe((await run(other.url)).out)
  })

  it('asks a constant number of queries, whatever the number of namespaces, at one instant', async () => {
    const one = await serving(mesh)
    await run(one.url, '--namespaces', 'shop')
    const many = await serving(mesh)
    await run(many.url, '--namespaces', Array.from({ length: 60 }, (_, index) => `ns-${index}`).join(','))
    expect(many.asked).toHaveLength(one.asked.length)
    expect(one.asked).toHaveLength(5)
  })

  it('asks only what the flags want', async () => {
    const asked = async (...argv: readonly string[]): Promise<string> => {
      const server = await serving(mesh)
      expect((await run(server.url, ...argv)).status).toBe(0)
      return server.asked.join('\n')
    }
    expect(await asked('--http', 'none', '--grpc', 'sent', '--tcp', 'none')).not.toContain('istio_requests_total')
    expect(await asked('--tcp', 'none')).not.toContain('istio_tcp')
    expect(await asked('--tcp', 'received')).toContain('istio_tcp_sent_bytes_total')
    expect(await asked('--grpc', 'sent')).toContain('istio_request_messages_total')
    expect(await asked('--latency', 'p95')).toContain('histogram_quantile(0.95')
    const bucketsBy = async (...argv: readonly string[]): Promise<string> =>
      /histogram_quantile\(0\.95, sum by \(([^)]*)\)/.exec(await asked('--latency', 'p95', ...argv))?.[1] ?? ''
    expect(await bucketsBy('--graph-type', 'workload')).toContain('destination_workload,')
    expect(await bucketsBy('--graph-type', 'versionedApp')).toContain('destination_canonical_revision')
    expect(await bucketsBy('--graph-type', 'app')).not.toMatch(/destination_workload,|revision/)
    expect(await asked('--throughput', 'request')).toContain('istio_request_bytes_sum')
    expect(await asked('--mtls')).toContain('connection_security_policy')
    expect(await asked('--matcher', 'mesh_id="m\\"1"')).toContain('mesh_id="m\\"1"')
    expect(await asked('--window', '90s')).toContain('[90s]')
  })

  it('draws the same TCP without the requests, which still tell what is transport and who is scraped', async () => {
    const [web, cart, waypoint] = ['shop/web', 'shop/cart', 'shop/waypoint']
    const { url } = await serving((query, response) => {
      const isSource = query.includes('reporter="source"')
      const samples = query.includes('istio_requests_total')
        ? [
            requests(8, { from: web, to: cart, reporter: 'waypoint' }),
            requests(3, { from: 'shop/till', to: cart, reporter: 'source' }),
          ]
        : query.includes('istio_tcp_received_bytes')
          ? [
              tcp(800, { from: web, to: waypoint, service: 'shop/cart', isZtunnel: true, reporter: 'source' }),
              tcp(700, { from: waypoint, to: cart, isZtunnel: true, reporter: 'destination' }),
              tcp(60, { from: 'shop/till', to: cart, isZtunnel: true, reporter: 'destination' }),
              tcp(5, { from: cart, to: 'data/db', reporter: 'source' }),
            ]
          : []
      response.end(vector(samples.filter(({ labels }) => (labels['reporter'] === 'source') === isSource)))
    })
    const edgesOf = async (...argv: readonly string[]): Promise<readonly { readonly protocol: string }[]> =>
      (JSON.parse((await run(url, ...argv)).out) as { edges: readonly { protocol: string }[] }).edges
    const alone = await edgesOf('--http', 'none', '--grpc', 'none')
    expect(alone).toMatchObject([{ protocol: 'tcp', rate: 5, marks: [] }])
    expect((await edgesOf()).filter(({ protocol }) => protocol === 'tcp')).toEqual(alone)
  })

  it.each([
    ['mermaid', /^flowchart LR\n/],
    ['csv', /^source_cluster,source_namespace,source,/],
    ['text', /^versionedApp graph of all namespaces: 4 nodes, 3 edges, last 10 minutes before 2026-01-01T00:00:00Z\n/],
  ])('--format %s', async (format, start) => {
    const { url } = await serving(mesh)
    const { status, out } = await run(url, '--format', format)
    expect(status).toBe(0)
    expect(out).toMatch(start)
  })

  it('gives an empty graph with a reason for an unknown namespace', async () => {
    const { url } = await serving((_query, response) => response.end(vector([])))
    const { status, out } = await run(url, '--namespaces', 'nowhere')
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      nodes: [],
      edges: [],
      skipped: [
        {
          reason: 'no call touches this namespace in the window: it is unknown, silent, or out of the mesh',
          count: 1,
          example: 'nowhere',
        },
      ],
    })
    expect(JSON.parse((await run(url)).out)).toMatchObject({
      skipped: [{ reason: 'this Prometheus holds no Istio traffic in the window' }],
    })
  })

  it.each([
    [['--matcher', 'mesh_id="m1"'], ['no Istio traffic in the window matches --matcher; it may match nothing at all']],
    [['--window', '10s'], ['the window may be shorter than two scrapes, which a rate needs; try a longer --window']],
    [
      ['--window', '119s', '--matcher', 'a="b"'],
      [/--matcher/, /two scrapes/],
    ],
    [['--window', '120s'], [/holds no Istio traffic/]],
    [
      ['--namespaces', 'shop', '--window', '10s'],
      [/no call touches this namespace/, /two scrapes/],
    ],
  ])('says what an empty graph may come from: %j', async (argv, reasons) => {
    const { url } = await serving((_query, response) => response.end(vector([])))
    const { skipped } = JSON.parse((await run(url, ...argv)).out) as { skipped: { reason: string }[] }
    expect(skipped.map(({ reason }) => reason)).toEqual(
      reasons.map((reason) => expect.stringMatching(reason) as unknown),
    )
  })

  it('says nothing of progress unless stderr is a terminal, and then leaves no trace', async () => {
    const { url } = await serving(mesh)
    const around = surroundings({ isTerminal: true })
    await graph(['--prometheus-url', url], around)
    expect(around.err()).toMatch(/Asking Prometheus: \d of \d answered/)
    expect(around.err()).toMatch(/\r\u001b\[K$/)
    expect(around.out()).not.toContain('Asking')
  })

  it('sends credentials from the address or the environment, and never prints them', async () => {
    const server = await serving(mesh)
    await run(server.url.replace('http://', 'http://me:se%20cret@'))
    expect(server.headers().authorization).toBe(`Basic ${Buffer.from('me:se cret').toString('base64')}`)
    const around = surroundings({ environment: { MESHBOARD_PROMETHEUS_TOKEN: 'tok' } })
    await graph(['--prometheus-url', server.url], around)
    expect(server.headers().authorization).toBe('Bearer tok')
    const refused = await serving((_query, response) => response.writeHead(401).end('no'))
    const { err } = await run(refused.url.replace('http://', 'http://me:secret@'))
    expect(err).not.toContain('secret')
  })

  it('prints help on request and complaints about arguments with status 2', async () => {
    const around = surroundings()
    expect(await graph(['--help'], around)).toBe(0)
    expect(around.out()).toMatch(/^Usage: meshboard graph/)
    const { status, err, out } = await run('http://127.0.0.1:1', '--tcp', 'all')
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(/--tcp "all" is not valid; it takes sent, received, total or none/)
  })
})

describe('an upstream that misbehaves: which, why, what to try, status 1', () => {
  it.each<[string, Answer, RegExp]>([
    ['an HTML page', (_q, response) => response.end('<html><body>Sign in</body></html>'), /an HTML page[\s\S]*a login/],
    [
      'truncated JSON',
      (_q, response) => response.end(vector(traffic).slice(0, -40)),
      /other than JSON[\s\S]*broke off/,
    ],
    [
      'a cut connection',
      (_q, response) => {
        response.writeHead(200, { 'content-length': '5000' })
        response.write('{"status":')
        setTimeout(() => response.destroy(), 10)
      },
      /No answer from[\s\S]*reachable/,
    ],
    ['401', (_q, response) => response.writeHead(401).end('unauthorized'), /HTTP status 401[\s\S]*credentials/],
    ['404', (_q, response) => response.writeHead(404).end('page not found'), /404[\s\S]*path prefix/],
    ['502 with a page', (_q, response) => response.writeHead(502).end('<html>bad gateway</html>'), /502/],
    [
      "Prometheus's own refusal",
      (_q, response) =>
        response
          .writeHead(422)
          .end('{"status":"error","errorType":"execution","error":"query processing would load too many samples"}'),
      /too many samples[\s\S]*--window/,
    ],
    [
      'a refusal under status 200',
      (_q, response) => response.end('{"status":"error","error":"query timed out"}'),
      /query timed out\n/,
    ],
    ['JSON of something else', (_q, response) => response.end('{"hello":"world"}'), /not the Prometheus API/],
  ])('%s', async (_name, answer, message) => {
    const { url } = await serving(answer)
    const { status, out, err } = await run(url)
    expect([status, out]).toEqual([1, ''])
    expect(err).toContain(`Prometheus at ${url} failed on the query `)
    expect(err).toMatch(message)
    expect(err).toContain('What to try')
    expect(err.match(/failed on the query/g)).toHaveLength(1)
  })

  it('a refused connection', async () => {
    const server = await upstream(mesh)
    await server.close()
    const { status, err } = await run(server.url)
    expect(status).toBe(1)
    expect(err).toMatch(/ECONNREFUSED[\s\S]*is it running there/)
  })

  it('values that are no numbers are skipped and counted, the rest is drawn', async () => {
    const odd = (value: string): { labels: Readonly<Record<string, string>>; value: string } => ({
      labels: traffic[0]?.labels ?? {},
      value,
    })
    const { url } = await serving((query, response) =>
      response.end(
        vector(
          query.includes('reporter="source"') && query.includes('istio_requests')
            ? [...traffic, odd('NaN'), odd('+Inf'), odd('-Inf'), odd('abc'), odd('-3')]
            : [],
        ),
      ),
    )
    const { status, out } = await run(url)
    expect(status).toBe(0)
    const parsed = JSON.parse(out) as { edges: unknown[]; skipped: { count: number }[] }
    expect(parsed.edges).toHaveLength(2)
    expect(parsed.skipped.reduce((sum, { count }) => sum + count, 0)).toBe(5)
  })

  it.each([
    'quotes "',
    'back\\slash',
    'new\nline',
    '😀',
    '\u001b[31mred',
    '__proto__',
    'x'.repeat(10_000),
    '</script>',
    '=cmd()',
  ])('a hostile name changes nothing else: %j', async (name) => {
    const { url } = await serving((query, response) =>
      response.end(
        vector(
          query.includes('reporter="source"') && query.includes('istio_requests')
            ? [
                ...traffic,
                requests(7, {
                  from: 'shop/web',
                  to: { name: 'shop/evil', app: name },
                  labels: { destination_workload: name },
                }),
              ]
            : [],
        ),
      ),
    )
    for (const format of ['json', 'mermaid', 'csv', 'text']) {
      const { status, out } = await run(url, '--format', format)
      expect(status).toBe(0)
      if (format === 'json') {
        const parsed = JSON.parse(out) as { nodes: { app?: string }[]; edges: { rate: number }[] }
        expect(parsed.nodes.filter(({ app }) => app === name)).toHaveLength(1)
        expect(parsed.edges.map(({ rate }) => rate).toSorted((a, b) => a - b)).toEqual([5, 7, 100])
      } else if (format !== 'csv') expect(out).not.toContain('\u001b')
    }
  })
})

describe('--baseline', () => {
  async function baseline(value: unknown): Promise<string> {
    const file = join(folder, 'mesh.json')
    await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value))
    return file
  }

  it('prints no drift with status 0, and what is new or gone with status 3', async () => {
    const { url } = await serving(mesh)
    const before = (await run(url)).out
    const same = await run(url, '--baseline', await baseline(before))
    const note = 'encryption was not compared: the baseline tells no mTLS; make it with --mtls'
    expect(same).toEqual({ status: 0, out: `No drift: the same calls.\nnote: ${note}\n`, err: '' })

    const less = await serving((query, response) =>
      response.end(
        vector(
          query.includes('reporter="source"') && query.includes('istio_requests')
            ? [requests(1, { from: 'shop/web', to: 'shop/stock' }), ...traffic]
            : [],
        ),
      ),
    )
    const changed = await run(less.url, '--baseline', await baseline(before))
    expect(changed.status).toBe(3)
    expect(changed.out).toMatch(/^\+ new {14}web.* → stock.* \(http\)\n- gone {13}cart.* → db.* \(tcp\)\nnote: /)
    const asJson = JSON.parse(
      (await run(less.url, '--format', 'json', '--baseline', join(folder, 'mesh.json'))).out,
    ) as unknown
    expect(asJson).toMatchObject({
      new: [{ protocol: 'http' }],
      gone: [{ protocol: 'tcp' }],
      notes: [note],
      skipped: [],
    })
    expect(asJson).not.toHaveProperty('newlyPlaintext')
  })

  it.each<[string, Answer, RegExp]>([
    ['an empty answer', (_q, response) => response.end(vector([])), /holds no Istio traffic in the window/],
    [
      'a partial answer',
      (query, response) =>
        response.end(
          vector(query.includes('reporter="source"') && query.includes('istio_requests') ? traffic : []).replace(
            '"status":"success"',
            '"status":"success","warnings":["store east is down"]',
          ),
        ),
      /may be partial[\s\S]*store east is down/,
    ],
  ])('is not called drift, but status 1 with the reason: %s', async (_name, answer, reason) => {
    const before = await serving(mesh)
    const file = await baseline((await run(before.url)).out)
    const { url } = await serving(answer)
    const { status, out, err } = await run(url, '--baseline', file)
    expect([status, out]).toEqual([1, ''])
    expect(err).toMatch(/^meshboard graph: not compared with the baseline: /)
    expect(err).toMatch(reason)
  })

  it('requests that for a moment reach no workload of a known service are no new call', async () => {
    const { url } = await serving(mesh)
    const file = await baseline((await run(url)).out)
    const troubled = (...more: ReturnType<typeof requests>[]): Promise<Upstream> =>
      serving((query, response) =>
        response.end(
          vector(
            !query.includes('reporter="source"')
              ? []
              : query.includes('istio_requests_total')
                ? [...traffic, ...more]
                : query.includes('istio_tcp_received_bytes')
                  ? bytes
                  : [],
          ),
        ),
      )
    const lost = { from: 'shop/web', code: '503', flags: 'UF' } as const
    const known = await troubled(requests(1, { ...lost, service: 'shop/cart' }))
    expect((await run(known.url, '--baseline', file)).out).toMatch(/^No drift/)
    const unknown = await troubled(requests(1, { ...lost, service: 'shop/stock' }))
    expect((await run(unknown.url, '--baseline', file)).out).toMatch(/^\+ new {14}web.* → stock/)
  })

  it('two empty graphs are the same', async () => {
    const { url } = await serving((_query, response) => response.end(vector([])))
    const { status, out } = await run(url, '--baseline', await baseline((await run(url)).out))
    expect(status).toBe(0)
    expect(out).toMatch(/^No drift: the same calls\.\n[\s\S]*skipped 1: this Prometheus holds no Istio traffic/)
  })

  it.each([
    [['--service-nodes'], /with --service-nodes on and this would be with --service-nodes off/],
    [['--waypoints'], /with --waypoints on and this/],
    [['--idle-edges'], /with --idle-edges on and this/],
    [['--reporter', 'source'], /with --reporter source and this would be with --reporter auto/],
    [['--http', 'none'], /with --http none and this would be with --http requests/],
    [['--grpc', 'none'], /with --grpc none and this would be with --grpc requests/],
    [['--tcp', 'none'], /with --tcp none and this would be with --tcp sent/],
  ])('refuses a baseline made with other options, with status 2: %j', async (argv, message) => {
    const { url } = await serving(mesh)
    const file = await baseline((await run(url, ...argv)).out)
    const { status, out, err } = await run(url, '--baseline', file)
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(message)
    expect((await run(url, ...argv, '--baseline', file)).status).toBe(0)
  })

  it('accepts a baseline that does not record its options, with a note', async () => {
    const { url } = await serving(mesh)
    const { options, ...older } = JSON.parse((await run(url)).out) as Record<string, unknown>
    const { status, out } = await run(url, '--baseline', await baseline(older))
    expect(options).toBeDefined()
    expect(status).toBe(0)
    expect(out).toContain('note: the baseline does not say with which options it was made')
  })

  it.each([
    ['no such file', undefined, /cannot be read/],
    ['not JSON', '<html>', /cannot be read as JSON/],
    ['not a graph', '{"nodes":[]}', /is not a graph: it has no graphType/],
    ['another graph type', '{"graphType":"app","namespaces":[],"nodes":[],"edges":[]}', /add --graph-type app/],
    [
      'Kubernetes read then and not now',
      '{"graphType":"versionedApp","namespaces":[],"options":{"kubeconfig":true},"nodes":[],"edges":[]}',
      /with --kubeconfig on and this would be with --kubeconfig off/,
    ],
    [
      'other namespaces',
      '{"graphType":"versionedApp","namespaces":["shop"],"nodes":[],"edges":[]}',
      /add --namespaces shop/,
    ],
  ])('refuses with status 2: %s', async (_name, content, message) => {
    const file = content === undefined ? join(folder, 'missing.json') : await baseline(content)
    const { status, err } = await run('http://127.0.0.1:1', '--baseline', file)
    expect(status).toBe(2)
    expect(err).toMatch(message)
  })
})

describe('--kubeconfig', () => {
  async function kubeconfig(server: string, user = 'token: secret-token'): Promise<string> {
    const file = join(folder, 'config')
    await writeFile(
      file,
      `apiVersion: v1\nkind: Config\ncurrent-context: here\ncontexts:\n- name: here\n  context: {cluster: c, user: u}\nclusters:\n- name: c\n  cluster: {server: "${server}"}\nusers:\n- name: u\n  user: {${user}}\n`,
    )
    return file
  }

  const api: Answer = (_query, response, request) => {
    const path = request.url ?? ''
    if (request.headers.authorization !== 'Bearer secret-token') return response.writeHead(401).end('{}')
    if (path.includes('envoyfilters')) return response.writeHead(403).end('{}')
    if (!path.includes('/deployments'))
      return path.startsWith('/api/v1/') ? response.end('{"items":[]}') : response.writeHead(404).end('{}')
    const page = (name: string, next: string): string =>
      JSON.stringify({
        metadata: { continue: next },
        items: [
          {
            metadata: { namespace: 'shop', name },
            spec: { replicas: 3, template: { metadata: { labels: { app: name } } } },
            status: { replicas: 3, availableReplicas: 0 },
          },
        ],
      })
    return response.end(path.includes('continue=more') ? page('cart', '') : page('web', 'more'))
  }

  it('adds what Kubernetes says, page by page, and tells what it may not list', async () => {
    const prometheus = await serving(mesh)
    const kubernetes = await serving(api)
    const { status, out, err } = await run(
      prometheus.url,
      '--graph-type',
      'workload',
      '--kubeconfig',
      await kubeconfig(kubernetes.url),
    )
    expect([status, err]).toEqual([0, ''])
    const parsed = JSON.parse(out) as {
      nodes: { workload?: string; health: { state: string; reasons: string[] } }[]
      skipped: unknown[]
    }
    expect(parsed.nodes.find(({ workload }) => workload === 'cart')).toMatchObject({
      workloadKind: 'Deployment',
      replicas: { desired: 3, current: 3, available: 0 },
      health: { state: 'failing' },
    })
    expect(parsed.skipped).toContainEqual({
      reason: 'Kubernetes does not let you list envoyfilters.networking.istio.io: left out',
      count: 1,
      example: 'envoyfilters.networking.istio.io',
    })
  })

  it.each([
    ['credentials nobody knows', 'token: wrong', /does not know these credentials \(401\)/],
    ['a legacy auth-provider', 'auth-provider: {name: gcp}', /auth-provider/],
  ])('fails with status 1: %s', async (_name, user, message) => {
    const prometheus = await serving(mesh)
    const kubernetes = await serving(api)
    const { status, err } = await run(prometheus.url, '--kubeconfig', await kubeconfig(kubernetes.url, user))
    expect(status).toBe(1)
    expect(err).toMatch(/^meshboard graph: Kubernetes: /)
    expect(err).toMatch(message)
  })

  it('names the contexts there are', async () => {
    const prometheus = await serving(mesh)
    const { err } = await run(
      prometheus.url,
      '--kubeconfig',
      await kubeconfig('http://127.0.0.1:1'),
      '--context',
      'there',
    )
    expect(err).toMatch(/has no context "there"; it has here/)
  })
})
