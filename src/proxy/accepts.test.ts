import { expect, test } from 'vitest'

import { acceptedEncodings } from './accepts.ts'

test.each([
  ['gzip, deflate, br', ['gzip', 'deflate', 'br']],
  ['GZIP;q=0.5', ['gzip']],
  ['gzip;q=0, br', ['br']],
  ['gzip; q=0.000 , br;q=1', ['br']],
])('%s takes %j', (header, encodings) => {
  expect(acceptedEncodings(header)).toEqual(encodings)
})

test.each([undefined, '', 'gzip;q=0'])('%j takes no gzip', (header) => {
  expect(acceptedEncodings(header)).not.toContain('gzip')
})
