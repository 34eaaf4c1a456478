import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { HealthMark } from '../../kit/HealthMark.tsx'
import { aCluster, aSession, renderInApp } from '../../testing/render.tsx'
import { TrafficGraphPage } from './TrafficGraphPage.tsx'

/** How often marks of the panel's and the table's size were drawn: every row and every name in a list has one. */
const drawnMarks = vi.hoisted(() => ({ count: 0 }))
vi.mock('../../kit/HealthMark.tsx', async (original) => {
  const real = await original<{ HealthMark: typeof HealthMark }>()
  return {
    HealthMark: (props: Parameters<typeof HealthMark>[0]) => {
      if (props.size === 13) drawnMarks.count += 1
      return real.HealthMark(props)
    },
  }
})

type Sample = readonly [labels: Readonly<Record<string, string>>, value: string]

/** What the fake proxy answers per question: samples, or a status with a message. */
let answers: Record<string, readonly Sample[] | { readonly status: number; readonly message: string }>
let facts: { readonly hasIstioMetrics: boolean; readonly hasTraffic: boolean }
let asked: URL[]

const call = (source: string, destination: string, code: string, flags = '-'): Record<string, string> => ({
  reporter: 'source',
  request_protocol: 'http',
  source_cluster: 'c',
  source_workload_namespace: 'shop',
  source_workload: source,
  source_canonical_service: source,
  source_canonical_revision: 'v1',
  destination_cluster: 'c',
  destination_workload_namespace: 'shop',
  destination_workload: destination,
  destination_canonical_service: destination,
  destination_canonical_revision: 'v1',
  destination_service_namespace: 'shop',
  destination_service_name: destination,
  destination_service: `${destination}.shop.svc.cluster.local`,
  response_code: code,
  response_flags: flags,
})

beforeEach(() => {
  asked = []
  facts = { hasIstioMetrics: true, hasTraffic: true }
  answers = {
    requests: [
      [call('front', 'cart', '200'), '7'],
      [call('front', 'cart', '503', 'UF'), '3'],
      [call('front', 'catalog', '200'), '21.5'],
    ],
    tcp: [],
    mtls: [],
  }
  vi.stubGlobal('fetch', (input: string | URL | Request) => {
    const url = new URL(input instanceof Request ? input.url : String(input), 'http://page/')
    asked.push(url)
    return Promise.resolve(answerTo(url))
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  sessionStorage.clear()
  localStorage.clear()
})

function answerTo(url: URL): Response {
  const question = url.pathname.split('/telemetry/')[1]
  if (question === undefined) return json({ kind: 'Status', apiVersion: 'v1', code: 404, message: 'not served' }, 404)
  const meshboard = {
    queries: [{ name: question, promql: `sum(${question})` }],
    window: 300,
    time: 1_700_000_000,
    namespaces: null,
    notes: [],
  }
  if (question === 'facts') return json({ status: 'success', data: { ...facts, reporters: [] }, meshboard })
  const answer = answers[question] ?? []
  if (!('map' in answer))
    return json({ error: { code: 'upstream_unreachable', message: answer.message } }, answer.status)
  const result = answer.map(([metric, value]) => ({ metric, value: [1_700_000_000, value] }))
  return json({ status: 'success', data: { resultType: 'vector', result }, meshboard })
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

const open = (url = '/traffic-graph', session = aSession()) => renderInApp(<TrafficGraphPage />, { url, session })
const canvas = () => screen.findByTestId('graph-canvas')

test('draws what the questions answered: nodes, edges, one layout', async () => {
  open()
  const graph = await canvas()
  await waitFor(() => expect(graph).toHaveAttribute('data-nodes', '3'))
  expect(graph).toHaveAttribute('data-edges', '2')
  expect(graph).toHaveAttribute('data-layout-runs', '1')
  expect(Object.keys(JSON.parse(graph.dataset['positions'] ?? '{}') as object)).toHaveLength(3)
  expect(screen.getByText(/^3 nodes, 2 edges, as of/)).toBeInTheDocument()
})

test('says what is wrong with its reason, and opens it', async () => {
  const { url } = open()
  const panel = await screen.findByRole('complementary', { name: 'Details of The whole graph' })
  const [link] = within(panel).getAllByRole('button', { name: /^cart v1 · shop/ })
  if (link === undefined) throw new Error('no trouble listed')
  await userEvent.click(link)
  expect(url()).toContain('selected=')
  const details = await screen.findByRole('complementary', { name: 'Details of cart v1' })
  expect(within(details).getByText('connection failed')).toBeInTheDocument()
  expect(within(details).getAllByText(/503 UF/).length).toBeGreaterThan(0)
})

test('operations are asked for only when they are wanted, and stand before who answers', async () => {
  const classified = (operation: string) => ({ ...call('front', 'cart', '200'), reporter: 'destination', request_operation: operation }) // prettier-ignore
  answers = {
    ...answers,
    operations: [
      [classified('AddItem'), '5'],
      [classified('ListItems'), '2'],
    ],
  }
  open('/traffic-graph?operations=true')
  const graph = await canvas()
  await waitFor(() => expect(graph).toHaveAttribute('data-nodes', '5'))
  expect(asked.some(({ pathname }) => pathname.endsWith('/telemetry/operations'))).toBe(true)
  const panel = screen.getByRole('complementary', { name: 'Details of The whole graph' })
  expect(within(panel).getByText('front v1 → AddItem of cart')).toBeInTheDocument()
  expect(within(panel).queryByText(/^AddItem of cart →/)).toBeNull()
})

test('without the switch nobody asks for operations; where nothing is classified, a note says what to do', async () => {
  open()
  await waitFor(async () => expect(await canvas()).toHaveAttribute('data-nodes', '3'))
  expect(asked.some(({ pathname }) => pathname.endsWith('/telemetry/operations'))).toBe(false)
  await userEvent.click(screen.getByRole('button', { name: /^Display:/ }))
  await userEvent.click(await screen.findByRole('menuitemcheckbox', { name: 'Operation nodes' }))
  expect(await screen.findByText(/^No request in this window was classified/)).toBeInTheDocument()
})

test('is judged by the rules of the cluster', async () => {
  const lax = { protocol: 'http', codes: '503', degraded: 0.5, minRequests: 5 } as const
  open('/traffic-graph?view=table', aSession([{ ...aCluster('demo'), health: [lax] }]))
  const nodes = await screen.findByRole('table', { name: 'Nodes (3)' })
  expect(within(nodes).getByRole('row', { name: /cart v1/ })).toHaveTextContent(/^Healthy/)
})

test('the table lists the same nodes and edges, and shares the selection', async () => {
  const { url } = open('/traffic-graph?view=table')
  const nodes = await screen.findByRole('table', { name: 'Nodes (3)' })
  expect(within(nodes).getAllByRole('row')).toHaveLength(4)
  expect(within(nodes).getAllByRole('row')[1]).toHaveTextContent('cart v1')
  const edges = screen.getByRole('table', { name: 'Edges (2)' })
  expect(within(edges).getAllByRole('row')[1]).toHaveTextContent('30.0')
  await userEvent.click(within(nodes).getByRole('button', { name: 'catalog v1' }))
  expect(decodeURIComponent(url())).toContain('selected=app/c/shop/catalog/v1')
  expect(within(nodes).getByRole('button', { name: 'catalog v1' })).toHaveAttribute('aria-pressed', 'true')
})

test('arrow keys walk along edges, Enter selects, Escape clears, and it is said aloud', async () => {
  const { url } = open()
  const graph = await canvas()
  await waitFor(() => expect(graph).toHaveAttribute('data-nodes', '3'))
  within(graph).getByRole('application').focus()
  await userEvent.keyboard('{ArrowRight}{ArrowRight}')
  expect(graph).toHaveTextContent('catalog v1. App in shop')
  await userEvent.keyboard('{Enter}')
  expect(decodeURIComponent(url())).toContain('selected=app/c/shop/catalog/v1')
  await userEvent.keyboard('{Escape}')
  expect(url()).not.toContain('selected')
})

test('asks for response times only when they are shown', async () => {
  open()
  await canvas()
  expect(asked.some(({ pathname }) => pathname.endsWith('/response-time'))).toBe(false)
  open('/traffic-graph?labels=rate,responseTime&statistic=p99')
  await waitFor(() =>
    expect(asked.find(({ pathname }) => pathname.endsWith('/response-time'))?.searchParams.get('statistic')).toBe(
      'p99',
    ),
  )
})

test('a failed side question leaves the graph and says what it is drawn without', async () => {
  answers['mtls'] = { status: 500, message: 'the query took too long' }
  open()
  await waitFor(async () => expect(await canvas()).toHaveAttribute('data-nodes', '3'))
  expect(screen.getByText('The graph is drawn without mTLS shares: the query took too long')).toBeInTheDocument()
})

test('without Prometheus it says so, with the cause', async () => {
  answers['requests'] = { status: 502, message: 'connect ECONNREFUSED 127.0.0.1:9090' }
  open()
  await waitFor(() => {
    expect(screen.getByRole('heading', { name: 'Prometheus does not answer' })).toBeInTheDocument()
    expect(screen.getByText(/ECONNREFUSED/)).toBeInTheDocument()
  })
  expect(screen.getByRole('button', { name: 'Retry' })).toBeInTheDocument()
})

test('a failure after a success keeps the old graph and says how old it is; a retry brings the new one', async () => {
  const { queryClient } = open()
  const graph = await canvas()
  await waitFor(() => expect(graph).toHaveAttribute('data-nodes', '3'))
  answers['requests'] = { status: 502, message: 'connection refused' }
  await queryClient.refetchQueries({ queryKey: ['telemetry'] })
  expect(await screen.findByText(/connection refused/)).toBeInTheDocument()
  expect(screen.queryByText(/drawn without/)).not.toBeInTheDocument()
  expect(screen.getByTestId('graph-canvas')).toHaveAttribute('data-nodes', '3')
  answers['requests'] = [[call('front', 'cart', '200'), '9']]
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
  await waitFor(() => expect(screen.getByTestId('graph-canvas')).toHaveAttribute('data-nodes', '2'))
  expect(screen.queryByText(/connection refused/)).not.toBeInTheDocument()
})

test('stale and partial at once is one banner', async () => {
  const { queryClient } = open()
  const graph = await canvas()
  await waitFor(() => expect(graph).toHaveAttribute('data-nodes', '3'))
  answers['requests'] = { status: 502, message: 'connection refused' }
  answers['mtls'] = { status: 502, message: 'connection refused' }
  await queryClient.refetchQueries({ queryKey: ['telemetry'] })
  expect(await screen.findByText(/^These numbers are from/)).toBeInTheDocument()
  expect(screen.getAllByRole('button', { name: 'Retry' })).toHaveLength(1)
  expect(screen.getAllByText(/connection refused/)).toHaveLength(1)
})

test.each([
  [{ hasIstioMetrics: true, hasTraffic: true }, 'No traffic here in this window'],
  [{ hasIstioMetrics: true, hasTraffic: false }, 'Istio, but no traffic yet'],
  [{ hasIstioMetrics: false, hasTraffic: false }, 'No Istio in this cluster'],
])('emptiness is explained: %j', async (known, title) => {
  facts = known
  answers['requests'] = []
  open()
  expect(await screen.findByRole('heading', { name: title })).toBeInTheDocument()
})

test('on a narrow screen the worst five stand before the graph, each with its reason', async () => {
  const listen = () => {}
  vi.stubGlobal('matchMedia', (media: string) => ({
    media,
    matches: media.includes('max-width'),
    addEventListener: listen,
    removeEventListener: listen,
  }))
  const { url } = open()
  const list = await screen.findByRole('region', { name: 'Worst first' })
  expect(within(list).getByText(/30% of requests failed with 503 UF/)).toBeInTheDocument()
  await userEvent.click(within(list).getByRole('button', { name: /^cart v1 · shop/ }))
  expect(decodeURIComponent(url())).toContain('selected=app/c/shop/cart/v1')
})

test('a graph with nothing in it offers what may show some', async () => {
  answers['requests'] = []
  const { url } = open('/traffic-graph?namespaces=quiet', aSession([aCluster('demo')]))
  await userEvent.click(await screen.findByRole('button', { name: 'Show all namespaces' }))
  expect(url()).not.toContain('namespaces')
})

test('choices go to the URL and Back undoes them', async () => {
  const { url, goBack } = open()
  await canvas()
  await userEvent.click(screen.getByRole('button', { name: 'Graph: Versioned app' }))
  await userEvent.click(await screen.findByRole('menuitemradio', { name: 'Workload' }))
  expect(url()).toBe('/traffic-graph?graphType=workload')
  goBack()
  await waitFor(() => expect(url()).toBe('/traffic-graph'))
})

test('the ways between two nodes are shown, swapped and left; the address has both ends', async () => {
  const ends = 'pathFrom=app/c/shop/front/v1&pathTo=app/c/shop/cart/v1'
  const { url } = open(`/traffic-graph?${ends}`)
  const graph = await canvas()
  await waitFor(() => expect(graph).toHaveAttribute('data-nodes', '2'))
  const bar = screen.getByRole('navigation', { name: 'Paths between two' })
  expect(within(bar).getByText('2 of 3 nodes')).toBeInTheDocument()
  await userEvent.click(within(bar).getByRole('button', { name: 'The other way round' }))
  expect(url()).toContain('pathFrom=app/c/shop/cart/v1')
  expect(within(bar).getByText('No calls lead from the first to the second in this window.')).toBeInTheDocument()
  await userEvent.click(within(bar).getByRole('button', { name: 'Show all' }))
  expect(url()).toBe('/traffic-graph')
  expect(screen.queryByRole('navigation', { name: 'Paths between two' })).toBeNull()
})

test.each(['graph', 'table'])(
  'an answer that says the same again draws nothing of panel and table again: %s',
  async (shown) => {
    const { queryClient } = open(`/traffic-graph?view=${shown}`)
    const panel = await screen.findByRole('complementary', { name: 'Details of The whole graph' })
    expect(within(panel).getAllByRole('button', { name: /^cart v1 · shop/ })).not.toHaveLength(0)
    await waitFor(() => expect(queryClient.isFetching()).toBe(0))
    const before = drawnMarks.count
    expect(before).toBeGreaterThan(0)
    const questions = asked.length
    await queryClient.refetchQueries({ queryKey: ['telemetry'] })
    await waitFor(() => expect(queryClient.isFetching()).toBe(0))
    expect(asked.length).toBeGreaterThan(questions)
    expect(drawnMarks.count).toBe(before)
    // The same instant with another number is drawn.
    answers['requests'] = [[call('front', 'cart', '200'), '8']]
    await queryClient.refetchQueries({ queryKey: ['telemetry'] })
    await waitFor(() => expect(drawnMarks.count).toBeGreaterThan(before))
  },
)

test('a number shows the PromQL that the proxy ran for it; hosts and identities have tables of their own', async () => {
  answers['mtls'] = [
    [
      {
        ...call('front', 'cart', '200'),
        reporter: 'destination',
        connection_security_policy: 'mutual_tls',
        source_principal: 'spiffe://cluster.local/ns/shop/sa/front',
        destination_principal: 'spiffe://cluster.local/ns/shop/sa/cart',
      },
      '10',
    ],
  ]
  open('/traffic-graph?selected=app/c/shop/cart/v1')
  const panel = await screen.findByRole('complementary', { name: 'Details of cart v1' })
  await userEvent.click(within(panel).getByRole('button', { name: 'PromQL of Requests' }))
  const asked = await screen.findByRole('dialog', { name: 'PromQL of Requests' })
  expect(within(asked).getAllByText('sum(requests)')).not.toHaveLength(0)
  await userEvent.keyboard('{Escape}')
  const hosts = within(panel).getByRole('heading', { name: /^Hosts/ }).parentElement
  expect(hosts).toHaveTextContent('cart.shop.svc.cluster.local HTTP10.0/s100')
  expect(hosts).toHaveTextContent('30.0')
  expect(within(panel).getByText('spiffe://cluster.local/ns/shop/sa/cart')).toBeInTheDocument()
  expect(within(panel).getByText('spiffe://cluster.local/ns/shop/sa/front')).toBeInTheDocument()
})
