import { expect, test } from 'vitest'

import { onsetOf } from './onset.ts'

const times = [100, 115, 130, 145, 160]

test.each([
  ['errors began and are there', [0, 0, 0.2, 0.3, 0.1], { kind: 'since', at: 130 }],
  ['the last break counts', [0.2, 0, 0.2, 0, 0.1], { kind: 'since', at: 160 }],
  ['errors all along', [0.2, 0.1, 0.2, 0.3, 0.1], { kind: 'throughout' }],
  ['errors went', [0.2, 0.2, 0.2, 0.001, 0], { kind: 'over', at: 145 }],
  ['too few to notice', [0, 0.001, 0.009, 0, 0], undefined],
  ['instants without traffic are no break', [0, 0.2, undefined, undefined, 0.3], { kind: 'since', at: 115 }],
  ['one instant alone says nothing', [undefined, undefined, undefined, undefined, 0.3], undefined],
  ['nothing measured', [], undefined],
] as const)('%s', (_, ratio, expected) => {
  expect(onsetOf(ratio, times)).toEqual(expected)
})
