import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TraceAnswer, TracesAnswer } from '../../src/clients/traces/wire.ts'
import { jaegerAnswers } from '../../src/demo/traces/jaegerAnswers.ts'
import { entries, Journeys, slotSeconds } from '../../src/demo/traces/journeys.ts'
import { otlpOf } from '../../src/demo/traces/otlp.ts'
import { decodeJaeger } from '../../src/mesh/traces/jaeger.ts'
import type { Trace } from '../../src/mesh/traces/trace.ts'
import { type RunningProxy, startProxy } from '../../src/proxy/serve.ts'
import { type Jaeger, startJaeger } from './server.ts'

/** 2026-01-05T10:00:00Z: an hour in which the demo's faults come and go, the same in each run. */
const begin = 1_767_607_200
const seconds = 900
const end = begin + seconds
const recorded = fileURLToPath(new URL('../../src/mesh/traces/recorded/', import.meta.url))
const deep = 'd'.repeat(32)

let jaeger: Jaeger | undefined
let proxy: RunningProxy | undefined
const standIn = jaegerAnswers(1)

beforeAll(async () => {
  const started = await startJaeger()
  jaeger = started
  const journeys = new Journeys(1)
  for (let slot = begin / slotSeconds; slot < end / slotSeconds; slot += 20) {
    const slots = Array.from({ length: 20 }, (_, index) => slot + index)
    const traces = slots.flatMap((each) => entries.flatMap((_, entry) => journeys.traceAt(entry, each) ?? []))
    await started.send(otlpOf(traces))
  }
  await started.send(deepTrace())
  proxy = await startProxy({
    port: 0,
    logLevel: 'silent',
    auth: { mode: 'open' },
    clusters: [{ name: 'demo', prometheus: { url: 'http://127.0.0.1:1' }, traces: { url: started.url } }],
  })
  // The collector takes spans in first and writes them afterwards.
  await until(async () => (await ask(`api/traces/${deep}`)).status === 200)
  await until(async () => decodeJaeger((await ask(`api/traces/${deep}`)).json).traces[0]?.spans.length === 5000)
})
afterAll(async () => {
  await proxy?.close()
  await jaeger?.stop()
})

test('the stand-in of the demo answers as Jaeger does, for a service and for its failed requests', async () => {
  for (const more of [{}, { tags: '{"error":"true"}' }] as readonly Readonly<Record<string, string>>[]) {
    const query = new URLSearchParams({ ...span, service: 'productpage.bookinfo', limit: '500', ...more })
    const real = await ask(`api/traces?${query.toString()}`)
    const own = standIn('api/traces', query, end)
    expect(real.status).toBe(own.status)
    const [theirs, ours] = [decodeJaeger(real.json).traces, decodeJaeger(own.body).traces].map(byId)
    expect(theirs?.length).toBeGreaterThan(1)
    expect(theirs).toEqual(ours)
  }
  const services = await ask('api/services')
  const own = standIn('api/services', new URLSearchParams(), end).body as { data: string[] }
  expect([...(services.json as { data: string[] }).data].sort()).toEqual([...own.data, 'deep.bookinfo'].sort())
})

test('the proxy finds traces and a trace in a real Jaeger', async () => {
  const asked = await mesh(`?namespaces=bookinfo&apps=reviews&window=${seconds}s&time=${end}`)
  const found = asked.json as TracesAnswer
  expect(found.services).toEqual(['reviews.bookinfo'])
  expect(found.traces.length).toBeGreaterThan(100)
  const [first] = found.traces
  const one = (await mesh(`/${first?.id ?? ''}`)).json as TraceAnswer
  expect(one.trace.spans.length).toBe(first?.spans)
  const calls = one.trace.spans.map(({ service }) => service)
  expect(calls).toContain('reviews.bookinfo')
  expect(calls).toContain('productpage.bookinfo')
  expect((await mesh(`/${'0'.repeat(31)}1`)).status).toBe(404)
})

test('a trace of 5,000 spans, one below the other, arrives whole', async () => {
  const { trace } = (await mesh(`/${deep}`)).json as TraceAnswer
  expect(trace.spans).toHaveLength(5000)
  expect(trace.spans.at(-1)?.operation).toBe('call 4999')
})

test('what is recorded is what Jaeger answers', async () => {
  const query = (more: Readonly<Record<string, string>>) =>
    `api/traces?${new URLSearchParams({ ...span, limit: '3', ...more }).toString()}`
  const failed = query({ service: 'productpage.bookinfo', tags: '{"error":"true"}' })
  const answers: Readonly<Record<string, string>> = {
    search: query({ service: 'waypoint.travel' }),
    failed,
    nothing: query({ service: 'no-such.service' }),
    notFound: `api/traces/${'0'.repeat(31)}1`,
    badRequest: 'api/traces',
  }
  for (const [name, path] of Object.entries(answers)) {
    const { status, json } = await ask(path)
    const file = `${recorded}${name}.json`
    if (process.env['MESHBOARD_RECORD'] === '1') {
      await mkdir(recorded, { recursive: true })
      await writeFile(file, `${JSON.stringify({ status, body: json }, null, 1)}\n`)
    }
    const kept = JSON.parse(await readFile(file, 'utf8')) as { readonly status: number; readonly body: unknown }
    expect(kept.status).toBe(status)
    expect(byId(decodeJaeger(json).traces)).toEqual(byId(decodeJaeger(kept.body).traces))
  }
})

const span = { start: `${begin * 1e6}`, end: `${end * 1e6}` }

const byId = (traces: readonly Trace[]): readonly Trace[] =>
  traces
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((trace) => ({ ...trace, spans: trace.spans.map(withoutTracer) }))

/** What a tracer says of itself depends on the way the spans came. */
function withoutTracer(one: Trace['spans'][number]): Trace['spans'][number] {
  const own = new Set(['otel.scope.name', 'internal.span.format'])
  return { ...one, tags: Object.fromEntries(Object.entries(one.tags).filter(([name]) => !own.has(name))) }
}

async function ask(path: string): Promise<{ readonly status: number; readonly json: unknown }> {
  const answer = await fetch(`${jaeger?.url ?? ''}/${path}`)
  return { status: answer.status, json: (await answer.json()) as unknown }
}

async function mesh(path: string): Promise<{ readonly status: number; readonly json: unknown }> {
  const answer = await fetch(`${proxy?.url ?? ''}/api/clusters/demo/traces${path}`)
  return { status: answer.status, json: await answer.json() }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 600) throw new Error('Jaeger did not write the spans in time')
    await sleep(100)
  }
}

function deepTrace(): unknown {
  const id = (index: number) => (index + 1).toString(16).padStart(16, '0')
  const spans = Array.from({ length: 5000 }, (_, index) => ({
    traceId: deep,
    spanId: id(index),
    ...(index === 0 ? {} : { parentSpanId: id(index - 1) }),
    name: `call ${index}`,
    kind: 2,
    startTimeUnixNano: `${begin * 1e6 + index}000`,
    endTimeUnixNano: `${begin * 1e6 + 20_000 - index}000`,
    attributes: [{ key: 'istio.namespace', value: { stringValue: 'bookinfo' } }],
    status: {},
  }))
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'deep.bookinfo' } }] }
  return { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }
}
