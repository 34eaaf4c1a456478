import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { requests } from '../mesh/testing/samples.ts'
import { graph } from './graph.ts'
import { surroundings, upstream, vector } from './testing.ts'

/** Status, verdicts by workload and stderr of a mesh where 20% of the cart's answers are 503, judged by a file. */
async function judged(text: string | undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-policy-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const server = await upstream((query, response) => {
    const isAsked = query.includes('istio_requests_total') && query.includes('reporter="source"')
    const call = { from: 'shop/web', to: 'shop/cart' }
    response.end(vector(isAsked ? [requests(80, call), requests(20, { ...call, code: '503' })] : []))
  })
  onTestFinished(() => server.close())
  const file = join(folder, 'policy')
  if (text !== undefined) await writeFile(file, text)
  const around = surroundings()
  const status = await graph(
    ['--prometheus-url', server.url, '--graph-type', 'workload', '--health-policy', file],
    around,
  )
  const { nodes } = (status === 0 ? JSON.parse(around.out()) : { nodes: [] }) as {
    nodes: { workload?: string; health: { state: string; reasons: string[] } }[]
  }
  const of = (name: string) => nodes.find(({ workload }) => workload === name)?.health
  return { status, of, err: around.err().replaceAll(file, 'FILE'), asked: server.asked }
}

test('rules of a YAML file go before the built-in ones', async () => {
  const { status, of } = await judged('- { match: { namespace: shop }, protocol: http, codes: 503, degraded: 0.15 }')
  expect(status).toBe(0)
  expect(of('cart')?.state).toBe('degraded')
  expect(of('cart')?.reasons[0]).toBe('20% of requests failed with 503; tolerance 15%.')
})

test('of a JSON file too, under the name they have in the configuration', async () => {
  const { of } = await judged('{"health": [{"match": {"name": "cart"}, "protocol": "http", "codes": "5XX"}]}')
  expect(of('cart')?.state).toBe('healthy')
})

test('an empty file leaves the built-in ones', async () => {
  expect((await judged('')).of('cart')?.state).toBe('failing')
})

test.each([
  [
    'mistakes, each by key',
    '- { protocol: http, codes: "5(", degraded: 5 }',
    'meshboard graph: --health-policy FILE: health.0.codes: is not a regular expression; got "5("\n' +
      'meshboard graph: --health-policy FILE: health.0.degraded: takes a ratio from 0 to 1, such as 0.05 for 5%; got 5\n',
  ],
  ['no YAML', '- { protocol: http', /^meshboard graph: --health-policy FILE cannot be read as YAML or JSON \(.+\)\n$/],
  ['no file', undefined, /FILE cannot be read as YAML or JSON \(ENOENT/],
])('%s: status 2, and nothing is asked', async (_what, text, complaint) => {
  const { status, err, asked } = await judged(text)
  expect(status).toBe(2)
  if (typeof complaint === 'string') expect(err).toBe(complaint)
  else expect(err).toMatch(complaint)
  expect(asked).toEqual([])
})
