import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { namespacesQuery } from '../queries/cluster.ts'
import { renderInApp } from '../testing/render.tsx'
import { NamespaceFilter } from './NamespaceFilter.tsx'

const answers = [
  {
    queryKey: namespacesQuery('demo').queryKey,
    data: [
      { name: 'bookinfo', project: 'c1:p-books' },
      { name: 'default' },
      { name: 'shop-core', project: 'c1:p-shop' },
      { name: 'shop-web', project: 'c1:p-shop' },
    ],
  },
]
const open = async (url: string) => {
  const rendered = renderInApp(<NamespaceFilter />, { url, answers })
  await userEvent.click(screen.getByRole('button', { name: /Namespaces and projects/ }))
  return rendered
}
const optionTexts = () => screen.getAllByRole('option').map((option) => option.textContent)

test('offers all namespaces, projects with theirs, and those in no project', async () => {
  await open('/')
  expect(optionTexts()).toEqual([
    'All namespaces',
    'Project: p-books',
    'bookinfo',
    'Project: p-shop',
    'shop-core',
    'shop-web',
    'Not in a Project',
    'default',
  ])
  expect(screen.getByRole('option', { name: 'All namespaces' })).toBeChecked()
})

test('writes several namespaces to the address, one step in the history each', async () => {
  const { url, goBack } = await open('/traffic-graph?find=x')
  await userEvent.click(screen.getByRole('option', { name: 'shop-web' }))
  await userEvent.click(screen.getByRole('option', { name: 'bookinfo' }))
  expect(url()).toBe('/traffic-graph?find=x&namespaces=bookinfo,shop-web')
  expect(screen.getByRole('button', { name: 'Namespaces and projects: bookinfo, shop-web' })).toHaveTextContent(
    'bookinfo+1',
  )
  goBack()
  expect(await screen.findByRole('button', { name: 'Namespaces and projects: shop-web' })).toBeVisible()
})

test('a project replaces the namespaces and ticks its own', async () => {
  const { url } = await open('/?namespaces=shop-web')
  await userEvent.click(screen.getByRole('option', { name: 'Project: p-shop' }))
  expect(url()).toBe('/?project=c1:p-shop')
  expect(screen.getByRole('option', { name: 'shop-core' })).toBeChecked()
  expect(screen.getByRole('option', { name: 'bookinfo' })).not.toBeChecked()
})

test('all namespaces clears the scope', async () => {
  const { url } = await open('/?project=c1:p-shop')
  await userEvent.click(screen.getByRole('option', { name: 'All namespaces' }))
  expect(url()).toBe('/')
})

test('is used with the keyboard alone: type, arrow, Enter, Escape', async () => {
  const { url } = renderInApp(<NamespaceFilter />, { url: '/', answers })
  await userEvent.tab()
  await userEvent.keyboard('{Enter}')
  await screen.findByRole('listbox')
  await userEvent.type(screen.getByRole('textbox', { name: 'Filter namespaces and projects' }), 'shop')
  expect(optionTexts()).toEqual(['Project: p-shop', 'shop-core', 'shop-web'])
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}')
  expect(url()).toBe('/?namespaces=shop-core')
  await userEvent.keyboard('{Escape}')
  expect(screen.getByRole('button', { name: /Namespaces and projects/ })).toHaveAttribute('aria-expanded', 'false')
})

test('a namespace that is not listed can be used by its name, nonsense cannot', async () => {
  const { url } = await open('/')
  const input = screen.getByRole('textbox', { name: 'Filter namespaces and projects' })
  await userEvent.type(input, 'team_a"')
  expect(screen.queryByRole('option')).toBeNull()
  expect(screen.getByRole('status')).toHaveTextContent('No namespace or project matches “team_a"”')
  await userEvent.clear(input)
  await userEvent.type(input, 'payments')
  await userEvent.click(screen.getByRole('option', { name: 'Use “payments” by name' }))
  expect(url()).toBe('/?namespaces=payments')
})
