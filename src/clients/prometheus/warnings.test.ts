import { expect, test } from 'vitest'

import { partialAnswer, warningsOf } from './warnings.ts'

test.each([
  ['a whole answer', { status: 'success', data: {} }, []],
  ['warnings of Thanos or Mimir', { warnings: ['no store matched'] }, ['no store matched']],
  ['VictoriaMetrics says it is partial', { isPartial: true }, [partialAnswer]],
  ['VictoriaMetrics says it is whole', { isPartial: false }, []],
  ['both', { warnings: ['a'], isPartial: true }, ['a', partialAnswer]],
  ['what is no list of sentences', { warnings: 'a', isPartial: 'true' }, []],
  ['what is no answer at all', null, []],
])('%s', (_, answer, said) => {
  expect(warningsOf(answer)).toEqual(said)
})
