import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Locator, type Page } from '@playwright/test'

import { demoInfo } from './start.ts'

const spanSeconds = 2400

/** An instant that all scrapes have passed. */
const settled = () => Math.floor((Date.now() / 1000 - 60) / 15) * 15

async function open(page: Page, query = ''): Promise<void> {
  const { app } = await demoInfo()
  await page.goto(`${app}/traffic-metrics${query}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Traffic Metrics' })).toBeVisible()
}

const panel = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })
const chart = (page: Page, name: string): Locator => panel(page, name).getByRole('slider')

/** The legend's number for a line: what stands there while nothing is pointed at, without its unit. */
async function shown(panelOf: Locator, line: string): Promise<number> {
  const entry = panelOf.getByTestId(`legend-${line}`)
  await expect(entry).toHaveText(/\d/)
  return parsed((await entry.textContent()) ?? '')
}

/** `1,009/s`, `99.5 %`, `85 ms`, `1.66 s` as a number in base units (percent as they are). */
function parsed(text: string): number {
  const number = Number(text.replace(/[,<>]/g, '').replace(/[^\d.].*$/s, ''))
  const unit = /[a-zµ%/]+$/.exec(text)?.[0]
  return unit === 'ms' ? number / 1000 : unit === 'µs' ? number / 1e6 : number
}

interface TrueWorkload {
  readonly namespace: string
  readonly workload: string
}

interface Truth {
  readonly pairs: readonly {
    readonly source: TrueWorkload | null
    readonly destination: TrueWorkload | null
    readonly service: { readonly namespace: string; readonly name: string }
    readonly protocol: 'http' | 'grpc' | 'tcp'
    readonly responses: readonly {
      readonly code: number
      readonly flags: string
      readonly grpcStatus?: number
      readonly rate: number
    }[]
    readonly latency?: { readonly p50: number; readonly p95: number }
    readonly tcp?: { readonly sent: number; readonly received: number }
  }[]
}

async function truth(at: number, window: number): Promise<Truth> {
  const { simulator } = await demoInfo()
  return (await (await fetch(`${simulator}/demo/truth?at=${at}&window=${window}`)).json()) as Truth
}

/** What the contracts page calls each response, worked out here on its own. */
function kindOf({ code, flags, grpcStatus }: Truth['pairs'][number]['responses'][number]): string {
  if (code === 0) return flags === 'DC' ? 'clientLeft' : 'noResponse'
  if (code >= 500) return 'http5xx'
  if (code >= 400) return 'http4xx'
  if (grpcStatus === undefined || grpcStatus === 0) return 'success'
  return [2, 4, 8, 13, 14, 15].includes(grpcStatus) ? 'grpcServer' : 'grpcClient'
}

interface Sums {
  readonly total: number
  readonly errors: number
  readonly of: Readonly<Record<string, number>>
}

function sums(pairs: Truth['pairs']): Sums {
  const of: Record<string, number> = {}
  for (const response of pairs.flatMap(({ responses }) => responses)) {
    const kind = kindOf(response)
    of[kind] = (of[kind] ?? 0) + response.rate
  }
  const total = Object.values(of).reduce((sum, rate) => sum + rate, 0)
  return { total, errors: (of['http5xx'] ?? 0) + (of['grpcServer'] ?? 0) + (of['noResponse'] ?? 0), of }
}

/** Whether two numbers are as close as rates over scrapes every five seconds can be to the exact ones. */
function expectClose(actual: number, exact: number, what: string, share = 0.03): void {
  expect(Math.abs(actual - exact), `${what}: ${actual} shown, ${exact} true`).toBeLessThanOrEqual(exact * share + 0.02)
}

test('Summary shows what the simulator did', async ({ page }) => {
  const at = settled()
  await open(page, `?from=${at - spanSeconds}&to=${at}`)
  const { total, errors, of } = sums((await truth(at, spanSeconds)).pairs)
  expectClose(await shown(panel(page, 'Request Volume'), 'requests'), total, 'requests per second', 0.01)
  const success = await shown(panel(page, 'Success Rate'), 'success')
  expect(Math.abs(success - (1 - errors / total) * 100)).toBeLessThan(0.11)

  const clientErrors = panel(page, '4xx Response Count')
  await expect(clientErrors.getByText(/responses per \d+\ss/)).toBeVisible()
  expectClose(await shown(clientErrors, 'http4xx'), (of['http4xx'] ?? 0) * spanSeconds, '4xx')
  expectClose(await shown(clientErrors, 'clientLeft'), (of['clientLeft'] ?? 0) * spanSeconds, 'client left')
  const serverErrors = panel(page, '5xx Response Count')
  expectClose(await shown(serverErrors, 'http5xx'), (of['http5xx'] ?? 0) * spanSeconds, '5xx')
  expectClose(await shown(serverErrors, 'grpcServer'), (of['grpcServer'] ?? 0) * spanSeconds, 'gRPC errors')

  await page.getByText('Per second', { exact: true }).click()
  await expect(page).toHaveURL(/unit=rates/)
  await expect(serverErrors.getByText('responses per second')).toBeVisible()
  expectClose(await shown(serverErrors, 'http5xx'), of['http5xx'] ?? 0, '5xx per second')

  // Somebody rolled out and configured something in the demo's last hour.
  await expect(page.getByText(/^\d changes in this span$/)).toBeVisible()
  await expect(panel(page, 'Request Volume').locator('[data-mark]').first()).toBeAttached()

  const bytes = (await truth(at, spanSeconds)).pairs.reduce((sum, { tcp }) => sum + (tcp?.sent ?? 0), 0)
  expectClose((await shown(panel(page, 'TCP Traffic'), 'sent')) * 1024, bytes, 'bytes sent')
})

test('Summary of a namespace counts every call that touches it, once', async ({ page }) => {
  const at = settled()
  await open(page, `?namespaces=travel&from=${at - spanSeconds}&to=${at}`)
  const pairs = (await truth(at, spanSeconds)).pairs.filter(
    ({ source, destination }) => source?.namespace === 'travel' || destination?.namespace === 'travel',
  )
  expectClose(await shown(panel(page, 'Request Volume'), 'requests'), sums(pairs).total, 'requests per second')
})

test('Detail shows the services that matter most, and the rest as others', async ({ page }) => {
  const at = settled()
  await open(page, `?level=detail&from=${at - spanSeconds}&to=${at}`)
  const { pairs } = await truth(at, spanSeconds)
  const byService = new Map<string, Truth['pairs'][number][]>()
  for (const pair of pairs) {
    const key = `${pair.service.namespace}/${pair.service.name}`
    byService.set(key, [...(byService.get(key) ?? []), pair])
  }
  const ranked = [...byService].map(([id, ofService]) => ({ id, ...sums(ofService) }))
  const largest = ranked.filter(({ total }) => total > 0).sort((a, b) => b.total - a.total)

  const volume = panel(page, 'Request Volume')
  await expect(volume.getByTestId(/^legend-/)).toHaveCount(11)
  for (const { id, total } of largest.slice(0, 8)) expectClose(await shown(volume, id), total, id)
  const others = largest.slice(10).reduce((sum, { total }) => sum + total, 0)
  expectClose(await shown(volume, 'others'), others, 'others')

  const success = panel(page, 'Success Rate')
  const worst = ranked.filter(({ errors }) => errors > 0).sort((a, b) => b.errors / b.total - a.errors / a.total)
  for (const { id, total, errors } of worst.slice(0, 5)) {
    expect(Math.abs((await shown(success, id)) - (1 - errors / total) * 100), id).toBeLessThan(0.6)
  }
  const serverErrors = panel(page, '5xx Response Count')
  for (const { id, errors } of [...worst].sort((a, b) => b.errors - a.errors).slice(0, 3)) {
    expectClose(await shown(serverErrors, id), errors * spanSeconds, `errors of ${id}`)
  }
})

test('Detail tells each service’s quantile as the simulator measured it', async ({ page }) => {
  const at = settled()
  const { pairs } = await truth(at, spanSeconds)
  const details = pairs.find(({ service }) => service.name === 'details' && service.namespace === 'bookinfo')
  for (const quantile of ['p50', 'p95'] as const) {
    await open(page, `?namespaces=bookinfo&level=detail&quantile=${quantile}&from=${at - spanSeconds}&to=${at}`)
    const seconds = await shown(panel(page, 'Request Duration'), 'bookinfo/details')
    expectClose(seconds, details?.latency?.[quantile] ?? Number.NaN, quantile, 0.06)
  }
})

test('one crosshair stands in all panels, and a drag zooms until Back undoes it', async ({ page }) => {
  const at = settled()
  const address = `?from=${at - spanSeconds}&to=${at}`
  await open(page, address)
  await expect(chart(page, 'Request Duration')).toBeVisible({ timeout: 60_000 })
  const box = await chart(page, 'Request Volume').boundingBox()
  if (box === null) throw new Error('the chart has no place')
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2)
  const flags = page.getByTestId('crosshair-time')
  await expect(flags).not.toHaveCount(0)
  const times = await flags.allTextContents()
  expect(times.length).toBeGreaterThanOrEqual(5)
  expect(new Set(times).size).toBe(1)

  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2, { steps: 5 })
  await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2)
  await page.mouse.up()
  await expect(page).not.toHaveURL(new RegExp(`from=${at - spanSeconds}`))
  const zoomed = new URL(page.url()).searchParams
  const from = Date.parse(zoomed.get('from') ?? '') / 1000
  const to = Date.parse(zoomed.get('to') ?? '') / 1000
  expect(from).toBeGreaterThan(at - spanSeconds * 0.55)
  expect(to - from).toBeGreaterThan(spanSeconds * 0.2)
  expect(to - from).toBeLessThan(spanSeconds * 0.3)
  await expect(panel(page, 'Request Volume').getByTestId('legend-requests')).toHaveText(/\d/)

  await page.goBack()
  await expect(page).toHaveURL(new RegExp(`from=${at - spanSeconds}`))
})

test('the arrow keys move the crosshair, which is spoken', async ({ page }) => {
  await open(page)
  const slider = chart(page, 'Request Volume')
  await slider.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect(slider).toHaveAttribute('aria-valuetext', /^\d\d:\d\d:\d\d: Requests [\d,.]+\/s$/)
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('crosshair-time')).toHaveCount(0)
})

test('an address opened elsewhere shows the same', async ({ page, browser }) => {
  const at = settled()
  await open(page, `?from=${at - spanSeconds}&to=${at}&unit=rates&reporter=destination&panel=4xx&zone=utc`)
  await expect(page.getByRole('button', { name: 'Shrink 4xx Response Count' })).toBeVisible()
  const numbers = async (of: Page) => {
    await expect(panel(of, 'Request Duration').getByTestId('legend-p99')).toHaveText(/\d/)
    return of.getByTestId(/^legend-/).allTextContents()
  }
  const here = await numbers(page)
  const elsewhere = await browser.newPage({ timezoneId: 'Asia/Kolkata', locale: 'en-GB' })
  await elsewhere.goto(page.url())
  expect(await numbers(elsewhere)).toEqual(here)
  expect(await elsewhere.getByTestId('range').textContent()).toBe(await page.getByTestId('range').textContent())
  await elsewhere.close()
})

test('a panel’s numbers can be had as a table and as files, and its PromQL be read', async ({ page }) => {
  const at = settled()
  await open(page, `?zone=utc&from=${at - 3000}&to=${at}`)
  const volume = panel(page, 'Request Volume')
  await expect(volume.getByRole('slider')).toBeVisible()
  const choose = async (item: string) => {
    await volume.getByRole('button', { name: 'More for Request Volume' }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  for (const [item, extension] of [
    ['Export CSV', 'csv'],
    ['Export JSON', 'json'],
    ['Export PNG', 'png'],
  ] as const) {
    const download = page.waitForEvent('download')
    await choose(item)
    expect((await download).suggestedFilename()).toMatch(new RegExp(`^request-volume-.*\\.${extension}$`))
  }
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Export CSV' }).click()
  expect((await download).suggestedFilename()).toMatch(/^traffic-metrics-.*\.csv$/)
  await choose('PromQL')
  const dialog = page.getByRole('dialog', { name: 'PromQL of Request Volume' })
  await expect(dialog.getByText(/istio_requests_total\{reporter="source"\}/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await choose('Show as a table')
  expect(await volume.getByRole('table').getByRole('row').count()).toBeGreaterThan(200)
})

test('a panel that fails or is slow does not keep the others from their numbers', async ({ page }) => {
  let isFailing = true
  await page.route('**/telemetry/series-duration?**', async (route) => {
    if (!isFailing) return route.continue()
    const error = { code: 'prometheus_timeout', message: 'Prometheus did not answer within 30 s' }
    return route.fulfill({ status: 504, json: { error } })
  })
  await page.route('**/telemetry/series-grpc-messages?**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 4000))
    return route.continue()
  })
  await open(page)
  const duration = panel(page, 'Request Duration')
  await expect(duration.getByText('Prometheus did not answer within 30 s')).toBeVisible()
  await expect(panel(page, 'Request Volume').getByTestId('legend-requests')).toHaveText(/\d/)
  isFailing = false
  await duration.getByRole('button', { name: 'Retry' }).click()
  await expect(duration.getByTestId('legend-p99')).toHaveText(/\d/)
  await expect(panel(page, 'gRPC Messages')).toBeVisible()
})

test('without Prometheus the page says so once, and comes back with it', async ({ page }) => {
  const { simulator } = await demoInfo()
  await fetch(`${simulator}/demo/prometheus/stop`, { method: 'POST' })
  try {
    await open(page, '?window=15m&refresh=5s')
    await expect(page.getByRole('heading', { name: 'Prometheus does not answer' })).toHaveCount(1, { timeout: 20_000 })
  } finally {
    await fetch(`${simulator}/demo/prometheus/start`, { method: 'POST' })
  }
  await expect(panel(page, 'Request Volume').getByTestId('legend-requests')).toHaveText(/\d/, { timeout: 40_000 })
})

test('a scope without traffic, a range in the future and one longer than the history each get a sentence', async ({
  page,
}) => {
  await open(page, '?namespaces=kube-system')
  await expect(page.getByRole('heading', { name: 'No traffic here' })).toBeVisible()
  await open(page, '?from=9999990000&to=9999999000')
  await expect(page.getByRole('heading', { name: 'The range lies in the future' })).toBeVisible()
  await open(page, '?window=30d')
  await expect(page.getByText(/^Nothing was recorded for this scope before/)).toBeVisible()
  await expect(panel(page, 'Request Volume').getByTestId('legend-requests')).toHaveText(/\d/)
  await open(page, '?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z')
  await expect(page.getByText(/it should be earlier than to/)).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const level of ['summary', 'detail'] as const) {
    test(`axe finds nothing to object to in ${level}, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme })
      // Quantiles of the ten and of the rest are the dearest questions there are: one namespace's are enough here.
      await open(page, `?namespaces=bookinfo&window=15m&level=${level}`)
      await expect(panel(page, 'Request Duration').getByRole('slider')).toBeVisible({ timeout: 60_000 })
      await expect(panel(page, 'TCP Traffic').getByRole('slider')).toBeVisible()
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([])
    })
  }
}
