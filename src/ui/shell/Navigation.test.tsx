import { useQuery } from '@tanstack/react-query'
import { screen, within } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'

import { telemetryQuery } from '../queries/telemetry.ts'
import { aCluster, aSession, renderInApp } from '../testing/render.tsx'
import { clockTime } from '../format.ts'
import { sharedSearch } from '../panels/links.ts'
import { Navigation } from './Navigation.tsx'

test('the group Istio holds the graph, the metrics, the configuration and mTLS; the page one is on is marked', () => {
  renderInApp(<Navigation />, { url: '/traffic-metrics' })
  const group = screen.getByRole('list', { name: 'Istio' })
  expect(
    within(group)
      .getAllByRole('link')
      .map((link) => link.textContent),
  ).toEqual(['Traffic Graph', 'Traffic Metrics', 'Explore', 'Istio Config', 'mTLS'])
  expect(screen.getByRole('link', { name: 'Traffic Metrics' })).toHaveAttribute('aria-current', 'page')
  expect(screen.getByRole('link', { name: 'Traffic Graph' })).not.toHaveAttribute('aria-current')
})

test('links take scope and time along, and leave the page’s own words behind', () => {
  renderInApp(<Navigation />, { url: '/traffic-graph?namespaces=a,b&window=1h&graph=app&find=x' })
  expect(screen.getByRole('link', { name: 'Traffic Metrics' })).toHaveAttribute(
    'href',
    '/traffic-metrics?namespaces=a,b&window=1h',
  )
})

test('a page that is closed to the viewer keeps its name and says why', () => {
  renderInApp(<Navigation />, { session: aSession([aCluster('demo', ['graph'])]) })
  expect(screen.getByRole('link', { name: 'Traffic Graph' })).toHaveAccessibleDescription(
    'Traffic Graph is closed to you. You may not use graph.',
  )
})

test('Explore is closed to whoever sees only some namespaces, and says why', () => {
  renderInApp(<Navigation />, { session: aSession([{ ...aCluster('demo'), namespaces: ['shop'] }]) })
  expect(screen.getByRole('link', { name: 'Explore' })).toHaveAccessibleDescription(
    /PromQL, which sees every namespace/,
  )
  expect(screen.getByRole('link', { name: 'Traffic Metrics' })).not.toHaveAttribute('aria-description')
})

test('says how long Prometheus took for the newest numbers, the slowest answer counting, and when they are from', () => {
  const answer = (at: number, tookMs: number, ask: 'mtls' | 'requests', cluster = 'demo') => ({
    queryKey: telemetryQuery(
      { ask },
      {
        cluster: { name: cluster },
        namespaces: [],
        project: undefined,
        window: { seconds: 300, at },
      },
    ).queryKey,
    data: { samples: [], tookMs },
  })
  renderInApp(<Navigation />, {
    answers: [
      answer(1_767_225_600, 400, 'requests'),
      answer(1_767_225_615, 84, 'requests'),
      answer(1_767_225_615, 31, 'mtls'),
      answer(1_767_225_630, 7, 'requests', 'other'),
    ],
  })
  expect(screen.getByText(/Prometheus answered in 84 ms/)).toHaveTextContent(
    `Numbers as of ${clockTime(1_767_225_615)}`,
  )
})

test('before the first answer it says so, and nothing where no number is asked for', () => {
  const { unmount } = renderInApp(<Navigation />)
  expect(screen.queryByText(/Prometheus/)).not.toBeInTheDocument()
  unmount()

  vi.stubGlobal('fetch', () => new Promise<Response>(() => undefined))
  renderInApp(
    <>
      <Asking />
      <Navigation />
    </>,
  )
  expect(screen.getByText(/Prometheus has not answered yet/)).toHaveTextContent('Numbers as of –')
})

function Asking() {
  useQuery(
    telemetryQuery(
      { ask: 'requests' },
      { cluster: { name: 'demo' }, namespaces: [], project: undefined, window: { seconds: 300, at: 1_767_225_600 } },
    ),
  )
  return null
}

afterEach(() => {
  vi.unstubAllGlobals()
})

test('only the shared words go along', () => {
  expect(sharedSearch('?cluster=c&project=a:b&camera=1,2,3&refresh=off&utm=1')).toBe(
    'cluster=c&project=a:b&refresh=off',
  )
})
