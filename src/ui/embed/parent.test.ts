import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { embedMeshboard, type EmbeddedMeshboard, type EmbedOptions } from './parent.ts'

const origin = 'https://mesh.example.org'
let frame: HTMLIFrameElement
let mesh: EmbeddedMeshboard | undefined
let said: (readonly [message: unknown, origin: string])[]

beforeEach(() => {
  frame = document.createElement('iframe')
  document.body.append(frame)
  said = []
  // The window of a page on another origin: all that may be done with it is to post.
  const inside = { postMessage: (message: unknown, to: string) => void said.push([message, to]) }
  Object.defineProperty(frame, 'contentWindow', { value: inside })
})
afterEach(() => {
  mesh?.close()
  frame.remove()
})

function embed(options: Partial<EmbedOptions> = {}): EmbeddedMeshboard {
  mesh = embedMeshboard(frame, { url: `${origin}/tools/mesh`, ...options })
  return mesh
}

/** A message as the browser hands it to the console. */
function hear(data: unknown, from: { readonly source?: unknown; readonly origin?: string } = {}): void {
  const event = Object.assign(new Event('message'), { data, origin, source: frame.contentWindow, ...from })
  window.dispatchEvent(event)
}
const ready = { meshboard: 1, type: 'ready' }

describe('the first address', () => {
  test('is the page below the root, with what the console wants of it', () => {
    embed({
      path: '/traffic-graph',
      cluster: 'east',
      namespaces: ['a', 'b'],
      window: '15m',
      theme: 'dark',
      hide: ['scope', 'open'],
      token: () => 'secret-token',
    })
    const { pathname, searchParams } = new URL(frame.src)
    expect(pathname).toBe('/tools/mesh/traffic-graph')
    expect(Object.fromEntries(searchParams)).toEqual({
      embed: '1',
      'embed-hide': 'scope,open',
      'embed-token': '1',
      cluster: 'east',
      namespaces: 'a,b',
      window: '15m',
      theme: 'dark',
    })
    // A token in an address ends in logs and histories.
    expect(frame.src).not.toContain('secret')
  })

  test('keeps the words of its own that the page has', () => {
    embed({ path: '/traffic-graph?graphType=app', project: 'c-m-1:p-2' })
    expect(frame.src).toBe(`${origin}/tools/mesh/traffic-graph?graphType=app&embed=1&project=c-m-1%3Ap-2`)
  })

  test('that is none is refused', () => {
    expect(() => embed({ url: 'http://[' })).toThrow(TypeError)
  })
})

describe('the console is told', () => {
  test('what Meshboard says, each by its own function', () => {
    const told: unknown[] = []
    embed({
      onReady: () => void told.push('ready'),
      onNavigated: (place) => void told.push(place),
      onSelected: (selected) => void told.push(selected),
      onHeight: (height) => void told.push(height),
    })
    const selected = { cluster: 'c', kind: 'service', namespace: 'n', name: 's' }
    hear(ready)
    hear({ meshboard: 1, type: 'navigated', path: '/overview', search: 'window=5m' })
    hear({ meshboard: 1, type: 'selected', selected })
    hear({ meshboard: 1, type: 'selected', selected: null })
    hear({ meshboard: 1, type: 'height', height: 812 })
    expect(told).toEqual(['ready', { path: '/overview', search: 'window=5m' }, selected, null, 812])
  })

  test.each([
    ['from another window', ready, { source: window }],
    ['from a page that took the frame over', ready, { origin: 'https://stranger.test' }],
    ['from another port', ready, { origin: `${origin}:8443` }],
    ['in another version', { ...ready, meshboard: 2 }, {}],
    ['that is no message', 'ready', {}],
  ])('nothing %s', (_, data, from) => {
    const onReady = vi.fn()
    const token = vi.fn(() => 'x')
    embed({ onReady, token }).setTheme('dark')
    hear(data, from)
    hear({ meshboard: 1, type: 'needs-token', reason: 'r' }, { source: window })
    expect(onReady).not.toHaveBeenCalled()
    expect(token).not.toHaveBeenCalled()
    expect(said).toEqual([])
  })

  test('nothing after it hung up', () => {
    const onReady = vi.fn()
    embed({ onReady }).close()
    hear(ready)
    expect(onReady).not.toHaveBeenCalled()
  })
})

test('what is said before Meshboard listens is said when it does, in order, to its origin alone', () => {
  const helper = embed()
  helper.setTheme('dark')
  helper.setScope({ namespaces: ['a'] })
  helper.setWindow({ from: '1', to: '2' })
  expect(said).toEqual([])
  hear(ready)
  helper.setWindow('1h')
  helper.navigate('/overview')
  helper.navigate('/traffic-graph', 'graphType=app')
  expect(said.map(([message]) => message)).toEqual([
    { meshboard: 1, type: 'theme', theme: 'dark' },
    { meshboard: 1, type: 'scope', namespaces: ['a'] },
    { meshboard: 1, type: 'window', from: '1', to: '2' },
    { meshboard: 1, type: 'window', window: '1h' },
    { meshboard: 1, type: 'navigate', path: '/overview' },
    { meshboard: 1, type: 'navigate', path: '/traffic-graph', search: 'graphType=app' },
  ])
  expect(new Set(said.map(([, to]) => to))).toEqual(new Set([origin]))
})

describe('a token that is needed', () => {
  const needs = { meshboard: 1, type: 'needs-token', reason: 'expired' }

  test('is asked for each time, and one that is renewed before is sent by itself', async () => {
    let at = 0
    const helper = embed({ token: () => Promise.resolve(`token-${(at += 1)}`) })
    hear(ready)
    hear(needs)
    await vi.waitFor(() => expect(said).toHaveLength(1))
    hear(needs)
    await vi.waitFor(() => expect(said).toHaveLength(2))
    helper.setToken('token-of-tomorrow')
    expect(said.map(([message]) => message)).toEqual(
      ['token-1', 'token-2', 'token-of-tomorrow'].map((token) => ({ meshboard: 1, type: 'token', token })),
    )
  })

  test('and cannot be had is told, with the reason', async () => {
    const reasons: string[] = []
    embed({
      token: () => Promise.reject(new Error('the console’s own session ended')),
      onTokenMissing: (reason) => void reasons.push(reason),
    })
    hear(needs)
    await vi.waitFor(() => expect(reasons).toEqual(['the console’s own session ended']))
    expect(said).toEqual([])
  })

  test('of a console that has none to give is told too', () => {
    const reasons: string[] = []
    embed({ onTokenMissing: (reason) => void reasons.push(reason) })
    hear(needs)
    expect(reasons).toEqual(['expired'])
  })
})
