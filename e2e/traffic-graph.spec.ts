import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'

import { demoInfo } from './start.ts'
import { expectedByName, truth } from './truth.ts'

const windowSeconds = 300

/** An instant whose five minutes are all in the past, scrapes and all. */
const settled = () => Math.floor((Date.now() / 1000 - 60) / 15) * 15

async function open(page: Page, query = ''): Promise<void> {
  const { app } = await demoInfo()
  await page.goto(`${app}/traffic-graph${query}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Traffic Graph' })).toBeVisible()
}

const canvas = (page: Page) => page.getByTestId('graph-canvas')

/** The graph is laid out: places are known, and stay so from here on. */
async function drawn(page: Page): Promise<string> {
  await expect(canvas(page)).toHaveAttribute('data-positions', /\d/)
  return (await canvas(page).getAttribute('data-positions')) ?? ''
}

/** The table of edges, as `from → to protocol` → the numbers its row shows. */
async function edgeRows(page: Page): Promise<Map<string, { rate: string; errors: string }>> {
  const table = page.getByRole('table', { name: /^Edges/ })
  await expect(table.getByRole('row').nth(2)).toBeVisible()
  const rows = await table
    .locator('tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)))
  return new Map(
    rows.map(([, from = '', to = '', protocol = '', rate = '', errors = '']) => [
      // The unmeshed ingress controller is named once its Ingress objects are read; to telemetry it is unknown.
      `${from.replace(/^ingress-nginx v1$/, 'unknown')} → ${to} ${protocol.toLowerCase()}`,
      { rate, errors },
    ]),
  )
}

test('the start page is the traffic graph of the whole mesh, in a Rancher-like frame', async ({ page }) => {
  const { app } = await demoInfo()
  await page.goto(app)
  await expect(page).toHaveURL(/\/traffic-graph/)
  await expect(page).toHaveTitle(/Traffic Graph.*Meshboard/)
  const navigation = page.getByRole('navigation', { name: 'Main' })
  await expect(navigation.getByRole('link', { name: 'Traffic Graph', exact: true })).toHaveAttribute(
    'aria-current',
    'page',
  )
  await expect(navigation.getByRole('link', { name: 'Traffic Metrics', exact: true })).toBeVisible()
  const header = await page.getByRole('banner').boundingBox()
  expect(header?.height).toBe(55)
  expect((await page.getByRole('main').boundingBox())?.x).toBe(250)
  await drawn(page)
  expect(Number(await canvas(page).getAttribute('data-nodes'))).toBeGreaterThan(40)
})

test('every call that the simulator makes is an edge with its rate, counted once', async ({ page }) => {
  const at = settled()
  await open(page, `?view=table&from=${at - windowSeconds}&to=${at}`)
  const shown = await edgeRows(page)
  const expected = expectedByName(await truth(at, windowSeconds))
  expect(expected.size).toBeGreaterThan(40)
  let compared = 0
  for (const [name, { rate, isTroubled }] of expected) {
    // A few requests in five minutes are below what scrapes every five seconds can tell.
    if (rate < 0.2) continue
    const edge = shown.get(name)
    expect(edge, `edge ${name} (${rate}/s)`).toBeDefined()
    if (isTroubled) continue
    const seen = Number(edge?.rate.replaceAll(',', '').replace('/s', ''))
    expect(Math.abs(seen - rate) / rate, `${name}: shown ${seen}/s, made ${rate}/s`).toBeLessThan(0.03)
    compared += 1
  }
  expect(compared).toBeGreaterThan(30)
  const invented = [...shown.keys()].filter((name) => !name.endsWith('tcp') && !expected.has(name))
  expect(invented).toEqual([])
})

test('one namespace shows the same numbers as the whole mesh does for it', async ({ page }) => {
  const at = settled()
  await open(page, `?view=table&from=${at - windowSeconds}&to=${at}`)
  const whole = await edgeRows(page)
  await open(page, `?view=table&from=${at - windowSeconds}&to=${at}&namespaces=bookinfo`)
  await expect(page.getByRole('table', { name: /^Edges/ }).getByRole('row')).not.toHaveCount(whole.size + 1)
  const part = await edgeRows(page)
  expect([...part.keys()]).toContain('productpage v1 → details v1 http')
  expect([...part.keys()].filter((name) => name.includes('checkout'))).toEqual([])
  for (const [name, edge] of part) expect(edge, name).toEqual(whole.get(name))
})

test('choosing a project in the namespace filter narrows the graph, and Back widens it again', async ({ page }) => {
  await open(page)
  await drawn(page)
  const nodes = await canvas(page).getAttribute('data-nodes')
  await page.getByRole('button', { name: /Namespaces and projects/ }).click()
  await page.getByRole('option', { name: /Project: p-shop/ }).click()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/project=/)
  await expect(canvas(page)).not.toHaveAttribute('data-nodes', nodes ?? '')
  await page.goBack()
  await expect(page).not.toHaveURL(/project=/)
  await expect(canvas(page)).toHaveAttribute('data-nodes', nodes ?? '')
})

test('a selection survives a reload, and Back takes it away', async ({ page }) => {
  await open(page, '?view=table')
  await page
    .getByRole('table', { name: /^Nodes/ })
    .getByRole('button', { name: 'productpage v1' })
    .click()
  await expect(page).toHaveURL(/selected=/)
  const panel = page.getByRole('complementary', { name: /productpage/ })
  await expect(panel).toBeVisible()
  await page.reload()
  await expect(panel).toBeVisible()
  await page.goBack()
  await expect(page).not.toHaveURL(/selected=/)
  await expect(panel).toBeHidden()
})

test('nothing moves on a refresh or a reload', async ({ page }) => {
  await open(page, '?refresh=5s&window=30m')
  await drawn(page)
  await expect(canvas(page)).toHaveAttribute('data-positions', /ingress-nginx/)
  const before = await drawn(page)
  const runs = await canvas(page).getAttribute('data-layout-runs')
  const asOf = page.getByText(/nodes, .* as of \d\d:\d\d:\d\d/)
  const first = await asOf.textContent()
  await expect(asOf).not.toHaveText(first ?? '')
  await page.getByRole('button', { name: 'Refresh now' }).click()
  await page.waitForTimeout(6_000)
  expect(await drawn(page)).toBe(before)
  expect(await canvas(page).getAttribute('data-layout-runs')).toBe(runs)
  await page.reload()
  // The ingress controller joins when its Ingress objects are read, at the place it had.
  await expect(canvas(page)).toHaveAttribute('data-positions', before)
})

test('what fails is said in a sentence, with the number and where it starts', async ({ page }) => {
  const at = settled()
  await open(page, `?from=${at - 3000}&to=${at}`)
  await drawn(page)
  const panel = page.getByRole('complementary')
  await expect(panel).toContainText(/\d+(\.\d)?% of (gRPC )?requests failed/)
  await expect(page.getByText(/\d+\s*failing/)).toBeVisible()
})

test('Prometheus stopped: the last graph stays, with its age and the cause; it recovers by itself', async ({
  page,
}) => {
  const { simulator } = await demoInfo()
  await open(page, '?refresh=5s')
  await drawn(page)
  try {
    expect((await fetch(`${simulator}/demo/prometheus/stop`, { method: 'POST' })).ok).toBe(true)
    await expect(page.getByText(/These numbers are from/)).toBeVisible({ timeout: 30_000 })
    await expect(canvas(page)).toBeVisible()
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Prometheus does not answer' })).toBeVisible({ timeout: 30_000 })
  } finally {
    expect((await fetch(`${simulator}/demo/prometheus/start`, { method: 'POST' })).ok).toBe(true)
  }
  await expect(page.getByRole('heading', { name: 'Prometheus does not answer' })).toBeHidden({ timeout: 60_000 })
  await drawn(page)
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const view of ['graph', 'table'] as const) {
    test(`axe finds nothing serious in the ${view}, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await open(page, `?view=${view}`)
      if (view === 'graph') await drawn(page)
      else await edgeRows(page)
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze()
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(serious.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target) }))).toEqual([])
    })
  }
}

test('on a phone everything is within reach', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page)
  await drawn(page)
  await page.getByRole('button', { name: 'Open the navigation' }).click()
  await expect(page.getByRole('link', { name: 'Traffic Metrics', exact: true })).toBeVisible()
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
})
