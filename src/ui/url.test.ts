import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  choiceWord,
  flagWord,
  numbersWord,
  parseDuration,
  parseInstant,
  readWords,
  sharedWords,
  someWord,
  spanOf,
  textWord,
  writeDuration,
  writeWords,
} from './url.ts'

const words = {
  graph: choiceWord(['workload', 'app', 'versionedApp'], 'versionedApp'),
  idle: flagWord(false),
  find: textWord(),
  labels: someWord(['rate', 'p95', 'mtls'], ['rate']),
  camera: numbersWord(3, 2),
} as const

describe('reading words', () => {
  test('an empty address is all defaults, and nothing is malformed', () => {
    expect(readWords(words, '')).toEqual({
      state: { graph: 'versionedApp', idle: false, find: undefined, labels: ['rate'], camera: undefined },
      malformed: [],
    })
  })

  test('every kind of word is read', () => {
    expect(
      readWords(words, '?graph=app&idle=true&find=error%20%3E%201%25&labels=mtls,p95&camera=1.5,-20,0.75').state,
    ).toEqual({
      graph: 'app',
      idle: true,
      find: 'error > 1%',
      labels: ['p95', 'mtls'],
      camera: [1.5, -20, 0.75],
    })
  })

  test.each([
    ['graph', 'pie'],
    ['graph', 'toString'],
    ['idle', 'yes'],
    ['labels', 'rate,banana'],
    ['camera', '1,2'],
    ['camera', '1,,3'],
    ['camera', '1,2,Infinity'],
  ])('%s=%s is reported and falls to the default', (word, text) => {
    const { state, malformed } = readWords(words, new URLSearchParams({ [word]: text }).toString())
    expect(malformed.map((each) => [each.word, each.text])).toEqual([[word, text]])
    expect(state).toEqual(readWords(words, '').state)
  })

  test('whatever stands in the address, reading does not throw and malformed words equal their defaults', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(sharedWords), 'other'), fc.string()), (given) => {
        const { state, malformed } = readWords(sharedWords, new URLSearchParams(given).toString())
        const defaults = readWords(sharedWords, '').state
        for (const { word } of malformed) {
          expect(Object.entries(state).find(([name]) => name === word)).toEqual(
            Object.entries(defaults).find(([name]) => name === word),
          )
        }
      }),
    )
  })
})

describe('writing words', () => {
  test('unknown words and untouched ones stay as they are', () => {
    expect(writeWords(words, '?utm=x%20y&find=reviews&graph=app', { idle: true })).toBe(
      'utm=x+y&find=reviews&graph=app&idle=true',
    )
  })

  test('a value that is the default leaves the address', () => {
    expect(
      writeWords(words, '?graph=app&idle=true&labels=p95&find=a', {
        graph: 'versionedApp',
        labels: ['rate'],
        find: undefined,
      }),
    ).toBe('idle=true')
  })

  test('a page’s own window stays in the address even where it is the default of one page', () => {
    expect(writeWords(sharedWords, '', { window: 300, refresh: 15 })).toBe('window=5m&refresh=15s')
  })

  test('what was written is read back', () => {
    fc.assert(
      fc.property(
        fc.record({
          namespaces: fc
            .uniqueArray(fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/))
            .map((names) => names.sort()),
          project: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
          window: fc.option(fc.integer({ min: 1, max: 2_592_000 }), { nil: undefined }),
          from: fc.option(fc.integer({ min: 0, max: 4_000_000_000 }), { nil: undefined }),
          refresh: fc.option(fc.oneof(fc.constant('off' as const), fc.integer({ min: 5, max: 900 })), {
            nil: undefined,
          }),
          zone: fc.constantFrom('local' as const, 'utc' as const),
        }),
        (state) => {
          const { state: read, malformed } = readWords(sharedWords, writeWords(sharedWords, '', state))
          expect(malformed).toEqual([])
          expect(read).toEqual({ cluster: undefined, to: undefined, ...state })
        },
      ),
    )
  })
})

describe('shared words', () => {
  test('namespaces are sorted and each is named once', () => {
    expect(readWords(sharedWords, '?namespaces=shop-web,bookinfo,,shop-web').state.namespaces).toEqual([
      'bookinfo',
      'shop-web',
    ])
  })

  test.each(['a"b', 'A', '-a', 'a,b|c', 'x'.repeat(64), '../etc'])('%s is not a list of namespaces', (text) => {
    const { state, malformed } = readWords(sharedWords, new URLSearchParams({ namespaces: text }).toString())
    expect(state.namespaces).toEqual([])
    expect(malformed).toHaveLength(1)
  })

  test.each([
    ['4s', undefined],
    ['5s', 5],
    ['15m', 900],
    ['16m', undefined],
    ['off', 'off'],
    ['manual', 'off'],
    ['-15s', undefined],
  ])('refresh=%s is %s', (text, expected) => {
    expect(readWords(sharedWords, `?refresh=${text}`).state.refresh).toBe(expected)
  })
})

test.each([
  ['5m', 300],
  ['300s', 300],
  ['1h30m', 5400],
  ['2d', 172_800],
  ['1w', 604_800],
  ['', undefined],
  ['0s', undefined],
  ['5', undefined],
  ['1.5h', undefined],
  ['m5', undefined],
  ['9'.repeat(40) + 's', undefined],
])('the duration %s is %s seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})

test.each([
  [90, '90s'],
  [300, '5m'],
  [5400, '90m'],
  [7200, '2h'],
  [86_400, '1d'],
])('%s seconds are written %s', (seconds, text) => {
  expect(writeDuration(seconds)).toBe(text)
})

test.each([
  ['1767225600', 1_767_225_600],
  ['1767225600.9', 1_767_225_600],
  ['2026-01-01T00:00:00Z', 1_767_225_600],
  ['2026-01-01T01:00:00+01:00', 1_767_225_600],
  ['2026-01-01T01:00:00 01:00', 1_767_225_600],
  ['2026-01-01T00:00Z', 1_767_225_600],
  ['2026-13-01T00:00:00Z', undefined],
  ['2026-01-01', undefined],
  ['yesterday', undefined],
  ['-5', undefined],
])('the instant %s is %s', (text, seconds) => {
  expect(parseInstant(text)).toBe(seconds)
})

describe('the span', () => {
  test.each([
    ['nothing given: the page’s default', {}, { kind: 'last', seconds: 600 }, []],
    ['a window', { window: 60 }, { kind: 'last', seconds: 60 }, []],
    [
      'two instants go before a window',
      { window: 60, from: 100, to: 400 },
      { kind: 'between', from: 100, to: 400 },
      [],
    ],
    ['one instant alone', { window: 60, from: 100 }, { kind: 'last', seconds: 60 }, ['from']],
    ['the other alone', { to: 100 }, { kind: 'last', seconds: 600 }, ['to']],
    ['the wrong way round', { from: 400, to: 100 }, { kind: 'last', seconds: 600 }, ['from']],
    ['no time between them', { from: 400, to: 400 }, { kind: 'last', seconds: 600 }, ['from']],
  ])('%s', (_, given, span, malformed) => {
    const result = spanOf({ window: undefined, from: undefined, to: undefined, ...given }, 600)
    expect(result.span).toEqual(span)
    expect(result.malformed.map(({ word }) => word)).toEqual(malformed)
  })
})
