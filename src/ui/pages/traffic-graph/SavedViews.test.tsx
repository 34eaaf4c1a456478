import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import { renderInApp } from '../../testing/render.tsx'
import { SavedViews } from './SavedViews.tsx'

afterEach(() => {
  localStorage.clear()
  vi.restoreAllMocks()
})

async function openViews() {
  await userEvent.click(screen.getByRole('button', { name: 'Views' }))
  return within(await screen.findByRole('dialog'))
}

test('what is shown is saved under a name, found again as a link, and forgotten', async () => {
  const { unmount } = renderInApp(<SavedViews />, { url: '/traffic-graph?project=p-shop&find=error+%3E+1%25' })
  const views = await openViews()
  await userEvent.type(views.getByRole('textbox', { name: 'Name of what is shown now' }), 'Shop errors{Enter}')
  expect(views.getByRole('link', { name: 'Shop errors' })).toHaveAttribute(
    'href',
    '/traffic-graph?project=p-shop&find=error+%3E+1%25',
  )
  unmount()

  const { url } = renderInApp(<SavedViews />, { url: '/traffic-graph' })
  const again = await openViews()
  await userEvent.click(again.getByRole('link', { name: 'Shop errors' }))
  expect(url()).toBe('/traffic-graph?project=p-shop&find=error+%3E+1%25')
  const last = await openViews()
  await userEvent.click(last.getByRole('button', { name: 'Forget Shop errors' }))
  expect(last.queryByRole('link')).toBeNull()
  expect(last.getByText(/^No view is saved yet/)).toBeVisible()
})

test('a view without a name is refused, and a browser that keeps nothing says so', async () => {
  renderInApp(<SavedViews />, { url: '/traffic-graph' })
  const views = await openViews()
  await userEvent.click(views.getByRole('button', { name: 'Save' }))
  expect(views.getByText('Give it a name.')).toBeVisible()
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  await userEvent.type(views.getByRole('textbox'), 'Mine{Enter}')
  expect(views.getByText('This browser keeps nothing for this page.')).toBeVisible()
})
