import { afterEach, describe, expect, it, vi } from 'vitest'

import { decodeInstant, exploreInstant, exploreRange, likeFetch } from './explore.ts'

const place = { base: '', cluster: 'east' }

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the results of an instant', () => {
  it('are rows with their values as they were written', () => {
    const result = [
      { metric: { __name__: 'up', job: 'a' }, value: [10, '1'] },
      { metric: { job: 'b' }, value: [10, 'NaN'] },
      { metric: { job: 'c' }, histogram: [10, {}] },
    ]
    expect(decodeInstant({ resultType: 'vector', result })).toEqual({
      resultType: 'vector',
      rows: [
        { labels: { __name__: 'up', job: 'a' }, values: [{ at: 10, text: '1' }] },
        { labels: { job: 'b' }, values: [{ at: 10, text: 'NaN' }] },
      ],
      skipped: 1,
    })
  })

  it('are all samples of a range selector, and a single value of a scalar or a string', () => {
    const values = [
      [1, '5'],
      [2, '6'],
    ]
    expect(decodeInstant({ resultType: 'matrix', result: [{ metric: {}, values }] }).rows[0]?.values).toHaveLength(2)
    expect(decodeInstant({ resultType: 'scalar', result: [3, '7.5'] }).rows).toEqual([
      { labels: {}, values: [{ at: 3, text: '7.5' }] },
    ])
    expect(decodeInstant({ resultType: 'string', result: [3, 'hello'] }).rows[0]?.values[0]?.text).toBe('hello')
  })

  it.each([undefined, null, 7, {}, { resultType: 'vector' }, { resultType: 'vector', result: [7, {}] }])(
    'are none in %j',
    (data) => {
      expect(decodeInstant(data).rows).toEqual([])
    },
  )
})

describe('asking', () => {
  const serve = (answer: object, status = 200) => {
    const asked: { url: string; form: string }[] = []
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      asked.push({ url, form: String(init.body as URLSearchParams) })
      return Promise.resolve(new Response(JSON.stringify(answer), { status }))
    })
    return asked
  }

  it('goes to the raw door by POST, and hands on what Prometheus warns of', async () => {
    const infos = ['metric might not be a counter']
    const asked = serve({ status: 'success', data: { resultType: 'vector', result: [] }, warnings: ['partial'], infos })
    expect(await exploreInstant(place, { promql: 'up == 1', at: 60 })).toMatchObject({ warnings: ['partial'], infos })
    expect(asked).toEqual([{ url: 'api/clusters/east/prometheus/api/v1/query', form: 'query=up+%3D%3D+1&time=60' }])
  })

  it('puts a range’s values on its steps, and repeats Prometheus’s own words of a mistake', async () => {
    serve({
      status: 'success',
      data: { resultType: 'matrix', result: [{ metric: { job: 'a' }, values: [[20, '2']] }] },
    })
    const { series } = await exploreRange(place, { promql: 'up', steps: { start: 10, end: 30, step: 10 } })
    expect(series[0]?.points.map(({ value }) => value)).toEqual([undefined, 2, undefined])
    serve({ status: 'error', errorType: 'bad_data', error: '1:3: parse error: unexpected end of input' }, 400)
    await expect(exploreInstant(place, { promql: 'up{', at: 1 })).rejects.toThrow(/parse error/)
  })

  it('by the house’s fetch is a response to whoever expects the platform’s', async () => {
    serve({ status: 'success', data: ['up'] })
    const response = await likeFetch('api/clusters/east/prometheus/api/v1/labels', { method: 'GET' })
    expect(response.ok).toBe(true)
    expect(await response.json()).toEqual({ status: 'success', data: ['up'] })
  })
})
