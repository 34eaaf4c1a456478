import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { createSurface, Surface, SurfaceEvents } from '../../canvas/surface.ts'
import type { HealthMark } from '../../kit/HealthMark.tsx'
import { renderInApp } from '../../testing/render.tsx'
import { TrafficGraphPage } from './TrafficGraphPage.tsx'

/**
 * What the page does for what happens most: nothing that would show. Counts, not times: a component that is drawn again for nothing, or
 * a layout that runs for a hover, is seen in the change that makes it so.
 */
const counts = vi.hoisted(() => ({ marks: 0, shows: 0, highlights: 0, events: undefined as SurfaceEvents | undefined }))
vi.mock('../../kit/HealthMark.tsx', async (original) => {
  const real = await original<{ HealthMark: typeof HealthMark }>()
  return {
    HealthMark: (props: Parameters<typeof HealthMark>[0]) => {
      counts.marks += 1
      return real.HealthMark(props)
    },
  }
})
vi.mock('../../canvas/surface.ts', async (original) => {
  const real = await original<{ createSurface: typeof createSurface }>()
  return {
    createSurface: (...[container, events]: Parameters<typeof createSurface>): Surface => {
      counts.events = events
      const surface = real.createSurface(container, events)
      return {
        ...surface,
        show: (shown) => {
          counts.shows += 1
          surface.show(shown)
        },
        mark: (marked) => {
          counts.highlights += 1
          surface.mark(marked)
        },
      }
    },
  }
})

let rate = '7'
let asked = 0
beforeEach(() => {
  rate = '7'
  asked = 0
  vi.stubGlobal('fetch', (input: string | URL | Request) => {
    asked += 1
    return Promise.resolve(answerTo(new URL(input instanceof Request ? input.url : String(input), 'http://page/')))
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  sessionStorage.clear()
  localStorage.clear()
})

function answerTo({ pathname }: URL): Response {
  const question = pathname.split('/telemetry/')[1]
  if (question === undefined) return json({ kind: 'Status', apiVersion: 'v1', code: 404, message: 'not served' }, 404)
  const meshboard = { queries: [], window: 300, time: 1_700_000_000, namespaces: null, notes: [] }
  if (question === 'facts') {
    return json({ status: 'success', data: { hasIstioMetrics: true, hasTraffic: true, reporters: [] }, meshboard })
  }
  const value: readonly [number, string] = [1_700_000_000, rate]
  const result = question === 'requests' ? ['cart', 'stock'].map((callee) => ({ metric: callTo(callee), value })) : []
  return json({ status: 'success', data: { resultType: 'vector', result }, meshboard })
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

const callTo = (callee: string) => ({
  ...{ reporter: 'source', request_protocol: 'http', response_code: '200', response_flags: '-' },
  ...{ source_cluster: 'c', source_workload_namespace: 'shop', source_workload: 'front' },
  ...{ destination_cluster: 'c', destination_workload_namespace: 'shop', destination_workload: callee },
  ...{ destination_service_namespace: 'shop', destination_service_name: callee },
})

test('a refresh without change patches nothing, lays nothing out and draws no component again; one with a change does', async () => {
  const { layouts, queryClient } = await opened()
  const before = await settled()
  const questions = asked
  await queryClient.refetchQueries({ queryKey: ['telemetry'] })
  await waitFor(() => expect(queryClient.isFetching()).toBe(0))
  expect(asked).toBeGreaterThan(questions)
  expect(await settled()).toEqual(before)
  expect(layouts()).toBe('1')

  rate = '8'
  await queryClient.refetchQueries({ queryKey: ['telemetry'] })
  await waitFor(() => expect(counts.shows).toBeGreaterThan(before.shows))
  expect(counts.marks).toBeGreaterThan(before.marks)
  expect(layouts(), 'other numbers of the same nodes are no reason to lay them out').toBe('1')
})

test('a hover and a selection are highlights: nothing is patched and nothing laid out', async () => {
  const { layouts, url } = await opened()
  const { shows, highlights } = await settled()
  const node = 'app/c/shop/cart'
  counts.events?.onHover(node, { x: 5, y: 5 })
  await waitFor(() => expect(counts.highlights).toBeGreaterThan(highlights))
  counts.events?.onHover(undefined, { x: 0, y: 0 })
  counts.events?.onSelect(node)
  await screen.findByRole('complementary', { name: 'Details of cart' })
  expect(decodeURIComponent(url())).toContain(`selected=${node}`)
  await userEvent.keyboard('{Escape}')
  expect((await settled()).shows).toBe(shows)
  expect(layouts()).toBe('1')
})

/** The page with its graph laid out and every question answered. */
async function opened() {
  const app = renderInApp(<TrafficGraphPage />, { url: '/traffic-graph?refresh=off' })
  const graph = await screen.findByTestId('graph-canvas')
  await waitFor(() => expect(graph).toHaveAttribute('data-nodes', '3'))
  await waitFor(() => expect(app.queryClient.isFetching()).toBe(0))
  return { ...app, layouts: () => graph.getAttribute('data-layout-runs') }
}

/** The counts once nothing more is drawn: what was put off comes a moment after the answers. */
async function settled() {
  const drawn = () => ({ marks: counts.marks, shows: counts.shows, highlights: counts.highlights })
  for (let before = drawn(); ; before = drawn()) {
    await act(() => new Promise((resolve) => setTimeout(resolve, 150)))
    if (JSON.stringify(drawn()) === JSON.stringify(before)) return before
  }
}
