import { expect, test, type Page } from '@playwright/test'

import { demoInfo } from './start.ts'

/**
 * What the product may cost, where that does not depend on the machine's mood: script on the wire, questions asked, queries that
 * Prometheus gets. A figure that grows is seen in the change that makes it grow; raising a budget is a decision, made here.
 */
const budgets: readonly {
  readonly path: string
  readonly heading: string
  /** Kilobytes of compressed script to open it, cold. */
  readonly scriptKilobytes: number
  /** Questions to our own API to open it. */
  readonly questions: number
}[] = [
  { path: 'traffic-graph', heading: 'Traffic Graph', scriptKilobytes: 380, questions: 11 },
  { path: 'traffic-metrics', heading: 'Traffic Metrics', scriptKilobytes: 380, questions: 25 },
  { path: 'overview', heading: 'Overview', scriptKilobytes: 300, questions: 25 },
  { path: 'workloads', heading: 'Workloads', scriptKilobytes: 310, questions: 13 },
  { path: 'services', heading: 'Services', scriptKilobytes: 310, questions: 13 },
  { path: 'istio', heading: 'Istio', scriptKilobytes: 290, questions: 8 },
  { path: 'settings', heading: 'Settings', scriptKilobytes: 260, questions: 6 },
]

for (const { path, heading, scriptKilobytes, questions } of budgets) {
  test(`${heading} opens within its budget of script and questions`, async ({ page }) => {
    const { app } = await demoInfo()
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Network.enable')
    const scripts = new Set<string>()
    const asked: string[] = []
    let bytes = 0
    cdp.on('Network.responseReceived', ({ requestId, type }) => {
      if (type === 'Script') scripts.add(requestId)
    })
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) bytes += encodedDataLength
    })
    page.on('request', (request) => {
      if (request.url().includes('/api/')) asked.push(new URL(request.url()).pathname)
    })
    // An hour's quantiles of a whole mesh take what the machine has; five minutes ask the same questions.
    await page.goto(`${app}/${path}?refresh=off${path === 'traffic-metrics' ? '&window=5m' : ''}`)
    await expect(page.getByRole('heading', { level: 1, name: new RegExp(heading) })).toBeVisible()
    if (path === 'traffic-metrics') {
      await expect(page.getByRole('region', { name: 'Request Duration' }).getByRole('slider')).toBeVisible({
        timeout: 60_000,
      })
    }
    await page.waitForLoadState('networkidle')
    expect.soft(scripts.size, 'scripts').toBeGreaterThan(0)
    expect.soft(Math.round(bytes / 1000), 'kilobytes of script').toBeLessThanOrEqual(scriptKilobytes)
    expect.soft(asked.length, asked.join('\n')).toBeLessThanOrEqual(questions)
  })
}

/** Requests, TCP and mTLS in their slices, and what the empty states rest on. */
const queriesPerRefresh = 14

test('a refresh asks Prometheus as few queries for the whole mesh as for one namespace, and lays nothing out', async ({
  page,
}) => {
  const { app } = await demoInfo()
  const perScope: number[] = []
  for (const namespaces of ['', '&namespaces=bookinfo', '&namespaces=bookinfo,shop-core,shop-payments']) {
    await page.goto(`${app}/traffic-graph?refresh=off${namespaces}`)
    const canvas = page.getByTestId('graph-canvas')
    await expect(canvas).toHaveAttribute('data-positions', /\d/)
    await page.waitForLoadState('networkidle')
    const runs = await canvas.getAttribute('data-layout-runs')
    const before = await queriesAnswered()
    await refresh(page)
    await page.waitForLoadState('networkidle')
    perScope.push((await queriesAnswered()) - before)
    expect(await canvas.getAttribute('data-layout-runs'), 'layouts').toBe(runs)
  }
  // Fewer where the proxy still remembers an answer; never more, however many namespaces.
  expect(Math.min(...perScope), perScope.join(', ')).toBeGreaterThan(0)
  expect(Math.max(...perScope), perScope.join(', ')).toBeLessThanOrEqual(queriesPerRefresh)
})

async function refresh(page: Page): Promise<void> {
  const asked = ['requests', 'tcp', 'mtls'].map((question) =>
    page.waitForResponse((response) => response.url().includes(`/telemetry/${question}?`)),
  )
  await page.getByRole('button', { name: 'Refresh now' }).click()
  for (const answered of asked) expect((await answered).ok()).toBe(true)
}

/** As Prometheus counts them itself. */
async function queriesAnswered(): Promise<number> {
  const { prometheus } = await demoInfo()
  const metrics = await (await fetch(`${prometheus}/metrics`)).text()
  const counts = [
    ...metrics.matchAll(/^prometheus_http_requests_total\{.*handler="\/api\/v1\/query(?:_range)?".*\} (\d+)/gm),
  ]
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}
