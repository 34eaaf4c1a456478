import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { aCluster, aSession, renderInApp } from '../../testing/render.tsx'
import { useView } from '../../view.tsx'
import { TrafficMetricsPage } from './TrafficMetricsPage.tsx'

const defaults = { window: 3600, refresh: 30 }

/** What the stubbed proxy answers, by question; a number is a failing status. */
type Answers = Readonly<Record<string, number | ((parameters: URLSearchParams) => readonly [object, string][])>>

const asked: { question: string; parameters: URLSearchParams }[] = []

const service = (name: string) => ({ destination_service_namespace: 'shop', destination_service_name: name })
const http = (code: string, flags = '-') => ({ request_protocol: 'http', response_code: code, response_flags: flags })

const busy: Answers = {
  facts: () => [],
  'series-requests': (parameters) => {
    const by = parameters.get('by')
    if (by === 'outcome')
      return [
        [http('200'), '80'],
        [http('404'), '12'],
        [http('503', 'UF'), '6'],
        [http('0', 'UC'), '1.5'],
        [http('0', 'DC'), '0.5'],
      ]
    const isVolume = by === 'service'
    return [
      [{ ...service('cart'), ...(isVolume ? {} : http('200')) }, '30'],
      ...(isVolume ? [] : [[{ ...service('cart'), ...http('503') }, '2'] as [object, string]]),
      [{ ...service('catalog'), ...(isVolume ? {} : http('404')) }, '9'],
    ]
  },
  'series-duration': (parameters) =>
    parameters.get('statistic') === 'buckets'
      ? [
          [{ le: '100' }, '50'],
          [{ le: '1000' }, '98'],
          [{ le: '+Inf' }, '98'],
        ]
      : [[parameters.get('by') === 'service' ? service('cart') : {}, '0.25']],
  'series-tcp': () => [],
  'series-grpc-messages': () => [],
}

function serve(answers: Answers, objects?: object, missing: readonly object[] = []): void {
  vi.stubGlobal('fetch', (input: string) => {
    const { pathname, searchParams: parameters } = new URL(input, 'http://page/')
    if (objects !== undefined && pathname.endsWith('/objects')) {
      return Promise.resolve(new Response(JSON.stringify({ lists: objects, namespaces: null, missing })))
    }
    const question = /telemetry\/([^/]+)$/.exec(pathname)?.[1] ?? ''
    if (question !== '') asked.push({ question, parameters })
    const answer = answers[question]
    if (answer === undefined) return Promise.resolve(new Response('{}', { status: 404 }))
    if (typeof answer === 'number') {
      const error = { code: 'prometheus_timeout', message: 'Prometheus did not answer within 30 s' }
      return Promise.resolve(new Response(JSON.stringify({ error }), { status: answer }))
    }
    return Promise.resolve(new Response(JSON.stringify(bodyOf(question, parameters, answer(parameters)))))
  })
}

function bodyOf(question: string, parameters: URLSearchParams, result: readonly [object, string][]): object {
  const meshboard = {
    queries: [{ name: question, promql: `run(${question})` }],
    window: 3600,
    time: 1,
    namespaces: null,
    notes: [],
  }
  if (question === 'facts') {
    // Prometheus holds nothing from before 2020.
    const has = Number(parameters.get('time')) > 1577836800
    const data = {
      ...(has ? { scrapeIntervalSeconds: 15 } : {}),
      ...{ hasIstioMetrics: has, hasTraffic: has, reporters: has ? ['source'] : [], retention: '15d' },
    }
    return { status: 'success', data, meshboard }
  }
  const at = Number(parameters.get('time'))
  const step = parameters.get('step')
  if (step === null) {
    return {
      status: 'success',
      data: { resultType: 'vector', result: result.map(([metric, value]) => ({ metric, value: [at, value] })) },
      meshboard,
    }
  }
  const steps = Math.floor(Number.parseInt(parameters.get('window') ?? '0') / Number(step))
  const times = Array.from({ length: steps + 1 }, (_, index) => at - (steps - index) * Number(step))
  return {
    status: 'success',
    data: {
      resultType: 'matrix',
      result: result.map(([metric, value]) => ({ metric, values: times.map((time) => [time, value]) })),
    },
    meshboard,
  }
}

beforeEach(() => {
  asked.length = 0
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const panel = (name: string) => screen.findByRole('region', { name })

describe('Summary', () => {
  test('draws the five panels, each with what it counts, from three questions', async () => {
    serve(busy)
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics?from=1767225600&to=1767229200', defaults })
    expect(await within(await panel('Success Rate')).findByText('percent of requests')).toBeVisible()
    expect(screen.getByTestId('legend-success')).toHaveTextContent('92.5')
    expect(screen.getByTestId('legend-requests')).toHaveTextContent('100/s')
    // 12 per second over an hour, told in steps of 30 s.
    expect(within(await panel('4xx Response Count')).getByText('responses per 30 s')).toBeVisible()
    expect(screen.getByTestId('legend-http4xx')).toHaveTextContent('43,200')
    expect(screen.getByTestId('legend-clientLeft')).toHaveTextContent('1,800')
    expect(screen.getByTestId('legend-http5xx')).toHaveTextContent('21,600')
    expect(screen.getByTestId('legend-noResponse')).toHaveTextContent('5,400')
    expect(await screen.findByTestId('legend-p50')).toHaveTextContent('98')
    expect(screen.queryByRole('region', { name: 'TCP Traffic' })).not.toBeInTheDocument()
    const ranges = asked.filter(({ question }) => question.startsWith('series-'))
    expect(ranges.map(({ question }) => question).sort()).toEqual([
      'series-duration',
      'series-grpc-messages',
      'series-requests',
      'series-tcp',
    ])
  })

  test('the counts can be switched to rates, which the URL keeps', async () => {
    serve(busy)
    const { url } = renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics', defaults })
    await screen.findByTestId('legend-http4xx')
    await userEvent.click(screen.getByRole('radio', { name: 'Per second' }))
    expect(url()).toBe('/traffic-metrics?unit=rates')
    expect(screen.getByTestId('legend-http4xx')).toHaveTextContent('12.0/s')
    expect(within(await panel('4xx Response Count')).getByText('responses per second')).toBeVisible()
  })

  test('the fourth panel is called as in Rancher when the scope is a project', async () => {
    serve(busy)
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics?project=c-m-1:p-shop', defaults })
    expect(await panel('Project 5xx Response Count')).toBeVisible()
    expect(asked.every(({ parameters }) => parameters.get('project') === 'c-m-1:p-shop')).toBe(true)
  })

  test('a forced reporter is asked for and said', async () => {
    serve(busy)
    renderInApp(<TrafficMetricsPage />, {
      url: '/traffic-metrics?reporter=destination&from=1767225600&to=1767229200',
      defaults,
    })
    expect(await screen.findByText(/requests that never arrived are missing/)).toBeVisible()
    expect(
      asked.filter(({ question }) => question !== 'facts').map(({ parameters }) => parameters.get('reporter')),
    ).toEqual(Array.from({ length: 4 }, () => 'destination'))
  })
})

describe('Compared with the period before', () => {
  const end = 1767229200
  /** A day before there was half of it all. */
  const grown: Answers = Object.fromEntries(
    Object.entries(busy).map(([question, answer]) => [
      question,
      (parameters: URLSearchParams) =>
        (typeof answer === 'function' ? answer(parameters) : []).map(([labels, value]): [object, string] => [
          labels,
          Number(parameters.get('time')) < end - 80_000 && !('le' in labels) ? String(Number(value) / 2) : value,
        ]),
    ]),
  )

  test('each line says what it was, and its file holds both', async () => {
    serve(grown)
    const url = `/traffic-metrics?compare=1d&from=${end - 3600}&to=${end}`
    const { container } = renderInApp(<TrafficMetricsPage />, { url, defaults })
    expect(await screen.findByText('was 50.0/s')).toBeVisible()
    expect(screen.getByTestId('legend-requests')).toHaveTextContent('100/s')
    expect(screen.getByText('was 21,600')).toBeVisible()
    const ends = new Set(
      asked.filter(({ question }) => question !== 'facts').map(({ parameters }) => parameters.get('time')),
    )
    expect([...ends].sort()).toEqual([`${end - 86_400}`, `${end}`])
    const volume = await panel('Request Volume')
    await userEvent.click(within(volume).getByRole('button', { name: 'More for Request Volume' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Show as a table' }))
    expect(within(volume).getByRole('columnheader', { name: 'Requests, 1 day before' })).toBeVisible()
    expect(container.textContent).not.toMatch(/nothing to compare with/)
  })

  test('Detail compares the same services, those that matter most now', async () => {
    serve(grown)
    const url = `/traffic-metrics?level=detail&compare=1d&from=${end - 3600}&to=${end}`
    renderInApp(<TrafficMetricsPage />, { url, defaults })
    const volume = await panel('Request Volume')
    expect(await within(volume).findByText('was 15.0/s')).toBeVisible()
    const rankings = asked.filter(({ parameters }) => !parameters.has('step') && parameters.has('by'))
    expect(rankings.length).toBeGreaterThan(0)
    expect(rankings.every(({ parameters }) => parameters.get('time') === `${end}`)).toBe(true)
  })

  test('where nothing was recorded then, the page says so', async () => {
    serve(
      Object.fromEntries(
        Object.entries(busy).map(([question, answer]) => [
          question,
          (parameters: URLSearchParams) =>
            Number(parameters.get('time')) < end - 80_000 || typeof answer !== 'function' ? [] : answer(parameters),
        ]),
      ),
    )
    const url = `/traffic-metrics?compare=1w&from=${end - 3600}&to=${end}`
    renderInApp(<TrafficMetricsPage />, { url, defaults })
    expect(await screen.findByText(/1 week before: there is nothing to compare with/)).toBeVisible()
  })
})

describe('Changes', () => {
  const metadata = (name: string, creationTimestamp: string, more: object = {}) => ({
    metadata: { namespace: 'shop', name, creationTimestamp, ...more },
  })
  const owned = { ownerReferences: [{ kind: 'Deployment', name: 'cart' }] }
  const managedFields = [{ manager: 'argocd', time: '2026-01-01T00:40:00Z' }]
  const objects = {
    'replicasets.apps': [
      metadata('cart-2', '2026-01-01T00:20:00Z', owned),
      metadata('cart-1', '2025-01-01T00:00:00Z', owned),
    ],
    'virtualservices.networking.istio.io': [metadata('cart', '2025-01-01T00:00:00Z', { managedFields })],
  }
  const url = '/traffic-metrics?zone=utc&from=1767225600&to=1767229200'

  test('within the span are listed with who made them, and may be left unmarked', async () => {
    serve(busy, objects)
    const { url: now } = renderInApp(<TrafficMetricsPage />, { url, defaults })
    await userEvent.click(await screen.findByText('2 changes in this span'))
    const items = screen.getAllByRole('listitem').filter((each) => each.querySelector('time') !== null)
    expect(items.map(({ textContent }) => textContent)).toEqual([
      '00:40:00◇VirtualService shop/cartchanged by argocd',
      '00:20:00▼Deployment shop/cartrolled out',
    ])
    expect(screen.getByRole('link', { name: 'Deployment shop/cart' })).toHaveAttribute(
      'href',
      expect.stringContaining('/workloads/shop/cart'),
    )
    await userEvent.click(screen.getByRole('switch', { name: 'Mark them in the charts' }))
    expect(now()).toContain('changes=false')
    expect(screen.getByRole('switch', { name: 'Mark them in the charts' })).not.toBeChecked()
  })

  test('that may not be read are said to be missing', async () => {
    serve(busy, {}, [
      { kind: 'replicasets.apps', namespace: 'shop', status: 403 },
      { kind: 'pods', namespace: 'shop', status: 403 },
      { kind: 'sidecars.networking.istio.io', namespace: 'other', status: 403 },
    ])
    renderInApp(<TrafficMetricsPage />, { url: `${url}&namespaces=shop`, defaults })
    expect(await screen.findByText(/^Changes of replicasets.apps are missing: you may not list them/)).toBeVisible()
  })

  test('elsewhere are none of a scope’s', async () => {
    serve(busy, objects)
    renderInApp(<TrafficMetricsPage />, { url: `${url}&namespaces=other`, defaults })
    await panel('Success Rate')
    await screen.findByTestId('legend-p50')
    expect(screen.queryByText(/changes? in this span/)).not.toBeInTheDocument()
  })
})

describe('A service’s objective', () => {
  const stating = (objective: string) => ({
    services: [{ metadata: { namespace: 'shop', name: 'cart', annotations: { 'meshboard.io/objective': objective } } }],
  })
  const url = '/traffic-metrics?of=service/shop/cart&from=1767225600&to=1767229200'

  test('is a line, with what was attained and what is left of the budget', async () => {
    serve(busy, stating('99% in 1d'))
    renderInApp(<TrafficMetricsPage />, { url, defaults })
    const card = await screen.findByRole('region', { name: 'Objective' })
    expect(card).toHaveTextContent('99.0 % of requests succeed in 1 d')
    // 7.5 of 100 fail: seven and a half times what may.
    await waitFor(() => expect(card).toHaveTextContent(/92\.5 % succeeded in the last/))
    expect(card).toHaveTextContent(/overspent: [\d,]+ of [\d,]+ requests failed, 7\.5 times the [\d,]+ that may/)
    expect(await within(await panel('Success Rate')).findByText('Objective')).toBeVisible()
    expect(within(await panel('Request Volume')).queryByText('Objective')).not.toBeInTheDocument()
  })

  test('that cannot be read is said', async () => {
    serve(busy, stating('four nines'))
    renderInApp(<TrafficMetricsPage />, { url, defaults })
    expect(await screen.findByText(/of cart says “four nines”, which cannot be read/)).toBeVisible()
  })
})

describe('Detail', () => {
  test('draws the services that were chosen over the whole span, and the rest as others', async () => {
    serve(busy)
    renderInApp(<TrafficMetricsPage />, {
      url: '/traffic-metrics?level=detail&from=1767225600&to=1767229200',
      defaults,
    })
    const volume = await panel('Request Volume')
    expect(await within(volume).findByTestId('legend-shop/cart')).toHaveTextContent('30.0/s')
    expect(within(volume).getByTestId('legend-shop/catalog')).toHaveTextContent('9')
    expect(within(volume).getByTestId('legend-others')).toHaveTextContent('61.0/s')
    const success = await panel('Success Rate')
    expect(await within(success).findByTestId('legend-shop/cart')).toHaveTextContent('93.8')
    // 7.5 errors in all, 2 of them the cart's, in 59 requests that are neither the cart's nor the catalog's.
    expect(within(success).getByTestId('legend-others')).toHaveTextContent('90.7')
    const ranking = asked.filter(
      ({ parameters }) => parameters.get('step') === null && parameters.get('by') === 'service,outcome',
    )
    expect(ranking).toHaveLength(1)
    expect(asked.some(({ parameters }) => parameters.get('services') === 'shop/cart,shop/catalog')).toBe(true)
    expect(asked.some(({ parameters }) => parameters.get('rest') === 'true')).toBe(true)
  })
})

function RefreshNow() {
  const { refreshNow } = useView()
  return <button onClick={refreshNow}>Now</button>
}

describe('a refresh', () => {
  test('leaves what is drawn in its place until all parts of the newer instant have arrived', async () => {
    serve(busy)
    renderInApp(
      <>
        <TrafficMetricsPage />
        <RefreshNow />
      </>,
      { url: '/traffic-metrics?level=detail&refresh=off', defaults },
    )
    const volume = await panel('Request Volume')
    expect(await within(volume).findByTestId('legend-shop/cart')).toHaveTextContent('30.0/s')
    const real = globalThis.fetch
    // The newer total comes at once, the ten not before they are given up.
    vi.stubGlobal('fetch', (input: string, { signal }: { readonly signal: AbortSignal }) =>
      input.includes('services=')
        ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))))
        : real(input),
    )
    const before = asked.length
    await new Promise((resolve) => setTimeout(resolve, 1100))
    await userEvent.click(screen.getByRole('button', { name: 'Now' }))
    await waitFor(() => expect(asked.slice(before).some(({ question }) => question === 'series-requests')).toBe(true))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(within(volume).getByTestId('legend-shop/cart')).toHaveTextContent('30.0/s')
    expect(within(volume).queryByRole('status')).not.toBeInTheDocument()
  })
})

describe('a panel', () => {
  test('fails alone, says why, shows what it asked for and tries again', async () => {
    serve({ ...busy, 'series-duration': 504 })
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics', defaults })
    const duration = await panel('Request Duration')
    expect(await within(duration).findByText('Prometheus did not answer within 30 s')).toBeVisible()
    expect(within(duration).getByText('The other panels are not affected.')).toBeVisible()
    expect(await screen.findByTestId('legend-requests')).toHaveTextContent('100/s')
    serve(busy)
    await userEvent.click(within(duration).getByRole('button', { name: 'Retry' }))
    expect(await within(duration).findByTestId('legend-p99')).toBeVisible()
  })

  test('shows its PromQL', async () => {
    serve(busy)
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics', defaults })
    await screen.findByTestId('legend-requests')
    await userEvent.click(screen.getByRole('button', { name: 'More for Request Volume' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'PromQL' }))
    expect(await screen.findByText('run(series-requests)')).toBeVisible()
  })

  test('leads with it to Explore, whoever sees every namespace', async () => {
    serve(busy)
    const of = (namespaces: readonly string[] | null) => aSession([{ ...aCluster('demo'), namespaces }])
    const url = '/traffic-metrics?from=1767225600&to=1767229200'
    const open = async () => {
      const volume = await panel('Request Volume')
      await within(volume).findByTestId('legend-requests')
      await userEvent.click(within(volume).getByRole('button', { name: 'More for Request Volume' }))
      await userEvent.click(await screen.findByRole('menuitem', { name: 'PromQL' }))
      return screen.findByRole('dialog', { name: 'PromQL of Request Volume' })
    }
    const { unmount } = renderInApp(<TrafficMetricsPage />, { url, defaults, session: of(null) })
    const link = within(await open()).getByRole('link', { name: 'Open in Explore' })
    const place = new URL(link.getAttribute('href') ?? '', 'http://page/')
    expect([place.pathname, place.searchParams.get('q'), place.searchParams.get('to')]).toEqual([
      '/explore',
      'run(series-requests)',
      '1767229200',
    ])
    unmount()
    renderInApp(<TrafficMetricsPage />, { url, defaults, session: of(['shop']) })
    expect(within(await open()).queryByRole('link')).not.toBeInTheDocument()
  })

  test('has its numbers as a table, newest first', async () => {
    serve(busy)
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics?zone=utc&from=1767225600&to=1767229200', defaults })
    await screen.findByTestId('legend-requests')
    await userEvent.click(screen.getByRole('button', { name: 'More for Request Volume' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Show as a table' }))
    const table = await screen.findByRole('table', { name: 'Request Volume, requests per second, newest first' })
    const rows = within(table).getAllByRole('row')
    expect(rows).toHaveLength(122)
    expect(within(table).getByRole('columnheader', { name: 'Requests' })).toBeVisible()
    expect(rows[1]).toHaveTextContent('01:00:00')
    expect(rows[1]).toHaveTextContent('100/s')
  })

  test('hides a line, and shows one alone', async () => {
    serve(busy)
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics', defaults })
    const entry = async (name: RegExp) => within(await panel('5xx Response Count')).findByRole('button', { name })
    await userEvent.click(await entry(/^5xx/))
    expect(await entry(/^5xx/)).toHaveAttribute('aria-pressed', 'false')
    expect(await entry(/^No response/)).toHaveAttribute('aria-pressed', 'true')
    const user = userEvent.setup()
    await user.keyboard('{Shift>}')
    await user.click(await entry(/^5xx/))
    await user.keyboard('{/Shift}')
    expect(await entry(/^5xx/)).toHaveAttribute('aria-pressed', 'true')
    expect(await entry(/^No response/)).toHaveAttribute('aria-pressed', 'false')
  })

  test('expands across the page, which the URL keeps', async () => {
    serve(busy)
    const { url } = renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics', defaults })
    await userEvent.click(await screen.findByRole('button', { name: 'Expand Request Volume' }))
    expect(url()).toBe('/traffic-metrics?panel=volume')
    expect(screen.getByRole('button', { name: 'Shrink Request Volume' })).toHaveAttribute('aria-pressed', 'true')
  })
})

describe('odd ranges', () => {
  test('one in the future asks nothing and says so', async () => {
    serve(busy)
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics?from=9999999000&to=9999999900', defaults })
    expect(await screen.findByRole('heading', { name: 'The range lies in the future' })).toBeVisible()
    expect(asked.filter(({ question }) => question.startsWith('series-'))).toEqual([])
  })

  test('one that Prometheus no longer holds says so, not that the mesh has no metrics', async () => {
    serve({ ...busy, 'series-requests': () => [], 'series-duration': () => [] })
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics?zone=utc&from=1500000000&to=1500003600', defaults })
    expect(await screen.findByRole('heading', { name: 'Nothing was recorded in this range' })).toBeVisible()
    expect(screen.getByText(/2017.*02:40:00 UTC.*What is older than 15d is not kept there\./)).toBeVisible()
  })

  test('one longer than 30 days is drawn by its last 30', async () => {
    serve(busy)
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics?from=1000000000&to=1767225600', defaults })
    expect(await screen.findByText('At most 30 days can be drawn: these are the last 30 of the range.')).toBeVisible()
    expect(asked.find(({ question }) => question === 'series-requests')?.parameters.get('window')).toBe('2592000s')
  })

  test('one that Prometheus holds only the end of begins with the numbers there are', async () => {
    serve({ ...busy })
    const real = globalThis.fetch
    // Nothing before the last hour.
    vi.stubGlobal('fetch', async (input: string) => {
      const response = await real(input)
      const body = (await response.json()) as { data?: { result?: { values?: [number, string][] }[] } }
      const at = Number(new URL(input, 'http://page/').searchParams.get('time'))
      for (const each of body.data?.result ?? []) {
        if (each.values !== undefined) each.values = each.values.filter(([time]) => time > at - 3600)
      }
      return new Response(JSON.stringify(body))
    })
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics?window=30d', defaults })
    expect(await screen.findByText(/^Nothing was recorded for this scope before/)).toBeVisible()
    await waitFor(() => {
      const windows = asked
        .filter(({ question }) => question === 'series-duration')
        .map(({ parameters }) => Number.parseInt(parameters.get('window') ?? '', 10))
      expect(windows).toHaveLength(1)
      expect(windows[0]).toBeGreaterThanOrEqual(3600)
      expect(windows[0]).toBeLessThan(2 * 3600)
    })
  })
})

describe('a scope without traffic', () => {
  test('is said, and is no failure', async () => {
    serve({ ...busy, 'series-requests': () => [], 'series-duration': () => [] })
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics?namespaces=empty', defaults })
    expect(await screen.findByRole('heading', { name: 'No traffic here' })).toBeVisible()
    expect(screen.getByText(/none touches empty.*or there is no namespace of that name/)).toBeVisible()
  })
})

describe('one end', () => {
  test('asks for its calls alone, says whose they are and leads back', async () => {
    serve(busy)
    renderInApp(<TrafficMetricsPage />, {
      url: '/traffic-metrics?of=workload/shop/cart-v1&direction=outbound&window=5m',
      defaults,
    })
    expect(await screen.findByRole('heading', { level: 1, name: 'cart-v1' })).toBeInTheDocument()
    expect(screen.getByText('Workload in shop')).toBeInTheDocument()
    await waitFor(() => expect(asked.some(({ question }) => question === 'series-requests')).toBe(true))
    const series = asked.filter(({ question }) => question.startsWith('series-'))
    expect(series.every(({ parameters }) => parameters.get('of') === 'workload/shop/cart-v1')).toBe(true)
    expect(series.every(({ parameters }) => parameters.get('direction') === 'outbound')).toBe(true)
    expect(screen.getByRole('link', { name: 'All of the scope' })).toHaveAttribute('href', '/traffic-metrics?window=5m')
  })

  test('split by peer ranks the callers by their totals, asks for ten by name and draws the others', async () => {
    const callers = Array.from({ length: 12 }, (_, place) => ({
      source_workload_namespace: 'shop',
      source_workload: `w${place}`,
    }))
    const of = (parameters: URLSearchParams) => {
      const wanted = parameters.get('peers')
      const ranked = callers.filter(
        (_, place) => wanted === null || wanted.split(',').includes(`workload/shop/w${place}`),
      )
      return ranked.map((labels): [object, string] => [
        { ...labels, ...(parameters.get('by') === 'peer,outcome' ? http('200') : {}) },
        String(Number(labels.source_workload.slice(1)) + 1),
      ])
    }
    serve({
      ...busy,
      'series-requests': (parameters) => (parameters.get('by') === 'outcome' ? [[http('200'), '78']] : of(parameters)),
      'series-duration': (parameters) => (parameters.get('rest') === 'true' ? [[{}, '0.5']] : of(parameters)),
    })
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics?of=app/shop/cart&by=peer&window=5m', defaults })
    const volume = await panel('Request Volume')
    await waitFor(() => expect(within(volume).getByTestId('legend-shop/w11')).toHaveTextContent(/12(\.0)?\/s/))
    expect(within(volume).queryByTestId('legend-shop/w1')).toBeNull()
    expect(within(volume).getByTestId('legend-others')).toHaveTextContent(/^3(\.0+)?\/s/)
    const duration = await panel('Request Duration')
    await waitFor(() => expect(within(duration).getByTestId('legend-others')).toBeInTheDocument())
    const overTime = asked.filter(({ parameters }) => parameters.has('step') && parameters.get('by')?.includes('peer'))
    expect(overTime.every(({ parameters }) => parameters.get('peers')?.split(',').length === 10)).toBe(true)
  })

  test('split by code draws a line for each', async () => {
    serve({
      ...busy,
      'series-requests': () => [
        [http('200'), '80'],
        [http('404'), '12'],
        [http('503', 'UF'), '6'],
      ],
    })
    renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics?of=app/shop/cart&by=code&window=5m', defaults })
    const volume = await panel('Request Volume')
    await waitFor(() => expect(within(volume).getByTestId('legend-200')).toHaveTextContent('80'))
    expect(within(volume).getByTestId('legend-404')).toHaveTextContent('12')
    expect(within(volume).getByTestId('legend-503')).toHaveTextContent('6')
  })
})

test('while Prometheus gives no answer the page says so once, and what to do', async () => {
  serve({ facts: () => [], ...Object.fromEntries(Object.keys(busy).map((question) => [question, 504])) })
  renderInApp(<TrafficMetricsPage />, { url: '/traffic-metrics?window=5m', defaults })
  expect(await screen.findByRole('heading', { name: 'Prometheus does not answer' })).toBeInTheDocument()
  expect(screen.queryByRole('region', { name: 'Request Volume' })).toBeNull()
})
