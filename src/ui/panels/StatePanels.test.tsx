import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MantineProvider } from '@mantine/core'
import type { ComponentProps } from 'react'
import { expect, test, vi } from 'vitest'

import { StaleBanner, StateView } from './StatePanels.tsx'

const show = (props: ComponentProps<typeof StateView>) =>
  render(
    <MantineProvider env="test">
      <StateView {...props} />
    </MantineProvider>,
  )

test('an owner reads commands for the namespace in scope', () => {
  show({ state: { kind: 'noIstio', isCertain: true }, isOwner: true, namespaces: ['shop-web'] })
  expect(screen.getByRole('heading', { name: 'No Istio in this cluster' })).toBeVisible()
  expect(screen.getByRole('list', { name: 'What to do' })).toHaveTextContent(
    'kubectl label namespace shop-web istio-injection=enabled',
  )
})

test('a member reads whom to ask, and no commands', () => {
  show({ state: { kind: 'noTraffic' }, isOwner: false, windowSeconds: 3600 })
  expect(screen.getByText(/no byte was counted in the last hour/)).toBeVisible()
  expect(screen.getByText(/Only a cluster owner can change this/)).toHaveTextContent('Istio, but no traffic yet')
  expect(screen.queryByText(/kubectl/)).toBeNull()
})

test('a failure shows its cause and hint, and tries again when asked', async () => {
  const onRetry = vi.fn()
  show({ state: { kind: 'noPrometheus', cause: 'connection refused', hint: 'Start it.' }, isOwner: true, onRetry })
  expect(screen.getByRole('heading', { name: 'Prometheus does not answer' })).toBeVisible()
  expect(screen.getByText('connection refused')).toBeVisible()
  expect(screen.getByText('Start it.')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
  expect(onRetry).toHaveBeenCalledOnce()
})

test('a refusal names the missing permission as kubectl would', () => {
  const permission = { verb: 'list', group: '', resource: 'pods', namespace: 'shop-web' }
  show({ state: { kind: 'forbidden', cause: 'You may not see shop-web', permission }, isOwner: false })
  expect(screen.getByText('The permission that is missing: list pods in shop-web')).toBeVisible()
})

test('stale numbers say since when and why', () => {
  render(
    <MantineProvider env="test">
      <StaleBanner asOf="14:07:30" cause="connection refused" onRetry={() => {}} />
    </MantineProvider>,
  )
  expect(screen.getByRole('status')).toHaveTextContent('These numbers are from 14:07:30: connection refused')
})
