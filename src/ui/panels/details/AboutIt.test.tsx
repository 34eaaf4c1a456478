import { act, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'

import { aCluster, aSession, renderInApp } from '../../testing/render.tsx'
import { AboutIt } from './AboutIt.tsx'

afterEach(() => void vi.unstubAllGlobals())

const deployment = {
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { replicas: 3, template: { metadata: { labels: { app: 'cart' } } } },
  status: { replicas: 3, availableReplicas: 3 },
}
const traffic = {
  metric: {
    reporter: 'destination',
    source_workload: 'web',
    source_workload_namespace: 'shop',
    destination_workload: 'cart',
    destination_workload_namespace: 'shop',
    destination_service_name: 'cart',
    destination_service_namespace: 'shop',
    request_protocol: 'http',
    response_code: '200',
    response_flags: '-',
  },
  value: [1_767_225_600, '8'],
}

interface Known {
  deployments: readonly unknown[]
  requests: readonly unknown[]
  missing: readonly unknown[]
}

/** A proxy that answers as `known` says at that moment. */
function proxyThatKnows(known: Known): void {
  vi.stubGlobal('fetch', (url: string) => {
    const { pathname, searchParams } = new URL(url, 'http://page/')
    const body = pathname.endsWith('/objects')
      ? { lists: { 'deployments.apps': known.deployments, pods: [] }, namespaces: null, missing: known.missing }
      : {
          status: 'success',
          data: {
            resultType: searchParams.has('step') ? 'matrix' : 'vector',
            result: pathname.endsWith('/requests') ? known.requests : [],
          },
          meshboard: { queries: [], window: 300, time: 1_767_225_600, namespaces: null, notes: [] },
        }
    return Promise.resolve(new Response(JSON.stringify(body)))
  })
}

function open(known: Known) {
  proxyThatKnows(known)
  const rendered = renderInApp(<AboutIt kind="workloads" namespace="shop" name="cart" />, {
    url: '/workloads/shop/cart?window=5m&refresh=off',
    // jsdom has no canvas to draw on.
    session: aSession([aCluster('demo', ['graph'])]),
  })
  return { ...rendered, askAgain: () => act(() => rendered.queryClient.invalidateQueries()) }
}

test('a workload that disappears while it is looked at keeps its last figures, and the list is offered', async () => {
  const known: Known = { deployments: [deployment], requests: [], missing: [] }
  const { askAgain } = open(known)
  expect(await screen.findByText('3 of 3 available')).toBeVisible()
  expect(screen.queryByText(/no longer/)).toBeNull()

  known.deployments = []
  await askAgain()
  expect(await screen.findByText(/^cart is no longer here: neither Kubernetes nor telemetry/)).toBeVisible()
  expect(screen.getByText('3 of 3 available')).toBeVisible()
  expect(screen.getByRole('link', { name: 'To the list: Workloads' })).toHaveAttribute(
    'href',
    '/workloads?window=5m&refresh=off&namespaces=shop',
  )

  known.deployments = [deployment]
  await askAgain()
  await waitFor(() => expect(screen.queryByText(/no longer/)).toBeNull())
})

test('one that was deleted and whose calls are still in the window says so', async () => {
  const known: Known = { deployments: [deployment], requests: [traffic], missing: [] }
  const { askAgain } = open(known)
  expect(await screen.findByText(/8.*\/s requests/)).toBeVisible()

  known.deployments = []
  await askAgain()
  expect(await screen.findByText(/^cart is no longer in Kubernetes: it was deleted/)).toBeVisible()
  expect(screen.getByText(/8.*\/s requests/)).toBeVisible()
})

test('a list that could not be read deletes nothing', async () => {
  const known: Known = { deployments: [deployment], requests: [], missing: [] }
  const { askAgain } = open(known)
  expect(await screen.findByText('3 of 3 available')).toBeVisible()

  known.deployments = []
  known.missing = [{ kind: 'deployments.apps', status: 503 }]
  await askAgain()
  expect(await screen.findByText(/did not answer for deployments\.apps/)).toBeVisible()
  expect(screen.getByRole('button', { name: 'Retry' })).toBeVisible()
  expect(screen.getByText('3 of 3 available')).toBeVisible()
  expect(screen.queryByText(/no longer/)).toBeNull()
})

test('what never was here is not called deleted', async () => {
  open({ deployments: [], requests: [], missing: [] })
  expect(await screen.findByText('cart is not here')).toBeVisible()
  expect(screen.getByRole('link', { name: 'To the list: Workloads' })).toBeVisible()
})
