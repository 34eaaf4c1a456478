import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import type { Tool } from '../../../clients/tools/wire.ts'
import { toolsQuery } from '../../queries/tools.ts'
import { renderInApp } from '../../testing/render.tsx'
import { ToolCards } from './ToolCards.tsx'
import { ToolLinks } from './ToolLinks.tsx'
import { ToolIcons } from './ToolIcons.tsx'

afterEach(() => void vi.unstubAllGlobals())

const tools: readonly Tool[] = [
  {
    name: 'prometheus',
    state: 'open',
    reason: 'Prometheus answers, at p.example.org.',
    showsAllTeams: false,
    address: 'https://p.example.org/',
  },
  {
    name: 'jaeger',
    state: 'down',
    reason: 'Jaeger does not work: none of its pods is ready.',
    showsAllTeams: true,
    downSince: 1_767_225_600,
    checkedAt: 1_767_225_660,
  },
  {
    name: 'kiali',
    state: 'locked',
    reason: 'Kiali is closed to you.',
    showsAllTeams: true,
    check: 'kubectl auth can-i get services/http:kiali:20001',
    grant: 'kind: RoleBinding',
  },
  {
    name: 'grafana',
    state: 'missing',
    reason: 'No Grafana was found.',
    showsAllTeams: false,
    install: { say: 'Install it.', command: 'kubectl apply -f grafana.yaml' },
    elsewhere: ['grafana in shop-web'],
  },
]
const answers = (list: readonly Tool[]) => [{ queryKey: toolsQuery('demo').queryKey, data: list }]

test('each state has its word, its sentence and its one thing to do', () => {
  renderInApp(<ToolCards />, { answers: answers(tools), url: '/?namespaces=shop-web&window=10m' })
  const [prometheus, jaeger, kiali, grafana] = screen.getAllByRole('listitem').map((each) => within(each))
  expect(prometheus?.getByText('Open')).toBeVisible()
  const link = prometheus?.getByRole('link', { name: /^Open Prometheus/ })
  expect(link?.getAttribute('href')).toMatch(/^https:\/\/p\.example\.org\/graph\?.*g0\.range_input=600s/)
  expect(link).toHaveAttribute('rel', 'noopener noreferrer')
  expect(jaeger?.getByText('Down')).toBeVisible()
  expect(jaeger?.getByText(/^No answer since \d/)).toBeVisible()
  expect(jaeger?.getByRole('button', { name: 'Try again' })).toBeVisible()
  expect(kiali?.getByText('Locked')).toBeVisible()
  expect(kiali?.getByText('kind: RoleBinding')).toBeInTheDocument()
  expect(kiali?.queryByRole('link')).toBeNull()
  expect(grafana?.getByText('Not installed')).toBeVisible()
  expect(grafana?.getByText('kubectl apply -f grafana.yaml')).toBeInTheDocument()
  expect(grafana?.getByText(/grafana in shop-web/)).toBeVisible()
})

test('opening what shows all teams says so, and a login by token comes with its command', () => {
  const kiali: Tool = {
    name: 'kiali',
    state: 'open',
    reason: 'Kiali answers.',
    showsAllTeams: true,
    address: 'https://k.example.org/',
    token: { command: 'kubectl create token kiali --namespace istio-system' },
  }
  renderInApp(<ToolCards />, { answers: answers([kiali]), url: '/?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z' })
  expect(screen.getByText(/^Kiali shows all teams/)).toBeVisible()
  expect(screen.getByText('kubectl create token kiali --namespace istio-system')).toBeVisible()
  expect(screen.getByText(/only shows spans that end now/)).toBeVisible()
})

test('what no browser reaches comes with a port-forward', () => {
  const forward = {
    command: 'kubectl port-forward service/kiali 20001:20001',
    address: 'http://127.0.0.1:20001/kiali/',
  }
  const kiali: Tool = { name: 'kiali', state: 'open', reason: 'Kiali answers.', showsAllTeams: false, forward }
  renderInApp(<ToolCards />, { answers: answers([kiali]) })
  expect(screen.queryByRole('link')).toBeNull()
  expect(screen.getByText(forward.command)).toBeVisible()
  expect(screen.getByText(forward.address)).toBeVisible()
})

test('a name full of markup stays text', () => {
  const reason = '<img src=x onerror=alert(1)> answers'
  renderInApp(<ToolCards />, { answers: answers([{ ...(tools[0] as Tool), reason }]) })
  expect(screen.getByText(reason)).toBeVisible()
})

test('when the tools cannot be looked for, the cards say so and ask again', async () => {
  let isUp = false
  vi.stubGlobal('fetch', () =>
    isUp
      ? Promise.resolve(new Response(JSON.stringify({ tools: tools.slice(0, 1) })))
      : Promise.reject(new TypeError('fetch failed')),
  )
  renderInApp(<ToolCards />)
  const retry = await screen.findByRole('button', { name: 'Retry' })
  isUp = true
  await userEvent.click(retry)
  expect(await screen.findByRole('link', { name: /^Open Prometheus/ })).toBeVisible()
})

test('the icons of the header name tool and state, and open the reason', async () => {
  renderInApp(<ToolIcons />, { answers: answers(tools) })
  expect(screen.getByRole('button', { name: 'Prometheus: open' })).toBeVisible()
  expect(screen.getByRole('button', { name: 'Grafana: not installed' })).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Kiali: locked' }))
  expect(await screen.findByText('Kiali is closed to you.')).toBeVisible()
})

test('links about one service lead to it in each open tool; a closed one says so, a missing one is left out', () => {
  renderInApp(<ToolLinks subject={{ kind: 'service', namespace: 'bookinfo', name: 'reviews' }} promql="up" />, {
    answers: answers(tools),
    url: '/?window=10m',
  })
  expect(screen.getByRole('link').getAttribute('href')).toBe(
    'https://p.example.org/graph?g0.expr=up&g0.tab=0&g0.range_input=600s',
  )
  expect(screen.getByText('Kiali: locked')).toBeVisible()
  expect(screen.queryByText(/Grafana/)).toBeNull()
})
