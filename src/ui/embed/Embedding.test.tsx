import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen, waitFor } from '@testing-library/react'
import { BrowserRouter } from 'react-router'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { sendAlong } from '../../clients/http.ts'
import type { Session } from '../../clients/session/wire.ts'
import { createQueryClient } from '../queries/client.ts'
import { App } from '../shell/App.tsx'
import { aSession } from '../testing/render.tsx'
import { UrlProvider } from '../urlState.tsx'
import { EmbeddingProvider } from './Embedding.tsx'
import { readWish } from './wish.ts'

const origin = 'https://console.example.org'
const nowhere = 'There is no such page'

interface Said {
  readonly type: string
  readonly [field: string]: unknown
}
let said: Said[]
let asked: { readonly url: string; readonly token: string | undefined }[]

/** The window of the console above. */
const above = {
  postMessage: (message: Said, to: string) => {
    if (to === origin) said.push(message)
  },
}

beforeEach(() => {
  said = []
  asked = []
  vi.stubGlobal('parent', above)
})
afterEach(() => {
  vi.unstubAllGlobals()
  sendAlong({})
  localStorage.clear()
  window.history.replaceState(null, '', '/')
})

/** A server that takes these tokens, each somebody's; whatever is in none of them is nobody's. */
function serve(people: Readonly<Record<string, string>>): void {
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
    const token = new Headers(init.headers).get('x-meshboard-token') ?? undefined
    asked.push({ url, token })
    const answer = (body: unknown, status = 200) =>
      Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }))
    if (url.endsWith('api/session/login')) {
      return answer({
        mode: 'bearer',
        clusters: [{ name: 'demo', label: 'Demo' }],
        personas: [],
        frameAncestors: [origin],
      })
    }
    const name = people[token ?? '']
    if (name === undefined) return answer({ error: { code: 'unauthenticated', message: 'Nobody is logged in' } }, 401)
    const session: Session = { ...aSession(), user: { name, groups: [] } }
    return answer(url.endsWith('api/session') ? session : { namespaces: [], notes: [] })
  })
}

function open(address: string): void {
  window.history.replaceState(null, '', address)
  const wish = readWish(window.location.search)
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={createQueryClient()}>
        <BrowserRouter>
          <UrlProvider>
            <EmbeddingProvider wish={wish}>
              <App />
            </EmbeddingProvider>
          </UrlProvider>
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>,
  )
}

/** A message as the browser hands it to the frame. */
async function hear(
  message: object,
  from: { readonly origin?: string; readonly source?: unknown } = {},
): Promise<void> {
  const event = Object.assign(new Event('message'), {
    data: { meshboard: 1, ...message },
    origin,
    source: above,
    ...from,
  })
  await act(async () => {
    window.dispatchEvent(event)
    await Promise.resolve()
  })
}
const saidOf = (type: string) => said.filter((each) => each.type === type)
const questions = () => asked.filter(({ url }) => !url.endsWith('api/session/login'))

test('before a token came nothing is asked but how one logs in; then each request carries it, and no place keeps it', async () => {
  serve({ 'token-a': 'ann' })
  open('/nowhere?embed=1&embed-token=1')
  await waitFor(() => expect(said.map(({ type }) => type)).toContain('needs-token'))
  // `ready` first: whoever answers `needs-token` is heard.
  expect(said[0]?.type).toBe('ready')
  expect(screen.getByRole('heading', { level: 1, name: 'Waiting for the console' })).toBeVisible()
  expect(questions()).toEqual([])

  await hear({ type: 'token', token: 'token-a' })
  expect(await screen.findByRole('heading', { name: nowhere })).toBeVisible()
  expect(new Set(questions().map(({ token }) => token))).toEqual(new Set(['token-a']))
  const kept = JSON.stringify([
    Object.entries(localStorage),
    Object.entries(sessionStorage),
    document.cookie,
    window.location.href,
    history.state,
  ])
  expect(kept).not.toContain('token-a')
  expect(screen.queryByRole('navigation', { name: 'Main' })).toBeNull()
})

test('a token that is refused is asked for once, until one is taken; then again', async () => {
  serve({ 'token-a': 'ann' })
  open('/nowhere?embed=1&embed-token=1')
  await waitFor(() => expect(saidOf('needs-token')).toHaveLength(1))
  await hear({ type: 'token', token: 'expired' })
  await waitFor(() => expect(saidOf('needs-token')).toHaveLength(2))
  expect(saidOf('needs-token')[1]?.['reason']).toBe('Nobody is logged in')
  expect(await screen.findByRole('heading', { name: 'The cluster does not take your login any more' })).toBeVisible()

  await hear({ type: 'token', token: 'token-a' })
  expect(await screen.findByRole('heading', { name: nowhere })).toBeVisible()
  expect(saidOf('needs-token')).toHaveLength(2)
  await hear({ type: 'token', token: null })
  await waitFor(() => expect(saidOf('needs-token')).toHaveLength(3))
  expect(screen.getByRole('heading', { name: 'Waiting for the console' })).toBeVisible()
})

test('a token that runs out while a page is open is asked for, and with a new one the same page is there again', async () => {
  const people: Record<string, string> = { 'token-a': 'ann' }
  serve(people)
  open('/nowhere?embed=1&embed-token=1')
  await waitFor(() => expect(saidOf('needs-token')).toHaveLength(1))
  await hear({ type: 'token', token: 'token-a' })
  expect(await screen.findByRole('heading', { name: nowhere })).toBeVisible()

  delete people['token-a']
  people['token-b'] = 'ann'
  await hear({ type: 'navigate', path: '/traffic-metrics', search: 'namespaces=a' })
  await waitFor(() => expect(saidOf('needs-token')).toHaveLength(2))
  expect(await screen.findByRole('heading', { name: 'The cluster does not take your login any more' })).toBeVisible()
  await hear({ type: 'token', token: 'token-b' })
  expect(await screen.findByRole('heading', { level: 1, name: 'Traffic Metrics' })).toBeVisible()
  expect(window.location.pathname).toBe('/traffic-metrics')
  expect(asked.at(-1)?.token).toBe('token-b')
})

test('the console leads from page to page, is told of each, and a reload stays in the frame', async () => {
  serve({ '': 'ann' })
  open('/nowhere?embed=1&embed-hide=scope,tools&namespaces=a')
  expect(await screen.findByRole('heading', { name: nowhere })).toBeVisible()
  expect(screen.queryByRole('button', { name: /^Namespaces and projects/ })).toBeNull()
  await hear({ type: 'navigate', path: '/elsewhere', search: 'namespaces=b&window=15m' })
  await waitFor(() => {
    expect(saidOf('navigated').at(-1)).toMatchObject({ path: '/elsewhere', search: 'namespaces=b&window=15m' })
  })
  expect(saidOf('navigated')[0]).toMatchObject({ path: '/nowhere', search: 'namespaces=a' })
  expect(screen.getByRole('button', { name: 'Time window: Last 15 minutes' })).toBeVisible()
  await hear({ type: 'theme', theme: 'dark' })
  expect(document.documentElement).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await waitFor(() =>
    expect(readWish(window.location.search)).toEqual({
      isEmbedded: true,
      hidden: new Set(['scope', 'tools']),
      waitsForToken: false,
      theme: 'dark',
    }),
  )
  expect(window.location.pathname).toBe('/elsewhere')
})

test.each([
  ['another window', { source: window }],
  ['an origin that is not listed', { origin: 'https://stranger.test' }],
])('%s is not heard, whatever it says', async (_, from) => {
  serve({ '': 'ann', stolen: 'mallory' })
  open('/nowhere?embed=1&namespaces=a')
  expect(await screen.findByRole('heading', { name: nowhere })).toBeVisible()
  for (const message of [
    { type: 'token', token: 'stolen' },
    { type: 'theme', theme: 'dark' },
    { type: 'scope', namespaces: ['b'] },
    { type: 'window', window: '1h' },
    { type: 'navigate', path: '/elsewhere' },
  ]) {
    await hear(message, from)
  }
  // The console itself is, and last: what was not heard before it never will be.
  await hear({ type: 'window', window: '15m' })
  expect(await screen.findByRole('button', { name: 'Time window: Last 15 minutes' })).toBeVisible()
  expect(window.location.pathname).toBe('/nowhere')
  const words = Object.fromEntries(new URLSearchParams(window.location.search))
  expect(words).toEqual({ embed: '1', namespaces: 'a', window: '15m' })
  expect(asked.some(({ token }) => token === 'stolen')).toBe(false)
  expect(document.documentElement).toHaveAttribute('data-mantine-color-scheme', 'light')
})

test('the height is told whenever it is another', async () => {
  let height = 700
  const scrollHeight = vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockImplementation(() => height)
  serve({ '': 'ann' })
  open('/nowhere?embed=1')
  await waitFor(() => expect(saidOf('height')).toEqual([{ meshboard: 1, type: 'height', height: 700 }]))
  height = 900
  await hear({ type: 'navigate', path: '/traffic-metrics' })
  await waitFor(() => expect(saidOf('height').at(-1)).toEqual({ meshboard: 1, type: 'height', height: 900 }))
  scrollHeight.mockRestore()
})

test('a page that nobody framed neither speaks nor hears', async () => {
  vi.stubGlobal('parent', window)
  serve({ '': 'ann' })
  open('/nowhere?embed=1&embed-token=1')
  expect(await screen.findByRole('heading', { name: nowhere })).toBeVisible()
  await hear({ type: 'theme', theme: 'dark' }, { source: window, origin: window.location.origin })
  expect(said).toEqual([])
  expect(document.documentElement).toHaveAttribute('data-mantine-color-scheme', 'light')
})

test('what a page that nobody framed would have said is kept for nobody', async () => {
  vi.stubGlobal('parent', window)
  serve({ '': 'ann' })
  open('/nowhere?embed=1')
  expect(await screen.findByRole('heading', { name: nowhere })).toBeVisible()
  // What was kept would be told the first console there is.
  vi.stubGlobal('parent', above)
  await act(async () => {
    window.history.pushState(null, '', '/elsewhere?embed=1')
    window.dispatchEvent(new PopStateEvent('popstate'))
    await Promise.resolve()
  })
  await waitFor(() => expect(saidOf('ready')).toHaveLength(1))
  expect(saidOf('navigated').map(({ path }) => path)).toEqual(['/elsewhere'])
})
