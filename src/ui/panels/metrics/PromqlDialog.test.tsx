import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import type { Tool } from '../../../clients/tools/wire.ts'
import { toolsQuery } from '../../queries/tools.ts'
import { renderInApp } from '../../testing/render.tsx'
import { PromqlDialog } from './PromqlDialog.tsx'

const tool = (name: Tool['name'], more: Partial<Tool> = {}): Tool => ({
  name,
  state: 'open',
  reason: 'A test says so.',
  showsAllTeams: false,
  address: `https://${name}.example.org/`,
  ...more,
})

test('an expression leads to the open ones of Prometheus and Grafana, at the page’s time, and names what is closed', async () => {
  const data = [
    tool('prometheus'),
    tool('grafana', { state: 'locked', reason: 'It takes a permission.' }),
    tool('kiali'),
  ]
  renderInApp(
    <PromqlDialog
      title="Request Volume"
      queries={[{ name: 'requests', promql: 'sum(rate(istio_requests_total{a="b"}[1m]))' }]}
      isOpen
      onClose={() => undefined}
    />,
    {
      url: '/?from=2026-01-31T13:00:00Z&to=2026-01-31T14:00:00Z',
      answers: [{ queryKey: toolsQuery('demo').queryKey, data }],
    },
  )
  const link = await screen.findByRole('link', { name: /^Prometheus/ })
  const { pathname, searchParams } = new URL(link.getAttribute('href') ?? '')
  expect(pathname).toBe('/graph')
  expect(Object.fromEntries(searchParams)).toMatchObject({
    'g0.expr': 'sum(rate(istio_requests_total{a="b"}[1m]))',
    'g0.range_input': '3600s',
    'g0.end_input': '2026-01-31 14:00:00',
  })
  expect(screen.getByText('Grafana: locked')).toHaveAttribute('title', 'Grafana: locked. It takes a permission.')
  expect(screen.queryByText(/Kiali/)).toBeNull()
})
