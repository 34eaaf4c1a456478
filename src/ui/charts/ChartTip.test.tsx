import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { ChartTip } from './ChartTip.tsx'
import type { Line } from './line.ts'

const hostile = '<img src=x onerror=alert(1)>"\'{{x}}\u202e'

test('hostile names in the tip are text', () => {
  const line: Line = {
    id: hostile,
    label: hostile,
    shape: 'line',
    ink: 'traffic',
    values: [3],
    overall: 3,
  }
  const { container } = render(
    <ChartTip
      {...{ text: hostile, lines: [line], index: 0, nearest: hostile, isShared: false, isRight: false, x: 1 }}
      marks={[]}
      format={(value) => `${value ?? '-'} ${hostile}`}
      was={(value) => value}
    />,
  )
  expect(screen.getByRole('rowheader', { name: hostile })).toBeVisible()
  expect(container.querySelector('caption')).toHaveTextContent(hostile)
  expect(screen.getByRole('cell')).toHaveTextContent(`3 ${hostile}`)
  expect(container.querySelectorAll('img, script, iframe, a')).toHaveLength(0)
})
