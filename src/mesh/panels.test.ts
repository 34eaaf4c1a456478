import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { defaultPolicy, type HealthPolicy } from './health.ts'
import {
  answerOf,
  bucketsOf,
  countOf,
  countsOf,
  meanOf,
  overallSuccess,
  quantileOf,
  quantileOfCounts,
  requestsOf,
  restOf,
  rhythmOf,
  successOf,
  toleranceOf,
  totalOf,
} from './panels.ts'
import type { Labels, Series } from './samples.ts'

const hour = 3600
const day = 24 * hour

function series(labels: Labels, ...values: readonly (number | undefined)[]): Series {
  return { labels, points: values.map((value, index) => ({ at: 1000 + index * 30, value })) }
}

describe('how finely a span is asked for', () => {
  test.each([
    [300, 15, { step: 15, rateWindow: 60 }],
    [300, 5, { step: 5, rateWindow: 20 }],
    [900, 15, { step: 15, rateWindow: 60 }],
    [hour, 15, { step: 30, rateWindow: 60 }],
    [hour, 5, { step: 30, rateWindow: 30 }],
    [6 * hour, 5, { step: 120, rateWindow: 120 }],
    [3 * hour, 15, { step: 60, rateWindow: 60 }],
    [6 * hour, 30, { step: 120, rateWindow: 120 }],
    [day, 15, { step: 600, rateWindow: 600 }],
    [7 * day, 15, { step: 3600, rateWindow: 3600 }],
    [30 * day, 60, { step: 14_400, rateWindow: 14_400 }],
    [hour, undefined, { step: 30, rateWindow: 60 }],
    [hour, 300, { step: 300, rateWindow: 1200 }],
  ])('%d s scraped every %s s: %j', (span, scrape, rhythm) => {
    expect(rhythmOf(span, scrape)).toEqual(rhythm)
  })

  test('never more than 400 points, never fewer than four scrapes, never a hole between two points', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * day }), fc.integer({ min: 1, max: 600 }), (span, scrape) => {
        const { step, rateWindow } = rhythmOf(span, scrape)
        expect(Math.floor(span / step) + 1).toBeLessThanOrEqual(401)
        expect(rateWindow).toBeGreaterThanOrEqual(4 * scrape)
        expect(rateWindow).toBeGreaterThanOrEqual(step)
        expect(step).toBeGreaterThanOrEqual(scrape)
      }),
    )
  })
})

describe('what became of a request', () => {
  const http = (code: string, flags?: string): Labels => ({
    request_protocol: 'http',
    response_code: code,
    ...(flags === undefined ? {} : { response_flags: flags }),
  })
  const grpc = (code: string, status: string, flags = '-'): Labels => ({
    request_protocol: 'grpc',
    response_code: code,
    grpc_response_status: status,
    response_flags: flags,
  })

  test.each([
    [http('200', '-'), 'success', false],
    [http('301', '-'), 'success', false],
    [http('404', '-'), 'http4xx', false],
    [http('429', 'RL'), 'http4xx', false],
    [http('500', '-'), 'http5xx', true],
    [http('503', 'UF'), 'http5xx', true],
    [http('0', 'DC'), 'clientLeft', false],
    [http('0', 'UC'), 'noResponse', true],
    [http('0', '-'), 'noResponse', false],
    [http('503', 'FI'), 'injected', true],
    [http('200', 'DI'), 'injected', true],
    [grpc('200', '0'), 'success', false],
    [grpc('200', '14'), 'grpcServer', true],
    [grpc('200', '5'), 'grpcClient', false],
    [grpc('200', '16'), 'grpcClient', false],
    [grpc('503', '14', 'UF'), 'http5xx', true],
    [grpc('403', '7'), 'http4xx', false],
    [grpc('0', '', 'DC'), 'clientLeft', false],
    [{ response_code: '200', grpc_response_status: '13' }, 'grpcServer', true],
    [{}, 'noResponse', false],
  ] as const)('%j', (labels, kind, isError) => {
    expect(answerOf(labels)).toEqual({ kind, isError })
  })

  test('hostile labels are read too', () => {
    const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('x"y\n'.repeat(3000)))
    fc.assert(
      fc.property(hostile, hostile, hostile, (protocol, code, flags) => {
        const { kind } = answerOf({ request_protocol: protocol, response_code: code, response_flags: flags })
        expect(['success', 'noResponse', 'http4xx', 'http5xx', 'clientLeft', 'injected']).toContain(kind)
      }),
    )
  })
})

describe('requests by outcome', () => {
  const all = [
    series({ request_protocol: 'http', response_code: '200' }, 90, 80, undefined, 50),
    series({ request_protocol: 'http', response_code: '503' }, 10, undefined, undefined, undefined),
    series({ request_protocol: 'http', response_code: '404' }, undefined, 20, undefined, undefined),
  ]

  test('what was not seen while others were is zero; where nothing was measured all is a gap', () => {
    const requests = requestsOf(all)
    expect(requests.total).toEqual([100, 100, undefined, 50])
    expect(requests.errors).toEqual([10, 0, undefined, 0])
    expect(requests.of('http4xx')).toEqual([0, 20, undefined, 0])
    expect(requests.of('noResponse')).toEqual([0, 0, undefined, 0])
    expect(requests.has('http4xx')).toBe(true)
    expect(requests.has('noResponse')).toBe(false)
  })

  test('the success ratio knows no success in silence', () => {
    const { total, errors } = requestsOf(all)
    expect(successOf(total, errors)).toEqual([0.9, 1, undefined, 1])
    expect(successOf([0], [0])).toEqual([undefined])
  })

  test('over the span it is of all requests, not the mean of the steps', () => {
    expect(overallSuccess([7, 100, 300], [7, 50, 0])).toBe(0.875)
    expect(overallSuccess([], [])).toBeUndefined()
  })

  test('no series at all are no steps', () => {
    expect(requestsOf([]).total).toEqual([])
    expect(totalOf([])).toEqual([])
  })

  test('kinds add up to the total', () => {
    const kinds = [
      'success',
      'http4xx',
      'grpcClient',
      'clientLeft',
      'http5xx',
      'grpcServer',
      'noResponse',
      'injected',
    ] as const
    const anySeries = fc.record({
      code: fc.constantFrom('200', '404', '503', '0', '', 'odd'),
      status: fc.constantFrom(undefined, '0', '5', '14'),
      flags: fc.constantFrom('-', 'UF', 'DC', 'FI', 'UC,URX'),
      values: fc.array(fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }), {
        minLength: 3,
        maxLength: 3,
      }),
    })
    fc.assert(
      fc.property(fc.array(anySeries, { maxLength: 8 }), (drawn) => {
        const requests = requestsOf(
          drawn.map(({ code, status, flags, values }) =>
            series(
              {
                request_protocol: status === undefined ? 'http' : 'grpc',
                response_code: code,
                response_flags: flags,
                ...(status === undefined ? {} : { grpc_response_status: status }),
              },
              ...values,
            ),
          ),
        )
        for (const [at, total] of requests.total.entries()) {
          const sum = kinds.reduce((known, kind) => known + (requests.of(kind)[at] ?? 0), 0)
          expect(sum).toBeCloseTo(total ?? 0, 4)
        }
      }),
    )
  })
})

describe('the rest of a total', () => {
  test.each([
    [
      [10, 10, undefined],
      [
        [3, undefined, 5],
        [4, 1, undefined],
      ],
      [3, 9, undefined],
    ],
    [[5], [[7]], [0]],
    [[0.1 + 0.2], [[0.3]], [0]],
    [[5, 6], [], [5, 6]],
  ])('%j without %j is %j', (total, parts, rest) => {
    expect(restOf(total, parts)).toEqual(rest)
  })
})

describe('over the span', () => {
  test('the first point speaks of the time before it', () => {
    expect(meanOf([900, 10, undefined, 20])).toBe(15)
    expect(meanOf([42])).toBe(42)
    expect(meanOf([undefined, undefined])).toBeUndefined()
    expect(countOf([900, 10, undefined, 20], 30)).toBe(900)
    expect(countOf([], 30)).toBeUndefined()
  })

  test('counts are rates times the step', () => {
    expect(countsOf([2, undefined, 0.5], 30)).toEqual([60, undefined, 15])
  })
})

describe('quantiles of a histogram', () => {
  const bounds = [0.1, 0.5, 1, Infinity]

  test.each([
    [0.5, [0, 10, 20, 20], 0.5],
    [0.25, [0, 10, 20, 20], 0.3],
    [0.75, [0, 10, 20, 20], 0.75],
    [0.5, [20, 20, 20, 20], 0.05],
    [0.99, [0, 0, 1, 100], 1],
    [0, [5, 5, 5, 5], 0],
    [1, [0, 0, 4, 4], 1],
  ])('%d of %j is %d s', (quantile, counts, seconds) => {
    expect(quantileOfCounts(quantile, bounds, counts)).toBeCloseTo(seconds, 12)
  })

  test.each([
    [
      [0.1, Infinity],
      [0, 0],
    ],
    [
      [0.1, 0.5],
      [1, 2],
    ],
    [[Infinity], [3]],
    [[], []],
  ])('%j with %j measure nothing', (some, counts) => {
    expect(quantileOfCounts(0.5, some, counts)).toBeUndefined()
  })

  test('counts that fall from one bound to the next are read as if they did not', () => {
    expect(quantileOfCounts(0.5, bounds, [0, 10, 9, 10])).toBe(quantileOfCounts(0.5, bounds, [0, 10, 10, 10]))
  })

  test('never leave the buckets, and grow with the share', () => {
    const counts = fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }).map((parts) => {
      let sum = 0
      return parts.map((part) => (sum += part))
    })
    fc.assert(
      fc.property(
        counts,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, a, b) => {
          const low = quantileOfCounts(Math.min(a, b), bounds, all)
          const high = quantileOfCounts(Math.max(a, b), bounds, all)
          if (all.at(-1) === 0) expect(low).toBeUndefined()
          else {
            expect(low).toBeGreaterThanOrEqual(0)
            expect(high).toBeLessThanOrEqual(1)
            expect(low).toBeLessThanOrEqual((high ?? 0) + 1e-12)
          }
        },
      ),
    )
  })

  test('are read at every step from series with `le` in milliseconds, in any order', () => {
    const buckets = bucketsOf([
      series({ le: '+Inf' }, 20, 0),
      series({ le: '100' }, 10, 0),
      series({ le: '50' }, 0, 0),
      series({ le: 'odd' }, 7, 7),
      series({}, 7, 7),
    ])
    expect(buckets.bounds).toEqual([0.05, 0.1, Infinity])
    expect(quantileOf(0.25, buckets).map((value) => value?.toFixed(6))).toEqual(['0.075000', undefined])
  })
})

describe('the tolerance lines', () => {
  test('come from the policy’s first general rule on 5xx', () => {
    expect(toleranceOf(defaultPolicy)).toEqual({ degraded: 0.99, failing: 0.9 })
    expect(
      toleranceOf([
        { match: { name: 'a' }, protocol: 'http', codes: '5XX', degraded: 0.3, minRequests: 0 },
        { protocol: 'http', codes: '4XX|5XX', degraded: 0.05, minRequests: 0 },
      ]),
    ).toEqual({ degraded: 0.95 })
    expect(toleranceOf([])).toEqual({})
  })

  test('of one element come from the rules that concern it', () => {
    const policy: HealthPolicy = [
      { match: { name: 'cart' }, protocol: 'http', codes: '500', degraded: 0.25, failing: 0.5, minRequests: 0 },
      ...defaultPolicy,
    ]
    expect(toleranceOf(policy, { namespace: 'shop', name: 'cart', kind: 'service' })).toEqual({
      degraded: 0.75,
      failing: 0.5,
    })
    expect(toleranceOf(policy, { namespace: 'shop', name: 'web', kind: 'service' })).toEqual({
      degraded: 0.99,
      failing: 0.9,
    })
  })
})
