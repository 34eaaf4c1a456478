import { screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'

import { EmbeddingProvider } from '../embed/Embedding.tsx'
import { readWish } from '../embed/wish.ts'
import { renderInApp } from '../testing/render.tsx'
import { EmbedBar } from './EmbedBar.tsx'

afterEach(() => void vi.unstubAllGlobals())

const parts = {
  scope: ['button', /^Namespaces and projects/],
  window: ['button', /^Time window/],
  refresh: ['button', /^Refresh now/],
  tools: ['group', 'Tools'],
  open: ['link', 'Open in Meshboard, in a tab of its own'],
} as const
type Part = keyof typeof parts

function show(search: string): void {
  vi.stubGlobal('fetch', (url: string) =>
    Promise.resolve(
      new Response(JSON.stringify(url.endsWith('/tools') ? { tools: [] } : { namespaces: [], notes: [] })),
    ),
  )
  renderInApp(
    <EmbeddingProvider wish={readWish(search)}>
      <EmbedBar />
    </EmbeddingProvider>,
    { url: `/traffic-graph${search}` },
  )
}

const isThere = (part: Part) => screen.queryByRole(parts[part][0], { name: parts[part][1] }) !== null
const all = Object.keys(parts) as readonly Part[]

test.each(all)('the console can show %s itself, and everything else stays', async (hidden) => {
  show(`?embed=1&embed-hide=${hidden}`)
  expect(await screen.findByRole('banner', { name: 'Meshboard' })).toBeVisible()
  await waitFor(() => expect(all.filter((part) => !isThere(part))).toEqual([hidden]))
})

test('with everything hidden there is no bar', () => {
  show(`?embed=1&embed-hide=${all.join(',')}`)
  expect(screen.queryByRole('banner')).toBeNull()
})

test('the way out leads to the same view, without what only says how to embed', () => {
  show('?embed=1&embed-hide=scope&embed-token=1&theme=dark&namespaces=a,b&graphType=app')
  expect(screen.getByRole('link', { name: parts.open[1] })).toHaveAttribute(
    'href',
    '/traffic-graph?namespaces=a,b&graphType=app',
  )
})
