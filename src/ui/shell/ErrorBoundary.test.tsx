import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import { ErrorBoundary } from './ErrorBoundary.tsx'

afterEach(() => void vi.restoreAllMocks())

test('a page that throws is replaced by its error, and tried again when asked', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const mood = { isBroken: true }
  function Page() {
    if (mood.isBroken) throw new Error('edge without a target')
    return <p>drawn</p>
  }
  render(
    <MantineProvider env="test">
      <ErrorBoundary>
        <Page />
      </ErrorBoundary>
    </MantineProvider>,
  )
  expect(screen.getByRole('heading', { name: 'This page broke' })).toBeVisible()
  expect(screen.getByText('edge without a target')).toBeVisible()
  mood.isBroken = false
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(screen.getByText('drawn')).toBeVisible()
})
