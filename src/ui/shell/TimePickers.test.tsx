import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { renderInApp } from '../testing/render.tsx'
import { useView } from '../view.tsx'
import { RefreshPicker, WindowPicker } from './TimePickers.tsx'

function Instant() {
  const { window, isLive } = useView()
  return <output>{`${window.seconds} ${window.at} ${isLive ? 'live' : 'still'}`}</output>
}
const shown = () => screen.getByRole('status').textContent.split(' ')

test('the window shows the page’s default and writes a choice to the address', async () => {
  const { url, goBack } = renderInApp(<WindowPicker />, { url: '/?graph=app', defaults: { window: 300, refresh: 15 } })
  await userEvent.click(screen.getByRole('button', { name: 'Time window: Last 5 minutes' }))
  expect(screen.getByRole('menuitemradio', { name: 'Last 5 minutes' })).toBeChecked()
  await userEvent.click(screen.getByRole('menuitemradio', { name: 'Last hour' }))
  expect(url()).toBe('/?graph=app&window=1h')
  goBack()
  expect(await screen.findByRole('button', { name: 'Time window: Last 5 minutes' })).toBeVisible()
})

test('a window that is none of the presets is offered among them', async () => {
  renderInApp(<WindowPicker />, { url: '/?window=7m' })
  await userEvent.click(screen.getByRole('button', { name: 'Time window: Last 7 minutes' }))
  expect(screen.getByRole('menuitemradio', { name: 'Last 7 minutes' })).toBeChecked()
})

test('choosing a window leaves a span in the past', async () => {
  const { url } = renderInApp(<WindowPicker />, { url: '/?from=1767225600&to=1767229200' })
  await userEvent.click(screen.getByRole('button', { name: /Time window: .* to / }))
  await userEvent.click(screen.getByRole('menuitemradio', { name: 'Last 30 minutes' }))
  expect(url()).toBe('/?window=30m')
})

test('refresh shows the page’s default and writes a choice, off included', async () => {
  const { url } = renderInApp(<RefreshPicker />, { url: '/', defaults: { window: 300, refresh: 15 } })
  await userEvent.click(screen.getByRole('button', { name: 'Refresh interval: 15 seconds' }))
  await userEvent.click(screen.getByRole('menuitemradio', { name: 'Off, refresh by hand' }))
  expect(url()).toBe('/?refresh=off')
  expect(screen.getByRole('button', { name: 'Refresh interval: Off' })).toBeVisible()
})

test('the button moves the instant on at once', async () => {
  renderInApp(
    <>
      <RefreshPicker />
      <Instant />
    </>,
    { url: '/?refresh=15m' },
  )
  const before = Number(shown()[1])
  expect(before % 900).toBe(0)
  await userEvent.click(screen.getByRole('button', { name: 'Refresh now' }))
  expect(Math.abs(Number(shown()[1]) - Date.now() / 1000)).toBeLessThan(3)
})

test('a span in the past stands still: its own end is the instant, and there is nothing to refresh', () => {
  renderInApp(
    <>
      <RefreshPicker />
      <Instant />
    </>,
    { url: '/?from=1767225600&to=2026-01-01T01:00:00Z&refresh=5s' },
  )
  expect(shown()).toEqual(['3600', '1767229200', 'still'])
  expect(screen.getByRole('button', { name: 'Refresh now' })).toBeDisabled()
})
