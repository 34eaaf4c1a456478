import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import { renderInApp } from '../../testing/render.tsx'
import { NamespacesPage, WorkloadsPage } from './ListPage.tsx'

afterEach(() => void vi.unstubAllGlobals())

const deployment = (name: string, namespace: string, available = 1) => ({
  metadata: { name, namespace },
  spec: { replicas: 1, template: { metadata: { labels: { app: name } } } },
  status: { replicas: 1, availableReplicas: available },
})

/** A proxy with these Deployments and no traffic; remembers what it was asked. */
function proxyWith(
  deployments: readonly unknown[],
  namespaces: readonly string[] = [],
  series: (question: string, at: number) => readonly unknown[] = () => [],
  missing: readonly unknown[] = [{ kind: 'pods', status: 403 }],
) {
  const asked: string[] = []
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url)
    const { pathname, searchParams } = new URL(url, 'http://page/')
    const body = pathname.endsWith('/objects')
      ? {
          lists: {
            'deployments.apps': deployments,
            namespaces: namespaces.map((name) => ({ metadata: { name } })),
          },
          namespaces: null,
          missing,
        }
      : {
          status: 'success',
          data: searchParams.has('step')
            ? {
                resultType: 'matrix',
                result: series(pathname.split('/').at(-1) ?? '', Number(searchParams.get('time'))),
              }
            : { resultType: 'vector', result: [] },
          meshboard: { queries: [], window: 900, time: 1_767_225_600, namespaces: null, notes: [] },
        }
    return Promise.resolve(new Response(JSON.stringify(body)))
  })
  return asked
}

const many = Array.from({ length: 40 }, (_, index) => `team-${index}`)

test.each([
  ['workloads', <WorkloadsPage key="w" />],
  ['namespaces', <NamespacesPage key="n" />],
])('the list of %s asks as much for 40 namespaces as for one', async (_, page) => {
  const counts: number[] = []
  for (const namespaces of [many.slice(0, 1), many]) {
    const asked = proxyWith(
      namespaces.map((namespace) => deployment('cart', namespace)),
      namespaces,
    )
    const { unmount, queryClient } = renderInApp(page, { url: `/?namespaces=${namespaces.join(',')}&refresh=off` })
    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(namespaces.length + 1))
    await waitFor(() => expect(queryClient.isFetching()).toBe(0))
    counts.push(asked.length)
    unmount()
  }
  expect(counts[0]).toBe(10)
  expect(counts[1]).toBe(counts[0])
})

test('bytes over time are asked for where their column stands, once each, and drawn in it', async () => {
  const asked = proxyWith([deployment('cart', 'shop')], [], (question, at) =>
    question === 'series-throughput'
      ? [
          {
            metric: { destination_workload_namespace: 'shop', destination_workload: 'cart', direction: 'sent' },
            values: [
              [at - 30, '40'],
              [at, '80'],
            ],
          },
        ]
      : [],
  )
  const { unmount, queryClient } = renderInApp(<WorkloadsPage />, { url: '/?refresh=off' })
  expect(await screen.findByRole('img', { name: 'Bytes to and from cart over the window' })).toBeVisible()
  const ofBytes = () => asked.filter((url) => /series-(throughput|tcp)\?/.test(url))
  expect(ofBytes()).toHaveLength(2)
  unmount()

  asked.length = 0
  queryClient.clear()
  const without = renderInApp(<WorkloadsPage />, { url: '/?refresh=off&columns=name,rate' })
  await screen.findByRole('link', { name: 'cart' })
  await waitFor(() => expect(without.queryClient.isFetching()).toBe(0))
  expect(ofBytes()).toEqual([])
})

test('of 5,000 rows only those in view are drawn, and their number is told', async () => {
  proxyWith(Array.from({ length: 5000 }, (_, index) => deployment(`w-${index}`, 'shop')))
  renderInApp(<WorkloadsPage />)
  const table = await screen.findByRole('table')
  expect(table).toHaveAttribute('aria-rowcount', '5001')
  expect(screen.getByText('5000')).toBeVisible()
  expect(within(table).getAllByRole('row').length).toBeLessThan(100)
})

test('filters, order and columns are the URL’s, and what Kubernetes refused is said', async () => {
  proxyWith([deployment('cart', 'shop', 0), deployment('web', 'shop'), deployment('db', 'data')])
  const { url } = renderInApp(<WorkloadsPage />, { url: '/?sort=-name&q=shop&columns=name,replicas' })
  const names = () =>
    screen
      .getAllByRole('row')
      .slice(1)
      .map((row) => within(row).getAllByRole('cell')[0]?.textContent)
  await waitFor(() => expect(names()).toEqual(['web', 'cart']))
  expect(screen.getAllByRole('columnheader')).toHaveLength(2)
  expect(screen.getByText(/Without pods/)).toBeVisible()

  await userEvent.click(screen.getByRole('button', { name: /^Name/ }))
  expect(names()).toEqual(['cart', 'web'])
  await userEvent.click(screen.getByRole('button', { name: /^Health: / }))
  await userEvent.click(await screen.findByRole('menuitemcheckbox', { name: 'Failing' }))
  expect(names()).toEqual(['cart'])
  expect(url()).toBe('/?sort=name&q=shop&columns=name,replicas&health=failing')
  await userEvent.click(screen.getByRole('button', { name: 'Clear the filters' }))
  expect(names()).toEqual(['cart', 'db', 'web'])
})

test('of a list that fails half-way what came is shown, what is missing is said, and another try brings the rest', async () => {
  const half = [{ kind: 'deployments.apps', status: 503, came: 1 }]
  proxyWith([deployment('cart', 'shop')], [], undefined, half)
  renderInApp(<WorkloadsPage />, { url: '/?refresh=off' })
  expect(await screen.findByRole('link', { name: 'cart' })).toBeVisible()
  expect(screen.getByText(/^Of deployments\.apps the first 1 came, then the cluster answered HTTP 503/)).toBeVisible()

  proxyWith([deployment('cart', 'shop'), deployment('web', 'shop')], [], undefined, [])
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
  expect(await screen.findByRole('link', { name: 'web' })).toBeVisible()
  expect(screen.queryByText(/HTTP 503/)).toBeNull()
})

test('a name of every kind that Kubernetes allows is listed and leads to its own page', async () => {
  const names = ['a', '0', 'a-b.c-9.d', 'x'.repeat(253), '9-lives.example.com']
  proxyWith(names.map((name) => deployment(name, `n-${'y'.repeat(60)}0`)))
  renderInApp(<WorkloadsPage />, { url: '/?refresh=off' })
  for (const name of names) {
    expect(await screen.findByRole('link', { name })).toHaveAttribute(
      'href',
      `/workloads/n-${'y'.repeat(60)}0/${name}?refresh=off`,
    )
  }
})

test('a proxy that does not answer is a failure and no empty list', async () => {
  vi.stubGlobal('fetch', () =>
    Promise.resolve(new Response('{"error":{"code":"internal","message":"no"}}', { status: 500 })),
  )
  renderInApp(<WorkloadsPage />)
  expect(await screen.findByText('The numbers could not be loaded')).toBeVisible()
})
