import { expect, test } from 'vitest'
import { eventsAbout, eventsOf } from './events.ts'

const event = (uid: string, kind: string, name: string, more: object) => ({
  metadata: { uid, namespace: 'shop' },
  involvedObject: { kind, name },
  reason: 'Scheduled',
  message: `about ${name}`,
  ...more,
})

test('events of either API generation, the newest first', () => {
  const events = eventsOf([
    event('a', 'Pod', 'cart-x', {
      type: 'Normal',
      firstTimestamp: '2026-01-05T10:00:00Z',
      lastTimestamp: '2026-01-05T10:05:00Z',
      count: 3,
    }),
    {
      metadata: { uid: 'b' },
      regarding: { kind: 'Pod', name: 'web-x' },
      type: 'Warning',
      reason: 'Unhealthy',
      note: 'probe failed',
      eventTime: '2026-01-05T10:00:00Z',
      series: { count: 7, lastObservedTime: '2026-01-05T10:09:00.5Z' },
    },
    event('c', 'Pod', 'no-time', { lastTimestamp: null }),
    {},
    null,
  ])
  expect(events.map(({ id, at, isWarning, message, count }) => [id, at, isWarning, message, count])).toEqual([
    ['b', 1_767_607_740, true, 'probe failed', 7],
    ['a', 1_767_607_500, false, 'about cart-x', 3],
  ])
})

test('of a workload, its ReplicaSets and pods, gone ones included, and not of one whose name begins alike', () => {
  const time = { lastTimestamp: '2026-01-05T10:00:00Z' }
  const events = eventsOf([
    event('1', 'Deployment', 'reviews', time),
    event('2', 'ReplicaSet', 'reviews-7d9f4c6b5d', time),
    event('3', 'Pod', 'reviews-7d9f4c6b5d-x2b4z', time),
    event('4', 'Pod', 'reviews-v3-7d9f4c6b5d-x2b4z', time),
    event('5', 'Deployment', 'reviews-v3', time),
    event('6', 'Service', 'reviews', time),
    event('7', 'Pod', 'db-0', time),
  ])
  const about = (workloads: readonly string[], services: readonly string[] = []) =>
    eventsAbout(events, { workloads, pods: [], services }).map(({ id }) => id)
  expect(about(['reviews'])).toEqual(['1', '2', '3'])
  expect(about(['reviews-v3'], ['reviews'])).toEqual(['4', '5', '6'])
  expect(about(['db'])).toEqual(['7'])
})
