import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { renderInApp } from '../../testing/render.tsx'
import { ExplorePage } from './ExplorePage.tsx'

// The editor measures text, which a document without layout cannot: its own doings are seen in a browser.
vi.mock('./PromqlEditor.tsx', () => ({
  PromqlEditor: ({ promql, onChange }: { readonly promql: string; readonly onChange: (text: string) => void }) => (
    <textarea aria-label="expression" value={promql} onChange={(event) => onChange(event.currentTarget.value)} />
  ),
}))

const asked: { endpoint: string; form: URLSearchParams }[] = []

/** The raw door: an answer by endpoint, or a refusal in Prometheus's words. */
function serve(answers: Readonly<Record<string, object | string>>): void {
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
    const endpoint = /prometheus\/api\/v1\/(\w+)$/.exec(url)?.[1]
    if (endpoint === undefined) return Promise.resolve(new Response('{}', { status: 404 }))
    asked.push({ endpoint, form: init.body as URLSearchParams })
    const answer = answers[endpoint] ?? 'no answer'
    return Promise.resolve(
      typeof answer === 'string'
        ? new Response(JSON.stringify({ status: 'error', errorType: 'bad_data', error: answer }), { status: 400 })
        : new Response(JSON.stringify({ status: 'success', data: answer })),
    )
  })
}

const span = 'from=1767225600&to=1767229200&zone=utc'
const vector = {
  resultType: 'vector',
  result: [
    { metric: { job: 'a' }, value: [1767229200, '2'] },
    { metric: { job: 'b' }, value: [1767229200, 'NaN'] },
  ],
}

beforeEach(() => {
  asked.length = 0
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('Explore', () => {
  test('asks nothing before an expression is run, which the URL then keeps', async () => {
    serve({ query_range: { resultType: 'matrix', result: [{ metric: { job: 'a' }, values: [[1767229200, '2']] }] } })
    const { url } = renderInApp(<ExplorePage />, { url: `/explore?${span}` })
    expect(screen.getByRole('heading', { name: 'Nothing has been asked yet' })).toBeVisible()
    expect(screen.getByRole('button', { name: 'Run' })).toBeDisabled()
    await userEvent.type(screen.getByLabelText('expression'), 'up == 1')
    expect(asked).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: 'Run' }))
    expect(new URLSearchParams(url().split('?')[1]).get('q')).toBe('up == 1')
    expect(await screen.findByText(/^1 series in \d+ ms/)).toBeVisible()
    expect(screen.getByTestId('legend-{job="a"}')).toHaveTextContent('2')
    const [first] = asked
    expect([first?.endpoint, first?.form.get('query'), first?.form.get('end')]).toEqual([
      'query_range',
      'up == 1',
      '1767229200',
    ])
    expect(Number(first?.form.get('step'))).toBeGreaterThan(0)
  })

  test('shows a table at the end of the range, with values as they were written', async () => {
    serve({ query: vector })
    renderInApp(<ExplorePage />, { url: `/explore?q=up&view=table&${span}` })
    const table = await screen.findByRole('table', { name: 'up' })
    expect(within(table).getByRole('columnheader', { name: 'job' })).toBeVisible()
    expect(
      within(table)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent),
    ).toEqual(['a', '2', 'b', 'NaN'])
    expect(asked.map(({ form }) => form.get('time'))).toEqual(['1767229200'])
  })

  test('repeats what Prometheus says of a mistake', async () => {
    serve({ query_range: '1:4: parse error: unclosed left brace' })
    renderInApp(<ExplorePage />, { url: `/explore?q=up%7B&${span}` })
    expect(await screen.findByText(/parse error: unclosed left brace/)).toBeVisible()
    expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible()
  })

  test('says that there is nothing', async () => {
    serve({ query_range: { resultType: 'matrix', result: [] }, query: { resultType: 'vector', result: [] } })
    renderInApp(<ExplorePage />, { url: `/explore?q=absent_metric&${span}` })
    expect(await screen.findByRole('heading', { name: 'No series' })).toBeVisible()
    await userEvent.click(screen.getByText('Table'))
    expect(await screen.findByText('Prometheus has nothing for it at this instant.')).toBeVisible()
  })
})
