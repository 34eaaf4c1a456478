import { createServer } from 'node:http'
import protobuf from 'protobufjs'
import { uncompress } from 'snappyjs'
import { expect, it, vi } from 'vitest'
import { z } from 'zod'
import { listen } from '../launch/listen.ts'
import { flows } from '../mesh/flows.ts'
import { podsOf } from '../mesh/pods.ts'
import { reportsOf } from '../traffic/reports.ts'
import { seriesByPod, valueOf } from '../traffic/series.ts'
import { Waves } from '../traffic/waves.ts'
import { backfill, instantsOf } from './backfill.ts'
import { targetsOf } from './targets.ts'

const epoch = 1_790_000_000
const waves = new Waves(1, epoch)
const pods = podsOf(1)
const targets = targetsOf(pods, seriesByPod(reportsOf(flows, pods))).slice(0, 6)

const { root } = protobuf.parse(`
  syntax = "proto3";
  message WriteRequest { repeated TimeSeries timeseries = 1; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
`)
const writeRequest = root.lookupType('WriteRequest')
const written = z.object({
  timeseries: z.array(
    z.object({
      labels: z.array(z.object({ name: z.string(), value: z.string() })),
      samples: z.array(z.object({ value: z.number(), timestamp: z.number() })),
    }),
  ),
})

it('a history is coarse first and then as dense as scraping, up to its very end', () => {
  expect(instantsOf({ seconds: 60, step: 15, recent: { seconds: 20, step: 5 } }, 1000)).toEqual([
    940, 955, 970, 980, 985, 990, 995, 1000,
  ])
})

it('writes every series once, with its target’s labels in order and the values its counters had', async () => {
  const received: z.infer<typeof written>['timeseries'] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = writeRequest.decode(uncompress(Buffer.concat(chunks)))
      received.push(
        ...written.parse(writeRequest.toObject(body, { longs: Number, defaults: true, arrays: true })).timeseries,
      )
      response.writeHead(204).end()
    })
  })
  const { url, close } = await listen(server)
  const instants = [epoch + 100, epoch + 115.5]
  const samples = await backfill({ targets, waves, prometheus: url, instants })
  await close()

  const all = targets.flatMap(({ series }) => series)
  expect(received).toHaveLength(all.length)
  expect(samples).toBe(all.length * 2)
  for (const [index, { labels, samples: values }] of received.entries()) {
    const names = labels.map(({ name }) => name)
    expect(names).toEqual([...names].sort())
    expect(names).toEqual(expect.arrayContaining(['__name__', 'instance', 'job', 'namespace', 'pod', 'reporter']))
    const one = all[index]
    if (one === undefined) throw new Error('more series than there are')
    expect(labels[0]).toEqual({ name: '__name__', value: one.family + one.suffix })
    expect(values.map(({ timestamp }) => timestamp)).toEqual(instants.map((at) => at * 1000))
    for (const [step, at] of instants.entries()) expect(values[step]?.value).toBeCloseTo(valueOf(one, waves, at), 2)
  }
})

it('fails with Prometheus’s own words when it refuses', async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  const { url, close } = await listen(
    createServer((_request, response) => response.writeHead(400).end('out of bounds')),
  )
  await expect(backfill({ targets, waves, prometheus: url, instants: [epoch + 1] })).rejects.toThrow(
    'Prometheus refused the history (400): out of bounds',
  )
  await close()
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
})
