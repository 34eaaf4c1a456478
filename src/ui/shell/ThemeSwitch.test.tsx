import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { renderInApp } from '../testing/render.tsx'
import { ThemeSwitch } from './ThemeSwitch.tsx'

test('the chosen theme is set on the document and remembered', async () => {
  renderInApp(<ThemeSwitch />)
  await userEvent.click(screen.getByRole('button', { name: /^Theme: / }))
  await userEvent.click(screen.getByRole('menuitemradio', { name: 'Dark' }))
  expect(document.documentElement).toHaveAttribute('data-mantine-color-scheme', 'dark')
  expect(localStorage.getItem('mantine-color-scheme-value')).toBe('dark')
  expect(screen.getByRole('button', { name: 'Theme: Dark' })).toBeVisible()
})
