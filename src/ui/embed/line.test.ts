import { describe, expect, test } from 'vitest'

import { openLine } from './line.ts'
import type { ToMeshboard } from './protocol.ts'

const console = 'https://console.example.org'
const own = 'https://mesh.example.org'
const sources = ["'self'", console]

interface Around {
  readonly sources?: readonly string[]
  /** What browsers tell of the origin above; Firefox before 141 tells none. */
  readonly ancestor?: string
  readonly referrer?: string
}

/** A frame with a window above it that keeps what it is sent, and for whom. */
function framed({ sources: listed = sources, ancestor, referrer = '' }: Around = {}) {
  const said: (readonly [message: unknown, origin: string])[] = []
  const heard: ToMeshboard[] = []
  const parent = { postMessage: (message: unknown, origin: string) => void said.push([message, origin]) }
  const self = Object.assign(new EventTarget(), {
    location: { origin: own, ...(ancestor === undefined ? {} : { ancestorOrigins: { item: () => ancestor } }) },
    document: { referrer },
    parent,
  })
  const line = openLine({
    self: self as unknown as Window,
    sources: listed,
    onMessage: (message) => void heard.push(message),
  })
  const hear = (data: unknown, { origin = console, source = parent }: { origin?: string; source?: object } = {}) =>
    void self.dispatchEvent(Object.assign(new Event('message'), { data, origin, source }))
  return { line, said, heard, hear }
}

const dark = { meshboard: 1, type: 'theme', theme: 'dark' }

describe('what is heard', () => {
  test('is the window above, where its origin is listed', () => {
    const { heard, hear } = framed()
    hear(dark)
    expect(heard).toEqual([{ type: 'theme', theme: 'dark' }])
  })

  test.each([
    ['of another window of the same console', dark, { source: {} }],
    ['of our own frames', dark, { source: {}, origin: own }],
    ['of an origin that is not listed', dark, { origin: 'https://stranger.test' }],
    ['of an origin that looks like the listed one', dark, { origin: `${console}.evil.test` }],
    ['of a sandboxed frame', dark, { origin: 'null' }],
    ['in another version', { ...dark, meshboard: 2 }, {}],
    ['as a text', JSON.stringify(dark), {}],
  ])('is no message %s', (_, data, from) => {
    const { heard, hear } = framed()
    hear(data, from)
    expect(heard).toEqual([])
  })

  test.each(['*', 'https:'])('is nobody where %s alone may frame us', (source) => {
    const { heard, hear } = framed({ sources: [source] })
    hear(dark)
    expect(heard).toEqual([])
  })

  test('is nothing any more once the line is closed', () => {
    const { line, heard, hear } = framed()
    line.close()
    hear(dark)
    expect(heard).toEqual([])
  })
})

describe('what is said goes', () => {
  const ready = { meshboard: 1, type: 'ready' }

  test.each([
    ['ancestors', { ancestor: console }],
    ['the referrer', { referrer: `${console}/page?x=1` }],
  ])('to the console that is known by %s, and to nobody else', (_, around) => {
    const { line, said } = framed({ ...around, sources: [...sources, 'https://second.example.org'] })
    line.say({ type: 'ready' })
    expect(said).toEqual([[ready, console]])
  })

  test('to each origin that is listed in full, while the browser does not tell which it is', () => {
    const { line, said, hear } = framed({ sources: [...sources, 'https://*.example.org', '*'] })
    line.say({ type: 'ready' })
    expect(said).toEqual([
      [ready, own],
      [ready, console],
    ])
    // The first message tells.
    hear(dark)
    line.say({ type: 'height', height: 7 })
    expect(said.slice(2)).toEqual([[{ meshboard: 1, type: 'height', height: 7 }, console]])
  })

  test('never to a page that is not listed, even where it is the one above', () => {
    const { line, said, hear } = framed({ ancestor: 'https://stranger.test', referrer: 'https://stranger.test/' })
    hear(dark, { origin: 'https://stranger.test' })
    line.say({ type: 'navigated', path: '/', search: 'namespaces=secret' })
    expect(said.map(([, origin]) => origin)).toEqual([own, console])
  })

  test('to nobody where whoever likes may frame us', () => {
    const { line, said } = framed({ sources: ['*'], ancestor: 'https://stranger.test' })
    line.say({ type: 'ready' })
    expect(said).toEqual([])
  })
})
