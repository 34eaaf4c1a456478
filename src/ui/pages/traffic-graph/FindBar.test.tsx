import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { renderInApp } from '../../testing/render.tsx'
import { useUrlState } from '../../urlState.tsx'
import { FindBar } from './FindBar.tsx'
import { missingIn } from './findNeeded.ts'
import { seek } from './seeking.ts'
import { aGraph } from './testGraph.ts'
import { graphWords } from './words.ts'

const graph = aGraph()
const added = vi.fn()

/** The bar as the page holds it, with the URL below. */
function Held() {
  const { state: url, choose, adjust } = useUrlState(graphWords)
  const seeking = seek(graph, url.find, url.hide)
  return (
    <FindBar
      graph={graph}
      expressions={url}
      seeking={seeking}
      selected={url.selected}
      missing={missingIn(seeking.needs, url)}
      onAdd={added}
      onType={adjust}
      onChoose={choose}
      onStep={(selected) => adjust({ selected })}
    />
  )
}

const open = (url = '/traffic-graph') => ({ user: userEvent.setup(), ...renderInApp(<Held />, { url }) })
const field = (name: 'Find' | 'Hide') => screen.getByRole('combobox', { name })
const query = (url: string, word: string) => new URLSearchParams(url.split('?')[1]).get(word)

test('what is typed is in the URL a little later and says how many it finds', async () => {
  const { user, url } = open()
  await user.type(field('Find'), 'app = reviews')
  await waitFor(() => expect(query(url(), 'find')).toBe('app = reviews'), { timeout: 5000 })
  expect(await screen.findByText('2 matches', {}, { timeout: 5000 })).toBeInTheDocument()
})

test('a URL with both words is shown as it was written', () => {
  open('/traffic-graph?find=app+%3D+reviews&hide=version+%3D+v3')
  expect(field('Find')).toHaveValue('app = reviews')
  expect(field('Hide')).toHaveValue('version = v3')
  expect(screen.getByText('1 match')).toBeInTheDocument()
  expect(screen.getByText('3 hidden')).toBeInTheDocument()
})

test('Enter goes from match to match, Shift and Enter back', async () => {
  const { user, url } = open('/traffic-graph?find=app+%3D+reviews')
  await user.click(field('Find'))
  await user.keyboard('{Enter}')
  expect(query(url(), 'selected')).toBe('app/c/bookinfo/reviews/v1')
  expect(screen.getByText('1 of 2')).toBeInTheDocument()
  await user.keyboard('{Enter}')
  expect(query(url(), 'selected')).toBe('app/c/bookinfo/reviews/v3')
  await user.keyboard('{Shift>}{Enter}{/Shift}')
  expect(query(url(), 'selected')).toBe('app/c/bookinfo/reviews/v1')
  await user.click(screen.getByRole('button', { name: /Previous match/ }))
  expect(query(url(), 'selected')).toBe('app/c/bookinfo/reviews/v3')
})

test('the list completes by keyboard: arrows choose, Enter takes, Tab takes the first', async () => {
  const { user } = open()
  await user.type(field('Find'), 'ap')
  const list = await screen.findByRole('listbox')
  expect(within(list).getAllByRole('option')[0]).toHaveTextContent('app')
  await user.keyboard('{Tab}')
  expect(field('Find')).toHaveValue('app ')
  await user.keyboard('{ArrowDown}{Enter}')
  expect(field('Find')).toHaveValue('app = ')
  await user.keyboard('{ArrowDown}')
  const active = field('Find').getAttribute('aria-activedescendant')
  expect(document.getElementById(active ?? '')).toHaveAttribute('aria-selected', 'true')
  await user.keyboard('rev{Tab}')
  expect(field('Find')).toHaveValue('app = reviews')
  expect(field('Find')).toHaveFocus()
})

test('a completion is taken where the caret is, and what follows stays', async () => {
  const { user } = open('/traffic-graph?find=app+%3D+rev+or+idle')
  await user.click(field('Find'))
  await user.pointer({ target: field('Find'), offset: 8, keys: '[MouseLeft]' })
  await user.keyboard('{ArrowDown}{ArrowDown}{Enter}')
  expect(field('Find')).toHaveValue('app = reviews or idle')
})

test('Escape closes the list and, once closed, leaves the field; Tab with a closed list goes on', async () => {
  const { user } = open()
  await user.type(field('Find'), 'ap')
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('listbox')).not.toBeInTheDocument()
  expect(field('Find')).toHaveFocus()
  await user.keyboard('{Tab}')
  expect(field('Find')).not.toHaveFocus()
  expect(field('Find')).toHaveValue('ap')
})

test('a mistake is shown at its place with what was expected; who is still writing is left in peace', async () => {
  const { user } = open()
  await user.type(field('Find'), 'app')
  await user.keyboard(' = {Escape}')
  expect(field('Find')).toHaveAttribute('aria-invalid', 'false')
  await user.keyboard('x version')
  await user.keyboard('{Escape}')
  expect(field('Find')).toHaveAttribute('aria-invalid', 'true')
  expect(field('Find')).toHaveAccessibleDescription(/Expected and, or, or the end .* not “version”/)
  const marked = document.querySelector('pre')
  expect(marked?.textContent).toBe('app = x version\n        ^^^^^^^')
})

test('an unfinished expression is an error once the field is left', async () => {
  const { user } = open()
  await user.type(field('Hide'), 'app = ')
  await user.tab({ shift: true })
  expect(field('Hide')).toHaveAccessibleDescription(/Expected a value.*ends here/)
})

test('presets are choices: Back undoes them', async () => {
  const { user, url, goBack } = open()
  await user.click(screen.getByRole('button', { name: 'Hide: presets' }))
  await user.click(await screen.findByRole('menuitem', { name: /^healthy/ }))
  expect(query(url(), 'hide')).toBe('healthy')
  expect(field('Hide')).toHaveValue('healthy')
  goBack()
  await waitFor(() => expect(field('Hide')).toHaveValue(''))
  expect(query(url(), 'hide')).toBeNull()
})

test('typing replaces the history: Back leaves at once', async () => {
  const { user, url, goBack } = open()
  await user.click(screen.getByRole('button', { name: 'Hide: presets' }))
  await user.click(await screen.findByRole('menuitem', { name: /^healthy/ }))
  await user.type(field('Find'), 'idle')
  await waitFor(() => expect(query(url(), 'find')).toBe('idle'))
  goBack()
  await waitFor(() => expect(url()).toBe('/traffic-graph'))
  await waitFor(() => expect(field('Find')).toHaveValue(''))
})

test('an expression about response times says that they are not there, and offers them', async () => {
  const { user } = open('/traffic-graph?find=rt+%3E+500ms')
  expect(screen.getByText(/Response times are not in this graph yet/)).toBeInTheDocument()
  await user.click(screen.getByRole('button', { name: 'Add' }))
  expect(added).toHaveBeenCalledWith(['responseTime'])
})

test('the help says where it differs from Kiali and lists every word', async () => {
  const { user } = open()
  await user.click(screen.getByRole('button', { name: 'How to find and hide' }))
  expect(await screen.findByText(/sidecar finds apps and workloads with a sidecar; in Kiali/)).toBeInTheDocument()
  expect(screen.getByText('circuitbreaker, cb')).toBeInTheDocument()
  expect(screen.getByText('responsetime, rt')).toBeInTheDocument()
})

test('hostile text is text', async () => {
  const hostile = `name = "<img src=x onerror=alert(1)> \\"🎉" or label:${'x'.repeat(1500)}`
  open(`/traffic-graph?find=${encodeURIComponent(hostile)}`)
  expect(field('Find')).toHaveValue(hostile)
  expect(screen.getByText('0 matches')).toBeInTheDocument()
  await waitFor(() => expect(document.querySelector('img')).toBeNull())
})
