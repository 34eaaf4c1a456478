import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { aCluster, aSession, renderInApp } from '../testing/render.tsx'
import { Palette } from './Palette.tsx'

const answers = [
  { queryKey: ['namespaces', 'demo'], data: [{ name: 'shop' }] },
  {
    queryKey: ['kubernetes', 'demo', 'mesh-objects'],
    data: { objects: { services: [{ namespace: 'shop', name: 'cart' }] }, lists: {}, missing: [], skipped: [] },
  },
]

test('Ctrl and K open it, typing finds, Enter leads there and keeps the scope', async () => {
  const { url } = renderInApp(<Palette />, { answers, url: '/traffic-graph?namespaces=shop&selected=x' })
  await userEvent.keyboard('{Control>}k{/Control}')
  const field = await screen.findByRole('combobox')
  await userEvent.type(field, 'cart')
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['cartService · shop'])
  await userEvent.keyboard('{Enter}')
  expect(url()).toBe('/services/shop/cart?namespaces=shop')
})

test('arrows choose, round the ends; pages that are closed are not offered', async () => {
  const session = aSession([aCluster('demo', ['graph'])])
  const { url } = renderInApp(<Palette />, { answers, session })
  await userEvent.click(screen.getByRole('button', { name: /Search/ }))
  const field = await screen.findByRole('combobox')
  expect(screen.queryByRole('option', { name: /Traffic Graph/ })).toBeNull()
  await userEvent.type(field, 'shop')
  expect(screen.getAllByRole('option')).toHaveLength(2)
  await userEvent.keyboard('{ArrowUp}')
  expect(screen.getAllByRole('option')[1]).toHaveAttribute('aria-selected', 'true')
  await userEvent.keyboard('{ArrowDown}{Enter}')
  expect(url()).toBe('/namespaces/shop')
})

test('an Istio object leads to its page', async () => {
  const door = { namespace: 'shop', name: 'door', selector: {}, servers: [] }
  const objects = { queryKey: ['kubernetes', 'demo', 'mesh-objects'], data: { objects: { gateways: [door] } } }
  const { url } = renderInApp(<Palette />, { answers: [objects], url: '/traffic-graph?window=1h&selected=x' })
  await userEvent.keyboard('{Control>}k{/Control}')
  await userEvent.type(await screen.findByRole('combobox'), 'door')
  await userEvent.keyboard('{Enter}')
  expect(url()).toBe('/istio/Gateway/shop/door?window=1h')
})
