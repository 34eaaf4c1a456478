import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { afterEach, expect, test, vi } from 'vitest'

import { HttpError } from '../../clients/errors.ts'
import type { Session } from '../../clients/session/wire.ts'
import { createQueryClient } from '../queries/client.ts'
import { aCluster, aSession } from '../testing/render.tsx'
import { UrlProvider } from '../urlState.tsx'
import { App } from './App.tsx'

afterEach(() => void vi.unstubAllGlobals())

const json = (body: unknown, status = 200) =>
  Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }))

/** The proxy as the browser sees it: a session, or what stands in its place; no namespaces. */
function serve(session: () => Promise<Response>) {
  vi.stubGlobal('fetch', (url: string) =>
    url.endsWith('api/session') ? session() : json({ namespaces: [], notes: [] }),
  )
}
const serveSession = (session: Session) => serve(() => json(session))

function open(url: string) {
  const client = createQueryClient()
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <MemoryRouter initialEntries={[url]}>
          <UrlProvider>
            <App />
          </UrlProvider>
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  )
  return client
}

test('the frame has its landmarks, the cluster, the user, and a link past them', async () => {
  serveSession(aSession([{ ...aCluster('c1'), label: 'Shop Prod' }]))
  open('/nowhere')
  expect(await screen.findByRole('banner')).toHaveTextContent('Shop Prod')
  expect(screen.getByText('Istio 1.27')).toBeVisible()
  expect(screen.getByText('SP')).toBeVisible()
  expect(screen.getByRole('button', { name: 'Signed in as Mesh Operator' })).toHaveTextContent('MO')
  expect(screen.getByRole('navigation', { name: 'Main' })).toBeVisible()
  await userEvent.tab()
  expect(screen.getByRole('link', { name: 'Skip to the content' })).toHaveFocus()
  await userEvent.keyboard('{Enter}')
  expect(screen.getByRole('main')).toHaveFocus()
})

test('a path where no page lives says so and leads back, with scope and time', async () => {
  serveSession(aSession())
  open('/nowhere?namespaces=a&x=1')
  expect(await screen.findByRole('heading', { level: 1, name: 'There is no such page' })).toBeVisible()
  expect(screen.getByRole('link', { name: 'To the Traffic Graph' })).toHaveAttribute(
    'href',
    '/traffic-graph?namespaces=a',
  )
})

test('what the address says wrongly is told, and the default is shown', async () => {
  serveSession(aSession([aCluster('demo'), aCluster('second')]))
  open('/nowhere?cluster=third&window=banana')
  expect(await screen.findByText(/There is no cluster third that you may see; demo is shown instead/)).toBeVisible()
  expect(screen.getByText(/window=banana, which cannot be read: it should be a duration/)).toBeVisible()
  expect(screen.getByRole('button', { name: 'Time window: Last 5 minutes' })).toBeVisible()
})

test('another cluster is one choice away and leaves the scope behind', async () => {
  serveSession(aSession([aCluster('demo'), aCluster('second')]))
  open('/nowhere?namespaces=a&window=1h')
  await userEvent.click(await screen.findByRole('button', { name: 'Cluster demo' }))
  await userEvent.click(screen.getByRole('menuitemradio', { name: 'second' }))
  expect(await screen.findByRole('button', { name: 'Cluster second' })).toBeVisible()
  expect(screen.getByRole('button', { name: 'Namespaces and projects: All namespaces' })).toBeVisible()
  expect(screen.getByRole('button', { name: 'Time window: Last hour' })).toBeVisible()
})

test('a cluster that is down is named with its reason, one that is closed leads to its login, and the others work', async () => {
  const otherClusters = [
    { name: 'down', label: 'Down', problem: 'Down did not answer within 5 s' },
    { name: 'closed', label: 'Closed' },
  ]
  serveSession({ ...aSession([aCluster('demo')]), otherClusters })
  open('/nowhere?cluster=down')
  expect(
    await screen.findByText('Down cannot be shown now: Down did not answer within 5 s. demo is shown instead.'),
  ).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Cluster demo' }))
  expect(screen.getByRole('menuitem', { name: /Down did not answer within 5 s/ })).toHaveAttribute('data-disabled')
  expect(screen.getByRole('menuitem', { name: 'Log in to Closed …' })).toHaveAttribute('href', '/login?cluster=closed')
})

test('without an answer from the server the page says so, and Retry brings it back', async () => {
  let isUp = false
  serve(() => (isUp ? json(aSession()) : Promise.reject(new TypeError('fetch failed'))))
  open('/nowhere')
  expect(
    await screen.findByRole('heading', { level: 1, name: 'Meshboard does not answer' }, { timeout: 4000 }),
  ).toBeVisible()
  isUp = true
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
  expect(await screen.findByRole('heading', { name: 'There is no such page' })).toBeVisible()
})

test('a refusal is told in the server’s words', async () => {
  serve(() => json({ error: { code: 'cross_site', message: 'Not from there', hint: 'Open it here.' } }, 403))
  open('/nowhere')
  expect(await screen.findByText('Not from there')).toBeVisible()
  expect(screen.getByText('Open it here.')).toBeVisible()
})

test('a session without clusters says whom to ask', async () => {
  serveSession(aSession([]))
  open('/nowhere')
  expect(await screen.findByText(/There is no cluster that you may see/)).toBeVisible()
})

/** A proxy with a login: who sends the right token has a session from then on. */
function serveLogin(session: Session) {
  const sent: unknown[] = []
  let isIn = false
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
    if (url.endsWith('api/session/login')) {
      return json({
        mode: 'token',
        clusters: [{ name: 'c1', label: 'Shop Prod' }],
        personas: [],
        frameAncestors: ["'self'"],
      })
    }
    if (!url.endsWith('api/session')) return json({ namespaces: [], notes: [] })
    if (init.method === 'DELETE') {
      isIn = false
      return Promise.resolve(new Response(null, { status: 204 }))
    }
    if (init.method === 'POST') {
      const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
      sent.push(body)
      isIn = JSON.stringify(body).includes('right')
      if (isIn) return Promise.resolve(new Response(null, { status: 204 }))
      return json({ error: { code: 'token_refused', message: 'The cluster does not take this token' } }, 401)
    }
    return isIn ? json(session) : json({ error: { code: 'unauthenticated', message: 'Nobody is logged in' } }, 401)
  })
  return Object.assign(sent, { end: () => (isIn = false) })
}

test('nobody logs in with a token: a wrong one is refused in words, the right one opens the app, logging out closes it', async () => {
  const sent = serveLogin({ ...aSession(), mode: 'token' })
  open('/nowhere')
  expect(await screen.findByRole('heading', { level: 1, name: 'Log in to Meshboard' })).toBeVisible()
  expect(await screen.findByText(/kubectl create token/)).toBeVisible()
  const field = screen.getByLabelText('Kubernetes token')
  expect(field).toHaveAttribute('type', 'password')
  await userEvent.type(field, 'wrong')
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('The cluster does not take this token')
  await userEvent.clear(field)
  await userEvent.type(field, 'right')
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }))
  await userEvent.click(await screen.findByRole('button', { name: 'Signed in as Mesh Operator' }))
  expect(sent.at(-1)).toEqual({ cluster: 'c1', token: 'right', prefix: '/' })
  await userEvent.click(screen.getByRole('button', { name: 'Log out' }))
  expect(await screen.findByRole('heading', { level: 1, name: 'Log in to Meshboard' })).toBeVisible()
})

test('a session that ends while a page is open asks for a login at once, and the same page is there after it', async () => {
  const door = serveLogin({ ...aSession(), mode: 'token' })
  const client = open('/nowhere')
  const logIn = async () => {
    await userEvent.type(await screen.findByLabelText('Kubernetes token'), 'right')
    await userEvent.click(screen.getByRole('button', { name: 'Log in' }))
    expect(await screen.findByRole('heading', { level: 1, name: 'There is no such page' })).toBeVisible()
  }
  await logIn()
  door.end()
  const nobody = new HttpError('api/anything', 401, { kind: 'other', excerpt: '' })
  const refused = () => Promise.reject(nobody)
  await expect(client.query({ queryKey: ['anything'], queryFn: refused })).rejects.toThrow()
  await logIn()
})
