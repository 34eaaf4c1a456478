import { fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { linesMatching, linesOf, type LogLine } from './lines.ts'
import { LogLines } from './LogLines.tsx'

beforeEach(() => {
  // jsdom lays nothing out.
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(480)
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1000)
  Element.prototype.scrollTo = () => undefined
})
afterEach(() => void vi.restoreAllMocks())

test('of 100,000 lines only those in view are drawn, wherever one scrolls', () => {
  const text = Array.from({ length: 100_000 }, (_, index) => `line number ${index}`).join('\n')
  const onChoose = vi.fn<(line: LogLine) => void>()
  render(
    <LogLines
      lines={linesMatching(linesOf(text), { text: '', onlyTrouble: false })}
      chosen={undefined}
      onChoose={onChoose}
    />,
  )
  const region = screen.getByRole('region', { name: 'Lines of the log' })
  for (const first of [0, 54_321, 99_970]) {
    region.scrollTop = 20 * first
    fireEvent.scroll(region)
    const lines = screen.getAllByRole('listitem')
    expect(lines.length).toBeLessThan(80)
    expect(lines[0]).toHaveAttribute('aria-setsize', '100000')
    fireEvent.click(screen.getByRole('button', { name: `line number ${first}` }))
    expect(onChoose.mock.lastCall?.[0].index).toBe(first)
  }
})
