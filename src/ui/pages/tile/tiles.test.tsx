import { screen, waitFor, within } from '@testing-library/react'
import { Route, Routes } from 'react-router'
import { afterEach, expect, test, vi } from 'vitest'

import { renderInApp } from '../../testing/render.tsx'
import { GraphTile } from './GraphTile.tsx'
import { PanelTile } from './PanelTile.tsx'
import { selectedNode } from './selectedNode.ts'

afterEach(() => void vi.unstubAllGlobals())

const at = 1_767_225_600
const labels = {
  reporter: 'source',
  source_workload: 'web',
  source_workload_namespace: 'shop',
  source_cluster: 'c',
  destination_workload: 'cart-v1',
  destination_workload_namespace: 'shop',
  destination_cluster: 'c',
  destination_service: 'cart.shop.svc.cluster.local',
  destination_service_name: 'cart',
  destination_service_namespace: 'shop',
  request_protocol: 'http',
  response_code: '503',
  response_flags: 'UF',
}

/** A proxy with one failing call, from web to cart; remembers which questions it was asked. */
function serve({ failing = false } = {}): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', (url: string) => {
    const { pathname, searchParams } = new URL(url, 'http://page/')
    const question = /telemetry\/([\w-]+)$/.exec(pathname)?.[1]
    const answered = (body: unknown, status = 200) => Promise.resolve(new Response(JSON.stringify(body), { status }))
    if (question === undefined)
      return answered(pathname.endsWith('/objects') ? { lists: {}, namespaces: null, missing: [] } : {}, 200)
    asked.push(question)
    if (failing) return answered({ error: { code: 'upstream_unreachable', message: 'Prometheus is away' } }, 502)
    const isSeries = searchParams.has('step')
    const value = question === 'requests' ? [{ metric: labels, value: [at, '2'] }] : []
    const calls = { request_protocol: 'http', response_code: '200', response_flags: '-' }
    const series =
      question === 'series-requests' ? [{ metric: calls, values: [[Number(searchParams.get('time')), '2']] }] : []
    const data =
      question === 'facts'
        ? { hasIstioMetrics: true, hasTraffic: true, reporters: ['source'] }
        : { resultType: isSeries ? 'matrix' : 'vector', result: isSeries ? series : value }
    const meshboard = { queries: [], window: 300, time: at, namespaces: null, notes: [] }
    return answered({ status: 'success', data, meshboard })
  })
  return asked
}

const tiles = (
  <Routes>
    <Route path="/tile/graph/:kind/:namespace/:name" element={<GraphTile />} />
    <Route path="/tile/panel/:panel" element={<PanelTile />} />
  </Routes>
)
const whole = () => screen.getByRole('link', { name: 'Open in Meshboard, in a tab of its own' }).getAttribute('href')

test('a graph tile names its workload, says how it is and why, and leads to the whole page', async () => {
  serve()
  renderInApp(tiles, { url: '/tile/graph/workloads/shop/cart-v1?embed=1&window=5m&theme=dark' })
  expect(screen.getByRole('heading', { level: 1, name: 'cart-v1' })).toBeVisible()
  expect(await screen.findByText('Failing')).toBeVisible()
  expect(screen.getByText(/100% of requests failed with 503 UF/)).toBeVisible()
  expect(screen.getByText('Workload in shop')).toBeVisible()
  expect(await screen.findByTestId('graph-canvas')).toHaveAttribute('data-nodes', '2')
  expect(whole()).toBe('/workloads/shop/cart-v1?window=5m')
  expect(document.title).toContain('Around cart-v1')
})

test.each([
  ['/tile/graph/workloads/shop/nobody', 'nobody is not there'],
  ['/tile/graph/pods/shop/cart', 'There is no such tile'],
  ['/tile/graph/workloads/NOT-A-NAMESPACE/cart', 'There is no such tile'],
  ['/tile/panel/everything', 'There is no such panel'],
])('%s: %s', async (url, said) => {
  serve()
  renderInApp(tiles, { url })
  expect(await screen.findByRole('heading', { name: said })).toBeVisible()
})

test.each(['/tile/graph/workloads/shop/cart-v1', '/tile/panel/volume'])(
  '%s says that Prometheus is away',
  async (url) => {
    serve({ failing: true })
    renderInApp(tiles, { url })
    expect(await screen.findByText(/Prometheus is away/)).toBeVisible()
  },
)

test('a panel tile asks the questions of its panel and no others', async () => {
  const asked = serve()
  const { queryClient } = renderInApp(tiles, { url: '/tile/panel/volume?namespaces=shop&window=15m' })
  const panel = await screen.findByRole('region', { name: 'Request Volume' })
  expect(screen.getByRole('heading', { level: 1, name: 'shop' })).toBeVisible()
  expect(await within(panel).findByTestId(/^legend-/)).toBeVisible()
  await waitFor(() => expect(queryClient.isFetching()).toBe(0))
  expect([...new Set(asked)].sort()).toEqual(['facts', 'series-requests'])
  expect(screen.queryByRole('button', { name: /across the page/ })).toBeNull()
  expect(whole()).toBe('/traffic-metrics?namespaces=shop&window=15m&panel=volume')
})

test.each([
  [
    'workload/shop/cart-v1',
    'Workload in shop · calls to it',
    '/traffic-metrics?of=workload/shop/cart-v1&panel=duration',
  ],
  [
    'service/shop/cart&direction=outbound',
    'Service in shop · calls it makes',
    '/services/shop/cart?direction=outbound&panel=duration',
  ],
])('a panel tile is about %s', async (of, about, place) => {
  serve()
  renderInApp(tiles, { url: `/tile/panel/duration?embed=1&of=${of}` })
  expect(await screen.findByRole('region', { name: 'Request Duration' })).toBeVisible()
  expect(screen.getByText(about)).toBeVisible()
  expect(whole()).toBe(place)
})

test('a console is told of nodes that have a page, and of nobody else', () => {
  const node = { id: 'n', namespace: 'shop', cluster: 'c', workload: 'cart-v1', service: 'cart', app: 'cart' }
  const kinds = (['workload', 'app', 'service', 'unknown'] as const).map(
    (kind) => selectedNode({ ...node, kind } as unknown as Parameters<typeof selectedNode>[0], 'east')?.name,
  )
  expect(kinds).toEqual(['cart-v1', 'cart', 'cart', undefined])
  expect(selectedNode(undefined, 'east')).toBeUndefined()
})
