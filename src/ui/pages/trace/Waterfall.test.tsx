import { fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { Span } from '../../../mesh/traces/trace.ts'
import { waterfallOf } from './waterfall.ts'
import { Waterfall } from './Waterfall.tsx'

beforeEach(() => {
  // jsdom lays nothing out.
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(560)
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1000)
  Element.prototype.scrollTo = () => undefined
})
afterEach(() => void vi.restoreAllMocks())

const count = 5000
/** Each called by the one before it, but for every hundredth, which is called by the first. */
const spans = Array.from({ length: count }, (_, index): Span => ({
  id: `s${index}`,
  ...(index === 0 ? {} : { parent: index % 100 === 0 ? 's0' : `s${index - 1}` }),
  service: `svc-${index}.shop`,
  operation: `GET /${index}`,
  start: index / 1000,
  duration: 1,
  isError: index === 4321,
  tags: {},
  events: [],
}))
const trace = { id: 'a1', spans, start: 0, duration: 6 }

test('of a trace of 5,000 spans only the lines in view are drawn, and each knows its place', () => {
  const onChoose = vi.fn<(span: Span) => void>()
  render(
    <Waterfall
      rows={waterfallOf(trace, new Set())}
      total={trace.duration}
      chosen={undefined}
      onChoose={onChoose}
      onFold={() => undefined}
    />,
  )
  const region = screen.getByRole('region', { name: 'Spans of the trace' })
  for (const first of [0, 2500, 4321]) {
    region.scrollTop = 28 * first
    fireEvent.scroll(region)
    const lines = screen.getAllByRole('listitem')
    expect(lines.length).toBeLessThan(60)
    const places = lines.map((line) => Number(line.getAttribute('aria-posinset')))
    expect(places).toContain(first + 1)
    expect(lines[0]).toHaveAttribute('aria-setsize', `${count}`)
  }
  const failed = screen.getByRole('button', { name: /svc-4321.*failed/ })
  fireEvent.click(failed)
  expect(onChoose).toHaveBeenCalledWith(spans[4321])
})
