import { expect, test } from 'vitest'
import { decodeJaeger } from '../../mesh/traces/jaeger.ts'
import { flows } from '../mesh/flows.ts'
import { jaegerAnswers } from './jaegerAnswers.ts'
import { entries, Journeys, slotSeconds } from './journeys.ts'

const journeys = new Journeys(1)
const slots = Array.from({ length: 120 }, (_, index) => 294_000_000 + index)
const traces = slots.flatMap((slot) => entries.flatMap((_, entry) => journeys.traceAt(entry, slot) ?? []))

test('every span that calls another is a call of the mesh', () => {
  const calls = new Set(
    flows.map(
      ({ source, destination }) =>
        `${source.namespace}/${source.name}>${destination?.namespace ?? ''}/${destination?.name ?? ''}`,
    ),
  )
  let checked = 0
  for (const { spans } of traces) {
    const byId = new Map(spans.map((span) => [span.id, span]))
    for (const { kind, parent, pod } of spans) {
      const caller = parent === undefined ? undefined : byId.get(parent)
      if (kind !== 'server' || caller?.kind !== 'client' || pod.workload.proxy === 'waypoint') continue
      checked += 1
      const [one, other] = [caller.pod.workload, pod.workload]
      expect(calls).toContain(`${one.namespace}/${one.name}>${other.namespace}/${other.name}`)
    }
  }
  expect(checked).toBeGreaterThan(1000)
})

test('a fault shows in traces while it is active, and not else', () => {
  const failures = (from: number) => {
    const spans = Array.from({ length: 60 }, (_, index) => Math.floor(from / slotSeconds) + index).flatMap((slot) =>
      entries.flatMap((_, entry) => journeys.traceAt(entry, slot)?.spans ?? []),
    )
    const toV3 = spans.filter(({ attributes }) => attributes['response_flags'] === 'UF')
    return toV3.map(({ service }) => service)
  }
  // reviews-canary is active in the first 420 s of each 1,200 s.
  const begin = 1200 * 1_200_000
  expect(new Set(failures(begin))).toEqual(new Set(['productpage.bookinfo']))
  expect(failures(begin + 500)).toEqual([])
})

test('an id leads back to its trace, and no other id to any', () => {
  const [trace] = traces
  expect(journeys.find(trace?.id ?? '')).toEqual(trace)
  expect(journeys.find('0'.repeat(32))).toBeUndefined()
  expect(new Set(traces.map(({ id }) => id)).size).toBe(traces.length)
})

test('the stand-in for Jaeger finds by service, errors alone where asked, the newest first', () => {
  const now = 1_470_001_190
  const answer = jaegerAnswers(1)
  const services = answer('api/services', new URLSearchParams(), now).body as { data: string[] }
  expect(services.data).toContain('reviews.bookinfo')
  expect(services.data).toContain('waypoint.travel')
  const query = (more: Record<string, string>) =>
    new URLSearchParams({
      service: 'payment.shop-core',
      start: `${(now - 3600) * 1e6}`,
      end: `${now * 1e6}`,
      limit: '500',
      ...more,
    })
  const all = decodeJaeger(answer('api/traces', query({}), now).body).traces
  const failed = decodeJaeger(answer('api/traces', query({ tags: '{"error":"true"}' }), now).body).traces
  expect(all.length).toBeGreaterThan(failed.length)
  expect(failed.length).toBeGreaterThan(0)
  for (const trace of failed)
    expect(trace.spans.some(({ service, isError }) => isError && service === 'payment.shop-core')).toBe(true)
  expect(all.map(({ start }) => start)).toEqual(all.map(({ start }) => start).toSorted((a, b) => b - a))
  expect(answer('api/traces', new URLSearchParams(), now).status).toBe(400)
  expect(answer('api/traces/ab', new URLSearchParams(), now).status).toBe(404)
})
