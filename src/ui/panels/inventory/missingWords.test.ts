import { expect, test } from 'vitest'

import { missingWords } from './missingWords.ts'

test('what may not be read, what failed, and what failed half-way are told apart, each kind once', () => {
  const said = missingWords([
    { kind: 'pods', namespace: 'shop', status: 403 },
    { kind: 'pods', namespace: 'data', status: 403 },
    { kind: 'services', status: 504 },
    { kind: 'deployments.apps', status: 500, came: 1500 },
    { kind: 'statefulsets.apps', namespace: 'shop', status: 503, came: 500 },
  ])
  expect(said.refused).toEqual(['pods'])
  expect(said.failed).toEqual(['services'])
  expect(said.halves).toEqual([
    'Of deployments.apps the first 1,500 came, then the cluster answered HTTP 500: the others are missing here.',
    'Of statefulsets.apps in shop the first 500 came, then the cluster answered HTTP 503: the others are missing here.',
  ])
})
