import { QueryClient } from '@tanstack/react-query'
import { afterEach, expect, test, vi } from 'vitest'

import { NotJsonError } from '../../../../clients/errors.ts'
import { defaultPolicy } from '../../../../mesh/health.ts'
import { openedQuery, readerFor } from './answers.ts'
import { createReader, type Demand, type Reader, type Reply } from './reader.ts'
import { createReading, LostAnswerError, type ReadingOrder } from './reading.ts'

/** A worker on this side of the wall: demands and replies go through a structured clone, as to a real one. */
class Neighbour {
  onmessage: ((event: MessageEvent<Reply>) => void) | null = null
  onerror: ((event: ErrorEvent) => void) | null = null
  isEnded = false
  readonly demands: Demand[] = []
  readonly #reading = createReading()
  readonly #answers: boolean
  constructor(answers = true) {
    this.#answers = answers
  }
  postMessage(message: Demand) {
    const demand = structuredClone(message)
    this.demands.push(demand)
    if (!this.#answers) return
    if (demand.ask === 'forget') {
      this.#reading.forget(demand.answer)
      return
    }
    queueMicrotask(() => this.onmessage?.(new MessageEvent('message', { data: structuredClone(this.#reply(demand)) })))
  }
  #reply(demand: Exclude<Demand, { ask: 'forget' }>): Reply {
    try {
      return demand.ask === 'open'
        ? { id: demand.id, opened: this.#reading.open(demand.id, demand.answer) }
        : { id: demand.id, graph: this.#reading.read(demand.order, demand.objects) }
    } catch (error) {
      return { id: demand.id, failure: String(error), isLost: error instanceof LostAnswerError }
    }
  }
  terminate() {
    this.isEnded = true
  }
}

const time = 1_700_000_000
const textOf = (rate: string) =>
  JSON.stringify({
    status: 'success',
    data: {
      resultType: 'vector',
      result: [
        {
          metric: {
            ...{ reporter: 'source', request_protocol: 'http', response_code: '200', response_flags: '-' },
            ...{ source_cluster: 'c', source_workload_namespace: 'shop', source_workload: 'front' },
            ...{ destination_cluster: 'c', destination_workload_namespace: 'shop', destination_workload: 'cart' },
            ...{ destination_service_namespace: 'shop', destination_service_name: 'cart' },
          },
          value: [time, rate],
        },
      ],
    },
    warnings: ['a store did not answer'],
    meshboard: {
      queries: [{ name: 'requests', promql: 'sum(rate(x[5m]))' }],
      window: 300,
      time,
      namespaces: null,
      notes: [],
    },
  })

const orderOf = (requests: number): ReadingOrder => ({
  answers: { requests },
  statistic: 'p95',
  idle: [],
  options: {
    graphType: 'workload',
    window: { seconds: 300, at: time },
    namespaces: [],
    reporter: 'auto',
    serviceNodes: false,
    waypoints: false,
    idleEdges: false,
    http: true,
    grpc: 'requests',
    policy: defaultPolicy,
  },
})
const url = 'api/clusters/c/telemetry/requests'

test.each([
  ['a worker', () => new Neighbour()],
  ['no worker', () => undefined],
])('with %s: what was asked comes back with a number, and the graph for the number', async (_, start) => {
  const reader = createReader(start)
  const opened = await reader.open({ url, text: textOf('7') })
  expect(opened).toMatchObject({
    time,
    warnings: ['a store did not answer'],
    notes: [],
    queries: [{ promql: 'sum(rate(x[5m]))' }],
  })
  expect(opened).not.toHaveProperty('samples')
  const graph = await reader.read(orderOf(opened.number), undefined)
  expect(graph.edges).toMatchObject([{ rate: 7, protocol: 'http' }])
  expect(graph.nodes.map(({ workload }) => workload)).toEqual(['cart', 'front'])
})

test('equal texts have equal fingerprints and numbers of their own', async () => {
  const reader = createReader(() => new Neighbour())
  const [one, same, other] = await Promise.all(['7', '7', '8'].map((rate) => reader.open({ url, text: textOf(rate) })))
  expect(one?.fingerprint).toBe(same?.fingerprint)
  expect(one?.number).not.toBe(same?.number)
  expect(one?.fingerprint).not.toBe(other?.fingerprint)
})

test.each([
  ['a worker', () => new Neighbour()],
  ['no worker', () => undefined],
])('with %s: what is no answer is refused with its own error', async (_, start) => {
  const reader = createReader(start)
  await expect(reader.open({ url, text: '<html>log in</html>' })).rejects.toBeInstanceOf(NotJsonError)
  await expect(reader.open({ url, text: '{"status":"success","data":{"resu' })).rejects.toBeInstanceOf(NotJsonError)
})

test.each([
  ['a worker', () => new Neighbour()],
  ['no worker', () => undefined],
])('with %s: what was forgotten is lost, and said to be', async (_, start) => {
  const reader = createReader(start)
  const { number } = await reader.open({ url, text: textOf('7') })
  reader.forget(number)
  await expect(reader.read(orderOf(number), undefined)).rejects.toBeInstanceOf(LostAnswerError)
})

test('the same objects are sent once', async () => {
  const neighbour = new Neighbour()
  const reader = createReader(() => neighbour)
  const { number } = await reader.open({ url, text: textOf('7') })
  const objects = { namespaces: [{ name: 'shop' }] }
  await reader.read(orderOf(number), objects)
  await reader.read(orderOf(number), objects)
  await reader.read(orderOf(number), { ...objects })
  expect(neighbour.demands.filter(({ ask }) => ask === 'read').map((demand) => 'objects' in demand)).toEqual([
    ...[true, false, true],
  ])
})

test('a worker that breaks is ended: what it was opening is opened in place, what it was to read is lost', async () => {
  const neighbour = new Neighbour(false)
  const reader = createReader(() => neighbour)
  const opening = reader.open({ url, text: textOf('7') })
  const reading = reader.read(orderOf(99), undefined)
  neighbour.onerror?.(new ErrorEvent('error'))
  await expect(reading).rejects.toBeInstanceOf(LostAnswerError)
  const { number } = await opening
  expect((await reader.read(orderOf(number), undefined)).edges).toHaveLength(1)
  expect(neighbour.isEnded).toBe(true)
})

afterEach(() => {
  vi.unstubAllGlobals()
})

test('an answer lives in the reader as long as in the cache', async () => {
  let rate = '7'
  vi.stubGlobal('fetch', () =>
    Promise.resolve(new Response(textOf(rate), { headers: { 'content-type': 'application/json' } })),
  )
  const client = new QueryClient()
  const reader = readerFor(client)
  expect(readerFor(client)).toBe(reader)
  const subject = { cluster: { name: 'c' }, namespaces: [], project: undefined, window: { seconds: 300, at: time } }
  const query = openedQuery(reader, { ask: 'requests' }, subject)
  const first = await client.query(query)
  await expect(reader.read(orderOf(first.number), undefined)).resolves.toMatchObject({ time })

  rate = '8'
  await client.refetchQueries({ queryKey: query.queryKey, type: 'all' })
  const second = client.getQueryData(query.queryKey)
  expect(second?.number).not.toBe(first.number)
  await expect(reader.read(orderOf(first.number), undefined)).rejects.toBeInstanceOf(LostAnswerError)

  client.removeQueries({ queryKey: query.queryKey })
  await expect(reader.read(orderOf(second?.number ?? 0), undefined)).rejects.toBeInstanceOf(LostAnswerError)
})

test('an answer that nobody waits for any more when it is decoded is not kept', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(textOf('7'))))
  const inPlace = createReader(() => undefined)
  let decode: (() => void) | undefined
  const gate = new Promise<void>((resolve) => (decode = resolve))
  const forgotten: number[] = []
  let isArrived = false
  const reader: Reader = {
    ...inPlace,
    open: (answer) => {
      isArrived = true
      return gate.then(() => inPlace.open(answer))
    },
    forget: (number) => forgotten.push(number),
  }
  const subject = { cluster: { name: 'c' }, namespaces: [], project: undefined, window: { seconds: 300, at: time } }
  const leaving = new AbortController()
  const { queryFn, queryKey } = openedQuery(reader, { ask: 'requests' }, subject)
  if (typeof queryFn !== 'function') throw new Error('nothing is asked')
  const asking = queryFn({ client: new QueryClient(), queryKey, signal: leaving.signal, meta: undefined })
  await vi.waitFor(() => expect(isArrived).toBe(true))
  leaving.abort()
  decode?.()
  const { number } = await asking
  expect(forgotten).toEqual([number])
})
