import { fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { renderInApp } from '../testing/render.tsx'
import { useView } from '../view.tsx'
import { problemOf } from './RangeForm.tsx'
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

async function openRange() {
  await userEvent.click(screen.getByRole('button', { name: /^Time window/ }))
  await userEvent.click(screen.getByRole('menuitem', { name: 'From … to …' }))
  return within(await screen.findByRole('dialog', { name: 'Between two instants' }))
}

test('two instants are typed in UTC, written to the address as one step, and shown in UTC', async () => {
  const { url, goBack } = renderInApp(<WindowPicker />, { url: '/?zone=utc' })
  const form = await openRange()
  fireEvent.change(form.getByLabelText('From'), { target: { value: '2026-01-01T00:00:00' } })
  fireEvent.change(form.getByLabelText('To'), { target: { value: '2026-01-01T01:30:00' } })
  await userEvent.click(form.getByRole('button', { name: 'Show this time' }))
  expect(url()).toBe('/?zone=utc&from=2026-01-01T00:00:00Z&to=2026-01-01T01:30:00Z')
  expect(screen.getByRole('button', { name: /Time window: .*00:00:00 to 01:30:00 UTC$/ })).toBeVisible()
  expect(screen.queryByRole('dialog')).toBeNull()
  goBack()
  expect(await screen.findByRole('button', { name: 'Time window: Last 5 minutes' })).toBeVisible()
})

test('the fields start with what is shown; switching the zone keeps the instants and is written with them', async () => {
  const { url } = renderInApp(<WindowPicker />, { url: '/?from=2026-01-31T12:00:00Z&to=2026-01-31T13:00:00Z' })
  const form = await openRange()
  await userEvent.click(form.getByRole('radio', { name: 'UTC' }))
  expect(form.getByLabelText('From')).toHaveValue('2026-01-31T12:00')
  expect(form.getByLabelText('To')).toHaveValue('2026-01-31T13:00')
  await userEvent.click(form.getByRole('button', { name: 'Show this time' }))
  expect(url()).toBe('/?from=2026-01-31T12:00:00Z&to=2026-01-31T13:00:00Z&zone=utc')
})

test('a span that is none is refused with the reason, and the address stays', async () => {
  const { url } = renderInApp(<WindowPicker />, { url: '/?zone=utc' })
  const form = await openRange()
  fireEvent.change(form.getByLabelText('From'), { target: { value: '2026-01-01T02:00:00' } })
  fireEvent.change(form.getByLabelText('To'), { target: { value: '2026-01-01T01:00:00' } })
  await userEvent.click(form.getByRole('button', { name: 'Show this time' }))
  expect(form.getByRole('alert')).toHaveTextContent('The end must be later than the start.')
  expect(form.getByLabelText('To')).toBeInvalid()
  expect(url()).toBe('/?zone=utc')
})

test.each([
  [undefined, 20, 'Give a day and a time for both ends.'],
  [10, undefined, 'Give a day and a time for both ends.'],
  [20, 20, 'The end must be later than the start.'],
  [101, 200, 'The start lies in the future: nothing was measured yet.'],
  [90, 200, undefined],
])('from %s to %s at 100: %s', (from, to, said) => {
  expect(problemOf(from, to, 100)).toBe(said)
})
