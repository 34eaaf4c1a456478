import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { HealthMark, healthShapes } from './HealthMark.tsx'

test('a mark names its state, unless words beside it do', () => {
  const { container } = render(
    <>
      <HealthMark state="notReady" />
      <HealthMark state="failing" isDecorative />
    </>,
  )
  expect(screen.getAllByRole('img').map((mark) => mark.getAttribute('aria-label'))).toEqual(['Not ready'])
  expect(container.querySelector('[data-health="failing"]')).toHaveAttribute('aria-hidden', 'true')
})

test('no two states share outline and glyph: they are told apart without colour', () => {
  // Idle and unknown share the circle; dots, dashes and the question mark tell them apart.
  const shapes = Object.values(healthShapes).map(({ outline, glyph }) => `${outline} ${glyph ?? ''}`)
  expect(new Set(shapes).size).toBe(shapes.length)
})
