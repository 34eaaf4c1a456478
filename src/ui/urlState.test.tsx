import { act, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { renderInApp } from './testing/render.tsx'
import { choiceWord, numbersWord, textWord } from './url.ts'
import { latestSearch, useUrlState, type UrlStateHandle } from './urlState.tsx'

const words = { graph: choiceWord(['app', 'service'], 'app'), find: textWord(), camera: numbersWord(1, 1) } as const

function renderWith(url: string) {
  const page: { handle?: UrlStateHandle<typeof words> } = {}
  function Page() {
    const handle = useUrlState(words)
    Object.assign(page, { handle })
    return <output>{handle.state.graph}</output>
  }
  const rendered = renderInApp(<Page />, { url })
  const { handle } = page
  if (handle === undefined) throw new Error('the page was not drawn')
  return { ...rendered, handle }
}

test('choices are steps that Back undoes, adjustments are not', async () => {
  const { handle, url, goBack } = renderWith('/p?find=a')
  act(() => handle.choose({ graph: 'service' }))
  act(() => handle.adjust({ camera: [2] }))
  expect(url()).toBe('/p?find=a&graph=service&camera=2')
  act(() => goBack())
  expect(await screen.findByText('app')).toBeVisible()
  expect(url()).toBe('/p?find=a')
})

test('two changes in the same moment both arrive', () => {
  const { handle, url } = renderWith('/p')
  act(() => {
    handle.choose({ find: 'x' })
    handle.adjust({ camera: [3] })
  })
  expect(url()).toBe('/p?find=x&camera=3')
})

test('choosing what is chosen already adds no step', () => {
  const { handle, url, goBack } = renderWith('/p')
  act(() => handle.choose({ graph: 'service' }))
  act(() => handle.choose({ graph: 'service' }))
  act(() => goBack())
  expect(url()).toBe('/p')
})

test('a change that is drawn late does not undo a newer one; a way somewhere else does', () => {
  const latest = latestSearch('?a')
  latest.write('?b')
  latest.write('?c')
  latest.drawn('?b')
  expect(latest.read()).toBe('?c')
  latest.drawn('?c')
  expect(latest.read()).toBe('?c')
  latest.write('?d')
  latest.drawn('?elsewhere')
  expect(latest.read()).toBe('?elsewhere')
})
