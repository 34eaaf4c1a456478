import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import { MemoryRouter } from 'react-router'
import { afterEach, expect, test, vi } from 'vitest'

import { createQueryClient } from '../queries/client.ts'
import { aSession } from '../testing/render.tsx'
import { UrlProvider } from '../urlState.tsx'
import { App } from './App.tsx'

afterEach(() => void vi.unstubAllGlobals())

/** A proxy whose Prometheus answers every question without a number, under these warnings. */
function serve(warnings: readonly string[]): void {
  vi.stubGlobal('fetch', (url: string) => {
    const answered = (body: unknown) => Promise.resolve(new Response(JSON.stringify(body)))
    if (url.endsWith('api/session')) return answered(aSession())
    if (!url.includes('/telemetry/')) return Promise.resolve(new Response('{}', { status: 404 }))
    const data = url.includes('/telemetry/facts')
      ? { hasIstioMetrics: true, hasTraffic: true, reporters: [] }
      : { resultType: url.includes('step=') ? 'matrix' : 'vector', result: [] }
    const meshboard = { queries: [], window: 300, time: 1_767_225_600, namespaces: null, notes: [] }
    return answered({ status: 'success', data, warnings, meshboard })
  })
}

function open(path: string): void {
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={createQueryClient()}>
        <MemoryRouter initialEntries={[path]}>
          <UrlProvider>
            <App />
          </UrlProvider>
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  )
}

test.each(['/traffic-graph', '/traffic-metrics', '/workloads', '/overview', '/mtls', '/services/shop/cart'])(
  '%s says once that answers are partial, and why',
  async (path) => {
    serve(['store east is down', 'store west is down'])
    open(path)
    expect(
      await screen.findByText(
        'Prometheus answered, but not in full, so numbers may be too low: store east is down; store west is down',
      ),
    ).toBeVisible()
  },
)

test('and of many warnings the first three', async () => {
  serve(['a', 'b', 'c', 'd', 'e'].map((store) => `store ${store} is down`))
  open('/traffic-graph')
  expect(await screen.findByText(/store a is down; store b is down; store c is down \(and 2 more\)$/)).toBeVisible()
})
