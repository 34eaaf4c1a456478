import { createServer, type Server } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { obtainPrometheus } from '../demo/prometheus/binary.ts'
import { prometheusConfig } from '../demo/prometheus/config.ts'
import { PrometheusServer } from '../demo/prometheus/server.ts'
import { startSimulator, type Simulator } from '../demo/simulator/simulator.ts'
import { doctor } from './doctor.ts'
import { surroundings } from './testing.ts'

/** Seconds that a broken proxy's clock runs ahead. */
const ahead = 240

type Rule = Readonly<Record<string, unknown>>

const usual = (simulator: string): Rule => {
  const {
    scrape_configs: [job],
  } = JSON.parse(prometheusConfig(simulator)) as { readonly scrape_configs: readonly Rule[] }
  return job ?? {}
}

/** The demo's own scrape job, of few pods, told from the others by the label `case`, and broken. */
function job(simulator: string, name: string, { as, ...broken }: Rule & { readonly as?: string } = {}): Rule {
  const keep = (broken['pods'] as string | undefined) ?? '/metrics/bookinfo/(productpage|details).*'
  const { pods: _, relabel = [], ...more } = broken as Rule & { readonly relabel?: readonly Rule[] }
  return {
    ...usual(simulator),
    ...more,
    job_name: name,
    scrape_interval: '1s',
    scrape_timeout: '1s',
    relabel_configs: [
      { source_labels: ['__metrics_path__'], regex: keep, action: 'keep' },
      { target_label: 'case', replacement: as ?? name },
      // Several jobs may scrape one pod only if the job's own name is on its series.
      { target_label: 'job', replacement: name },
      ...relabel,
    ],
  }
}

const metric = (action: string, more: Rule): Rule => ({ action, ...more })
const named = (regex: string) => ({ source_labels: ['__name__'], regex })

/** One Prometheus whose jobs are each broken in one way; a matcher on `case` looks at one of them alone. */
function brokenConfig(simulator: string, clock: string, closed: string): string {
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['recording.yml'],
    scrape_configs: [
      job(simulator, 'sound', { pods: '/metrics/(bookinfo|istio-ingress)/.*' }),
      job(simulator, 'twice'),
      job(simulator, 'twice-again', { as: 'twice' }),
      job(simulator, 'flags', { metric_relabel_configs: [metric('labeldrop', { regex: 'response_flags' })] }),
      job(simulator, 'callers', {
        metric_relabel_configs: [metric('drop', { source_labels: ['reporter'], regex: 'destination' })],
      }),
      job(simulator, 'gateway-alone', { pods: '/metrics/istio-ingress/.*' }),
      job(simulator, 'buckets', {
        metric_relabel_configs: [metric('drop', named('istio_request_duration_milliseconds_bucket'))],
      }),
      job(simulator, 'seconds', {
        metric_relabel_configs: [
          metric('drop', named('istio_request_duration_milliseconds_(sum|count)')),
          metric('replace', {
            ...named('istio_request_duration_milliseconds_bucket'),
            target_label: '__name__',
            replacement: 'istio_request_duration_seconds_bucket',
          }),
        ],
      }),
      job(simulator, 'native', {
        metric_relabel_configs: [
          metric('drop', named('istio_request_duration_milliseconds_bucket')),
          metric('replace', {
            ...named('istio_request_duration_milliseconds_count'),
            target_label: '__name__',
            replacement: 'istio_request_duration_milliseconds',
          }),
        ],
      }),
      job(simulator, 'down', {
        relabel: [
          {
            source_labels: ['__metrics_path__'],
            regex: '.*/details.*',
            target_label: '__address__',
            replacement: new URL(closed).host,
          },
        ],
      }),
      job(simulator, 'clock', { relabel: [{ target_label: '__address__', replacement: new URL(clock).host }] }),
    ],
  })
}

let folder: string
let simulator: Simulator
let relay: Server
let prometheus: PrometheusServer

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const listening = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meshboard-doctor-'))
  const epoch = Math.floor(Date.now() / 1000) - 7200
  simulator = await startSimulator({ seed: 1, epoch })
  // The same proxies with a clock that runs ahead, as their own timestamps say.
  relay = createServer((request, response) => {
    void fetch(new URL(request.url ?? '/', simulator.url))
      .then((answer) => answer.text())
      .then((text) => {
        const at = Date.now() + ahead * 1000
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
        response.end(text.replaceAll(/^([^#\n].*)$/gm, `$1 ${at}`))
      })
  })
  const closed = createServer()
  await Promise.all([listening(relay), listening(closed)])
  const nobody = urlOf(closed)
  await new Promise((resolve) => closed.close(resolve))
  const record = 'service:istio_requests:rate1m'
  const rules = { groups: [{ name: 'r', rules: [{ record, expr: 'sum(rate(istio_requests_total[1m]))' }] }] }
  await writeFile(join(folder, 'recording.yml'), JSON.stringify(rules))
  prometheus = await PrometheusServer.start({
    binary: (await obtainPrometheus()).path,
    simulator: simulator.url,
    folder,
    config: brokenConfig(simulator.url, urlOf(relay), nobody),
    onCrash: (reason) => {
      throw new Error(reason)
    },
  })
  // Two scrapes of every case are behind us once the slowest has a rate.
  await until('count(count by (case) (rate(istio_requests_total{case!="clock"}[30s])))', 9)
  await until('count(timestamp(istio_requests_total{case="clock"} offset -300s))', 1)
  await until('count(up == 0)', 1)
}, 120_000)

afterAll(async () => {
  await prometheus.kill()
  await simulator.close()
  await new Promise((resolve) => relay.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

/** Waits until an expression is at least that. */
async function until(promql: string, least: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query: promql }).toString()}`)
    const { data } = (await answer.json()) as {
      readonly data: { readonly result: readonly { value: [number, string] }[] }
    }
    if (Number(data.result[0]?.value[1] ?? 0) >= least) return
    await sleep(200)
  }
}

interface Printed {
  readonly findings: readonly {
    readonly code: string
    readonly message: string
    readonly query?: string
    readonly severity: string
    readonly evidence: readonly string[]
  }[]
}

/** What the doctor says of one case, and the exit status. */
async function examine(of: string, argv: readonly string[] = [], clock = () => Date.now() / 1000) {
  const around = surroundings({ now: clock })
  const status = await doctor(
    ['--prometheus-url', prometheus.url, '--format', 'json', '--matcher', `case="${of}"`, '--window', '30s', ...argv],
    around,
  )
  expect(around.err()).toBe('')
  const { findings } = JSON.parse(around.out()) as Printed
  return { status, findings, codes: findings.map(({ code }) => code) }
}

test('a sound configuration has no finding, and exit status 0', async () => {
  const { status, codes } = await examine('sound')
  expect([status, codes]).toEqual([0, []])
})

test('recording rules are named where all that Prometheus holds is asked about', async () => {
  const around = surroundings({ now: () => Date.now() / 1000 })
  await doctor(['--prometheus-url', prometheus.url, '--format', 'json', '--window', '30s'], around)
  const { findings } = JSON.parse(around.out()) as Printed
  expect(findings.find(({ code }) => code === 'MD901')).toMatchObject({
    message: '1 recording rule reads Istio’s metrics',
    evidence: ['service:istio_requests:rate1m'],
  })
})

test.each([
  ['twice', 'MD208', /of 3 proxies are scraped more than once, up to 2 times/, 3],
  ['flags', 'MD301', /^response_flags is missing on 100% of the series/, 0],
  ['callers', 'MD202', /reporter="destination"/, 0],
  ['buckets', 'MD304', /averages can be had/, 0],
  ['seconds', 'MD302', /in istio_request_duration_seconds/, 0],
  ['native', 'MD303', /no _bucket series/, 0],
  ['down', 'MD207', /1 of 3 targets/, 0],
  ['clock', 'MD106', /2[34]\d s ahead of Prometheus’s clock/, 3],
  ['nobody-scrapes', 'MD102', /has no series/, 3],
] as const)('%s: the doctor says %s and nothing else', async (of, code, says, exit) => {
  const { status, findings, codes } = await examine(of)
  expect(codes).toEqual([code])
  expect(findings.find((each) => each.code === code)?.message).toMatch(says)
  expect(status).toBe(exit)
})

test('a clock that is ten minutes off is found, though its window is empty', async () => {
  const { status, codes, findings } = await examine('sound', [], () => Date.now() / 1000 + 600)
  expect(codes).toContain('MD106')
  expect(findings.find(({ code }) => code === 'MD106')?.message).toMatch(/^Meshboard’s clock is (59|60)\d s ahead/)
  expect(status).toBe(3)
})

test('a window of less than two scrapes, and one of more than is kept', async () => {
  expect((await examine('sound', ['--window', '1s'])).codes).toEqual(['MD105'])
  expect((await examine('sound', ['--window', '7d'])).codes).toEqual(['MD104'])
})

test('a finding shows the query that proves it, and Prometheus agrees', async () => {
  const { findings } = await examine('twice')
  const promql = findings.find(({ code }) => code === 'MD208')?.query ?? ''
  const answer = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query: promql }).toString()}`)
  const { data } = (await answer.json()) as {
    readonly data: { readonly result: readonly { value: [number, string] }[] }
  }
  expect(data.result.map(({ value }) => value[1])).toEqual(['2', '2', '2'])
})

test('as text it says the same, with what to paste', async () => {
  const around = surroundings({ now: () => Date.now() / 1000 })
  await doctor(['--prometheus-url', prometheus.url, '--matcher', 'case="twice"', '--window', '30s'], around)
  expect(around.out()).toMatch(/^FAILURE MD208 Proxies are scraped more than once \(certain\)$/m)
  expect(around.out()).toMatch(/^ {6}kubectl get podmonitors/m)
  expect(around.out()).toMatch(/^1 failure\.$/m)
})

test('a Prometheus that does not answer is a finding too', async () => {
  const around = surroundings()
  const status = await doctor(['--prometheus-url', 'http://127.0.0.1:9', '--format', 'json'], around)
  expect(status).toBe(3)
  expect((JSON.parse(around.out()) as Printed).findings.map(({ code }) => code)).toEqual(['MD101'])
})

test.each([
  [[], /--prometheus-url is missing/],
  [['--prometheus-url', 'nowhere'], /"nowhere" is not valid/],
  [['--prometheus-url', 'http://x', '--format', 'xml'], /"xml" is not valid; it takes text or json/],
  [['--prometheus-url', 'http://x', '--window', '5'], /"5" is not valid/],
  [['--prometheus-url', 'http://x', '--context', 'a'], /--context needs --kubeconfig/],
  [['--verbose'], /--verbose/],
])('%j is refused with the reason and exit status 2', async (argv, says) => {
  const around = surroundings()
  expect(await doctor(argv, around)).toBe(2)
  expect(around.err()).toMatch(says)
  expect(around.out()).toBe('')
})
