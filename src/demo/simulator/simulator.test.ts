import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from './simulator.ts'

const now = 1_795_000_000
const asked: string[] = []
let simulator: Simulator
let uncontrolled: Simulator

beforeAll(async () => {
  const options = { seed: 1, epoch: now - 7200, now: () => now }
  uncontrolled = await startSimulator(options)
  simulator = await startSimulator({
    ...options,
    control: (action) => {
      asked.push(action)
      return Promise.resolve()
    },
  })
})
afterAll(async () => {
  await simulator.close()
  await uncontrolled.close()
})

const get = (path: string) => fetch(`${simulator.url}${path}`)

interface Group {
  readonly targets: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

async function groups(): Promise<readonly Group[]> {
  const body: unknown = await (await get('/sd')).json()
  if (!Array.isArray(body)) throw new Error('not a list')
  return body.map((group: unknown) => {
    if (typeof group !== 'object' || group === null || !('targets' in group) || !('labels' in group))
      throw new Error('not a group')
    expect(Object.keys(group)).toEqual(['targets', 'labels'])
    const { targets, labels } = group
    if (!Array.isArray(targets) || typeof labels !== 'object' || labels === null) throw new Error('not a group')
    return {
      targets: targets.map(String),
      labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)])),
    }
  })
}

describe('service discovery', () => {
  it('lists one target per proxy, each with an instance of its own and the labels of its pod', async () => {
    const all = await groups()
    expect(all.length).toBeGreaterThan(35)
    expect(new Set(all.map(({ labels }) => labels['instance'])).size).toBe(all.length)
    const productpage = all.find(({ labels }) => labels['app'] === 'productpage')
    expect(productpage?.targets).toEqual([new URL(simulator.url).host])
    expect(productpage?.labels).toMatchObject({
      job: 'kubernetes-pods',
      namespace: 'bookinfo',
      version: 'v1',
      service_istio_io_canonical_name: 'productpage',
      service_istio_io_canonical_revision: 'v1',
      security_istio_io_tlsMode: 'istio',
    })
    expect(productpage?.labels['pod']).toMatch(/^productpage-v1-[a-z0-9]{10}-[a-z0-9]{5}$/)
    for (const { labels } of all) for (const name of Object.keys(labels)) expect(name).toMatch(/^[a-zA-Z_]\w*$/)
  })

  it('leads to metrics at every target, and to none of workloads without a proxy', async () => {
    const all = await groups()
    const answers = await Promise.all(all.map(({ labels }) => get(labels['__metrics_path__'] ?? '')))
    expect(answers.map(({ status }) => status)).toEqual(all.map(() => 200))
    expect(answers[0]?.headers.get('content-type')).toContain('version=0.0.4')
    const apps = all.map(({ labels }) => labels['app'])
    expect(apps).not.toContain('billing')
    expect(apps).not.toContain('flights')
    expect(apps).toContain('ztunnel')
  })
})

describe('the truth’s door', () => {
  it('answers for the instant and window asked for, else for now and five minutes', async () => {
    expect(await (await get(`/demo/truth?at=${now - 60}&window=120`)).json()).toMatchObject({
      at: now - 60,
      window: 120,
    })
    expect(await (await get('/demo/truth')).json()).toMatchObject({ at: now, window: 300 })
  })

  it.each(['at=soon', 'window=0', 'window=-5', 'at=', `at=${now - 7000}&window=300`])(
    'refuses %s with a sentence',
    async (query) => {
      const answer = await get(`/demo/truth?${query}`)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: { code: 'query' } })
    },
  )
})

describe('the control of Prometheus', () => {
  it('passes on what tests ask', async () => {
    expect((await fetch(`${simulator.url}/demo/prometheus/stop`, { method: 'POST' })).status).toBe(200)
    expect((await fetch(`${simulator.url}/demo/prometheus/start`, { method: 'POST' })).status).toBe(200)
    expect(asked).toEqual(['stop', 'start'])
  })

  it('is not there unless it is switched on, and takes no GET', async () => {
    expect((await fetch(`${uncontrolled.url}/demo/prometheus/stop`, { method: 'POST' })).status).toBe(405)
    expect((await get('/demo/prometheus/stop')).status).toBe(405)
    expect((await fetch(`${uncontrolled.url}/demo/prometheus/stop`)).status).toBe(404)
  })
})
