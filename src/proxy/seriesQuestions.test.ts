import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { seriesParameters } from '../clients/prometheus/series.ts'
import type { SeriesQuestion } from '../mesh/rangeQueries.ts'
import type { Scope } from '../mesh/scope.ts'
import { RefusalError } from './errors.ts'
import { readAsked } from './parameters.ts'
import { seriesRun } from './seriesQuestions.ts'
import type { UpstreamRequest } from './upstream.ts'

const now = 1_767_225_600

function read(question: string, query: string) {
  return readAsked(question, new URLSearchParams(query), now).question
}

describe('what is asked', () => {
  test.each([
    ['series-requests', '', { ask: 'series-requests', by: [], reporter: 'auto' }],
    [
      'series-requests',
      'by=service,outcome&reporter=source',
      { ask: 'series-requests', by: ['service', 'outcome'], reporter: 'source' },
    ],
    [
      'series-duration',
      'statistic=buckets',
      { ask: 'series-duration', statistic: 'buckets', by: [], reporter: 'auto' },
    ],
    ['series-duration', '', { ask: 'series-duration', statistic: 'p95', by: [], reporter: 'auto' }],
    [
      'series-tcp',
      'services=a/b&rest=true',
      {
        ask: 'series-tcp',
        by: [],
        reporter: 'auto',
        services: { names: [{ namespace: 'a', name: 'b' }], isRest: true },
      },
    ],
  ])('%s?%s', (question, query, series) => {
    expect(read(question, query)).toEqual({ ask: 'series', series })
  })

  test('a step makes it a range; its rates are never over less than the step', () => {
    expect(read('series-tcp', 'step=30&rate=60')).toMatchObject({ grain: { step: 30, rateWindow: 60 } })
    expect(read('series-tcp', 'step=30&rate=10')).toMatchObject({ grain: { step: 30, rateWindow: 30 } })
    expect(read('series-tcp', 'step=30')).toMatchObject({ grain: { step: 30, rateWindow: 30 } })
  })

  test('any service names survive the way from the page', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            namespace: fc.string({ unit: 'grapheme' }),
            name: fc.string({ unit: 'grapheme', minLength: 1 }),
          }),
          {
            minLength: 1,
            maxLength: 10,
          },
        ),
        (names) => {
          const question: SeriesQuestion = {
            ask: 'series-requests',
            by: ['service'],
            reporter: 'destination',
            services: { names, isRest: false },
          }
          const query = new URLSearchParams(seriesParameters(question)).toString()
          expect(read('series-requests', query)).toEqual({ ask: 'series', series: question })
        },
      ),
    )
  })

  test('any peers survive the way from the page', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 })
    const peer = fc.oneof(
      fc.record({
        kind: fc.constantFrom('workload', 'service'),
        namespace: fc.string({ unit: 'grapheme' }),
        name: word,
      }),
      fc.record({ kind: fc.constant('namespace'), namespace: word }),
      fc.constant({ kind: 'unknown' } as const),
    )
    fc.assert(
      fc.property(fc.array(peer, { minLength: 1, maxLength: 10 }), fc.boolean(), (peers, isRest) => {
        const question: SeriesQuestion = {
          ask: 'series-requests',
          by: ['peer'],
          reporter: 'auto',
          end: { kind: 'workload', namespace: 'a', name: 'b', direction: 'outbound' },
          peers: { peers, isRest },
        }
        const query = new URLSearchParams(seriesParameters(question)).toString()
        expect(read('series-requests', query)).toEqual({ ask: 'series', series: question })
      }),
    )
  })

  test.each([
    ['by=destination_principal', /none of/],
    ['reporter=waypoint', /none of/],
    ['statistic=p95', /no such parameter/],
    ['services=catalog', /not namespace\/name/],
    ['services=a/b/c', /not namespace\/name/],
    ['services=a/', /not namespace\/name/],
    ['services=%25E0%25A4/b', /not percent-encoded/],
    [`services=${Array.from({ length: 51 }, (_, index) => `a/${index}`).join(',')}`, /more than 50/],
    ['rest=true', /without services or peers/],
    ['peers=unknown', /without of/],
    ['of=workload/a/b&peers=unknown&services=a/b', /together with services/],
    ['of=workload/a/b&peers=workload/a', /none of/],
    ['of=workload/a/b&peers=app/a/b', /none of/],
    ['of=workload/a/b&peers=unknown/a', /none of/],
    ['of=workload/a/b&peers=workload/a/b/c', /none of/],
    [`of=workload/a/b&peers=${Array.from({ length: 51 }, () => 'unknown').join(',')}`, /more than 50/],
    ['rate=60', /without step/],
    ['step=0', /not a number of seconds/],
    ['step=1e3', /not a number of seconds/],
    ['step=-5', /not a number of seconds/],
  ])('%s is refused', (query, reason) => {
    expect(() => read('series-requests', query)).toThrow(RefusalError)
    expect(() => read('series-requests', query)).toThrow(reason)
  })
})

describe('how it is run', () => {
  const scope: Scope = { namespaces: 'all', peers: 'full', seesAll: true, matchers: [] }
  const window = { seconds: 3600, at: now }
  const series: SeriesQuestion = { ask: 'series-requests', by: [], reporter: 'source' }

  async function requested(question: Parameters<typeof seriesRun>[0], resultType: string) {
    const seen: UpstreamRequest[] = []
    const { queries, run } = seriesRun(question, scope, window, (request) => {
      seen.push(request)
      const json = { status: 'success', data: { resultType, result: ['as it came'] } }
      return Promise.resolve({ status: 200, text: '', json })
    })
    const answer = await run(queries[0]?.promql ?? '', new AbortController().signal)
    return { path: seen[0]?.path, form: Object.fromEntries(seen[0]?.form ?? []), answer }
  }

  test('with a step as a range that ends at the window’s instant', async () => {
    const { path, form, answer } = await requested(
      { ask: 'series', series, grain: { step: 60, rateWindow: 120 } },
      'matrix',
    )
    expect(path).toBe('api/v1/query_range')
    expect(form).toMatchObject({ start: String(now - 3600), end: String(now), step: '60' })
    expect(form['query']).toContain('[120s]')
    expect(answer.result).toEqual(['as it came'])
  })

  test('without a step as one instant over the whole window', async () => {
    const { path, form } = await requested({ ask: 'series', series }, 'vector')
    expect(path).toBe('api/v1/query')
    expect(form['query']).toContain('[3600s]')
  })

  test('more steps than anybody draws are refused', () => {
    expect(() =>
      seriesRun({ ask: 'series', series, grain: { step: 1, rateWindow: 60 } }, scope, window, () =>
        Promise.reject(new Error()),
      ),
    ).toThrow(/more than 1500 steps/)
  })

  test.each([
    [31 * 86_400, 1800, 1800, true],
    [6 * 3600, 15, 300, true],
    [3600, 3600, 31 * 86_400, true],
    [25 * 3600, 60, 31 * 86_400, false],
    [60, 60, 9_999_999, false],
    [1, 9_999_999, 9_999_999, false],
  ])('%i s in steps of %i s with rates over %i s: allowed %s', (seconds, step, rateWindow, isAllowed) => {
    const run = () =>
      seriesRun({ ask: 'series', series, grain: { step, rateWindow } }, scope, { ...window, seconds }, () =>
        Promise.reject(new Error()),
      )
    if (isAllowed) expect(run).not.toThrow()
    else expect(run).toThrow(/rate: too long for so many steps/)
  })
})

describe('one end', () => {
  test.each([
    ['of=workload/shop/cart-v1', { kind: 'workload', namespace: 'shop', name: 'cart-v1', direction: 'inbound' }],
    ['of=namespace/shop/shop', { kind: 'namespace', namespace: 'shop', name: 'shop', direction: 'inbound' }],
    ['of=app/shop/cart&direction=outbound', { kind: 'app', namespace: 'shop', name: 'cart', direction: 'outbound' }],
    ['of=service/shop/a%252Fb', { kind: 'service', namespace: 'shop', name: 'a/b', direction: 'inbound' }],
  ])('%s', (query, end) => {
    expect(read('series-requests', `by=peer,mtls&${query}`)).toEqual({
      ask: 'series',
      series: { ask: 'series-requests', by: ['peer', 'mtls'], reporter: 'auto', end },
    })
  })

  test.each([
    ['of=pod/shop/cart', 'of'],
    ['of=namespace/shop/cart', 'of'],
    ['of=workload/shop', 'of'],
    ['of=workload/shop/', 'of'],
    ['of=workload/shop/a/b', 'of'],
    ['of=workload//cart', 'of'],
    ['of=workload/Shop/cart', 'of'],
    ['of=workload/unknown/cart', 'of'],
    ['of=workload/shop/unknown', 'of'],
    ['of=workload/shop/%25E0', 'of'],
    [`of=workload/shop/${'a'.repeat(254)}`, 'of'],
    ['of=app/a/b&of=app/c/d', 'of'],
    ['direction=inbound', 'direction'],
    ['of=workload/shop/cart&direction=sideways', 'direction'],
    ['by=peer', 'by'],
  ])('%s is refused', (query, parameter) => {
    expect(() => read('series-requests', query)).toThrow(RefusalError)
    expect(() => read('series-requests', query)).toThrow(`Parameter ${parameter}:`)
  })
})
