import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { obtainPrometheus } from '../src/demo/prometheus/binary.ts'
import { run } from '../src/demo/prometheus/run.ts'
import { promtool } from '../src/demo/testing/engines.ts'
import { label, metrics } from '../src/mesh/telemetry.ts'
import { readWritten } from '../src/proxy/configFile.ts'

const folder = resolve('deploy/prometheus')

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly record: string; readonly expr: string }[] }[]
}

async function read(name: string): Promise<unknown> {
  return parse(await readFile(join(folder, name), 'utf8'))
}

/** As Prometheus's own tool judges it. */
async function judged(
  ...args: readonly string[]
): Promise<{ readonly code: number | undefined; readonly output: string }> {
  const { path } = await obtainPrometheus()
  return run(await promtool(path), args, { timeoutMs: 60_000 })
}

const dropped = async () =>
  ((await read('stream-aggregation.yaml')) as { without: readonly string[] }[])[0]?.without ?? []

describe('the shipped aggregation', () => {
  test('sums every counter that Meshboard reads, and Prometheus takes the rules', async () => {
    const { groups } = (await read('aggregate.rules.yaml')) as Rules
    const rules = groups.flatMap((group) => group.rules)
    expect(rules.map(({ record }) => record).sort()).toEqual(
      Object.values(metrics)
        .map((metric) => `workload:${metric}`)
        .sort(),
    )
    for (const { record, expr } of rules) {
      expect(expr).toBe(`sum without (${(await dropped()).join(', ')}) (${record.replace('workload:', '')})`)
    }
    const { code, output } = await judged('check', 'rules', join(folder, 'aggregate.rules.yaml'))
    expect([code, output]).toEqual([0, expect.stringContaining(`SUCCESS: ${rules.length} rules found`)])
  })

  test('drops no label that Meshboard asks for', async () => {
    const asked: readonly string[] = Object.values(label)
    expect((await dropped()).filter((name) => asked.includes(name))).toEqual([])
  })

  test('tells of two pods as of one workload, at the sum of their rates', async () => {
    const into = await mkdtemp(join(tmpdir(), 'meshboard-rules-'))
    onTestFinished(() => rm(into, { recursive: true }))
    const series = (pod: string, code: string) =>
      `istio_requests_total{source_workload="web",response_code="${code}",pod="${pod}",instance="${pod}:15020"}`
    const file = join(into, 'test.yaml')
    await writeFile(
      file,
      JSON.stringify({
        rule_files: [join(folder, 'aggregate.rules.yaml')],
        evaluation_interval: '15s',
        tests: [
          {
            interval: '15s',
            input_series: [
              { series: series('a', '200'), values: '0+30x40' },
              { series: series('b', '200'), values: '0+45x40' },
              { series: series('a', '503'), values: '0+15x40' },
            ],
            promql_expr_test: [
              {
                expr: 'rate(workload:istio_requests_total[5m])',
                eval_time: '10m',
                exp_samples: [
                  { labels: '{source_workload="web",response_code="200"}', value: 5 },
                  { labels: '{source_workload="web",response_code="503"}', value: 1 },
                ],
              },
            ],
          },
        ],
      }),
    )
    expect(await judged('test', 'rules', file)).toMatchObject({ code: 0 })
  })

  test('the second Prometheus takes them under the names Istio gives', async () => {
    const { code, output } = await judged('check', 'config', join(folder, 'federate.yaml'))
    expect([code, output]).toEqual([0, expect.stringContaining('SUCCESS')])
    const { scrape_configs } = (await read('federate.yaml')) as {
      scrape_configs: { metric_relabel_configs: { regex: string; replacement: string }[] }[]
    }
    const [{ regex, replacement } = { regex: '', replacement: '' }] = scrape_configs[0]?.metric_relabel_configs ?? []
    expect(`workload:${metrics.requests}`.replace(new RegExp(`^(?:${regex})$`), replacement)).toBe(metrics.requests)
  })
})

test('the chart’s values for wide scale are values of the chart, and their configuration can be used', async () => {
  const values = parse(await readFile(resolve('deploy/wide-values.yaml'), 'utf8')) as Readonly<Record<string, unknown>>
  const known = parse(await readFile(resolve('deploy/meshboard/values.yaml'), 'utf8')) as object
  expect(Object.keys(known)).toEqual(expect.arrayContaining(Object.keys(values)))
  const into = await mkdtemp(join(tmpdir(), 'meshboard-values-'))
  onTestFinished(() => rm(into, { recursive: true }))
  const file = join(into, 'meshboard.yaml')
  await writeFile(file, JSON.stringify(values['config']))
  const { limits, clusters } = await readWritten(file, {})
  expect(limits).toMatchObject({ answerBytes: 256 * 1024 * 1024, answerSeconds: 15, upstreamSeconds: 60 })
  expect(clusters[0]?.prometheus).toMatchObject({ headers: { 'X-Scope-OrgID': 'mesh' } })
})
