import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { sparkPaths } from './sparkPaths.ts'
import { Sparkline } from './Sparkline.tsx'

const size = { width: 104, height: 24 }

test('a line runs from zero at the bottom to its highest value at the top', () => {
  expect(sparkPaths([0, 5, 10], size)).toEqual({
    line: 'M2 22L52 12L102 2',
    area: 'M2 22L52 12L102 2V24H2z',
    last: { x: 102, y: 2 },
  })
})

test('a gap breaks the line, a lone value is a dot, and a line that ends in a gap has no end', () => {
  const { line, last } = sparkPaths([4, undefined, 2, 4, undefined], size)
  expect(line).toBe('M2 2h.01M52 12L77 2')
  expect(last).toBeUndefined()
})

test.each([[[]], [[undefined, undefined]], [[Number.NaN]]])('%j draws nothing', (values) => {
  expect(sparkPaths(values, size).line).toBe('')
  const { container } = render(<Sparkline values={values} label="nothing" />)
  expect(container).toBeEmptyDOMElement()
})

test('zeros lie on the ground, and the label says what it is', () => {
  expect(sparkPaths([0, 0], size).line).toBe('M2 22L102 22')
  render(<Sparkline values={[0, 1]} label="Requests over the window" />)
  expect(screen.getByRole('img', { name: 'Requests over the window' })).toBeInTheDocument()
})
