import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createMetrics } from './metrics.ts'

const target = z.object({ expr: z.string().min(1) })
const panel = z.object({ id: z.number(), title: z.string().min(1), targets: z.array(target).min(1) })
const dashboard = z.object({
  panels: z.array(panel),
  templating: z.object({ list: z.array(z.object({ name: z.string() })) }),
})

const file = fileURLToPath(new URL('../../deploy/meshboard/dashboards/meshboard.json', import.meta.url))
const { panels, templating } = dashboard.parse(JSON.parse(readFileSync(file, 'utf8')))
const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

/** A histogram's name stands for its three series. */
async function namesAndLabels(): Promise<{
  readonly names: ReadonlySet<string>
  readonly labels: ReadonlySet<string>
}> {
  const metrics = createMetrics()
  metrics.requestEnded({ route: '/', method: 'GET', status: 200, seconds: 1 })
  metrics.upstreamEnded({ cluster: 'c', upstream: 'prometheus', outcome: 'ok', seconds: 1 })
  metrics.refused('r')
  metrics.questionAnswered('asked')
  metrics.session('login')
  const text = await metrics.registry.metrics()
  return {
    names: new Set([...text.matchAll(/^([a-z_0-9]+)(?:\{| )/gm)].map(([, name = '']) => name)),
    labels: new Set([...text.matchAll(/[{,]([a-z_]+)="/g)].map(([, label = '']) => label)),
  }
}

test('the Grafana dashboard asks for nothing that this proxy does not measure', async () => {
  const { names, labels } = await namesAndLabels()
  const used = expressions.flatMap((expr) => expr.match(/\b(?:meshboard|process|nodejs)_[a-z_0-9]+/g) ?? [])
  expect(used.length).toBeGreaterThan(10)
  expect([...new Set(used)].filter((name) => !names.has(name))).toEqual([])
  const grouped = expressions.flatMap((expr) =>
    [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, by = '']) => by.split(', ')),
  )
  expect(grouped.filter((label) => !labels.has(label))).toEqual([])
})

test('and leaves out nothing of the proxy’s own', async () => {
  const { names } = await namesAndLabels()
  const own = new Set(
    [...names].filter((name) => name.startsWith('meshboard_')).map((name) => name.replace(/_(bucket|sum|count)$/, '')),
  )
  for (const name of own) expect(expressions.join('\n'), name).toContain(name)
})

test('its panels have ids of their own, and its variables exist', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  const known = new Set(templating.list.map(({ name }) => name))
  const used = expressions.flatMap((expr) => [...expr.matchAll(/\$([a-z]+)/g)].map(([, name = '']) => name))
  expect(used.filter((name) => !known.has(name))).toEqual([])
})
