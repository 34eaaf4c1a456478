import { expect, test } from 'vitest'

import { pagePaths } from './pagePaths.ts'
import { routes, tiles } from './pages.ts'

test('every page’s path is told, once, to whoever goes through all pages', () => {
  expect([...routes, ...tiles].map(({ path }) => path).sort()).toEqual([...pagePaths].sort())
})
