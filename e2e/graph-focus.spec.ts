import AxeBuilder from '@axe-core/playwright'
import { readFile } from 'node:fs/promises'

import { expect, test, type Page } from '@playwright/test'

import { demoInfo } from './start.ts'

async function open(page: Page, query = ''): Promise<void> {
  const { app } = await demoInfo()
  await page.goto(`${app}/traffic-graph${query}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Traffic Graph' })).toBeVisible()
}

const canvas = (page: Page) => page.getByTestId('graph-canvas')

async function positions(page: Page): Promise<Record<string, [number, number]>> {
  await expect(canvas(page)).toHaveAttribute('data-positions', /\d/)
  return JSON.parse((await canvas(page).getAttribute('data-positions')) ?? '{}') as Record<string, [number, number]>
}

/** Walks with the keyboard to any node and says which: its details are open then. */
async function selectByKeyboard(page: Page): Promise<string> {
  await page.getByRole('application').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/selected=/)
  return decodeURIComponent(new URL(page.url()).searchParams.get('selected') ?? '')
}

const productpage = 'focus=app/demo/bookinfo/productpage/v1'

/** The id of a node by its name, off the table. */
async function idOf(page: Page, name: string): Promise<string> {
  const row = page
    .getByRole('table', { name: /^Nodes/ })
    .getByRole('row')
    .filter({ has: page.getByRole('button', { name, exact: true }) })
  return (await row.first().getAttribute('data-id')) ?? ''
}

test('isolating a node shows its neighbours where they were; hops widen it; the breadcrumb and Back lead out', async ({
  page,
}) => {
  await open(page, '?view=table&namespaces=bookinfo')
  const id = await idOf(page, 'productpage v1')
  expect(id).toContain('productpage')
  await open(page, '?namespaces=bookinfo&grouping=off')
  const before = await positions(page)
  await open(page, `?namespaces=bookinfo&grouping=off&focus=${id}&hops=1`)
  const bar = page.getByRole('navigation', { name: 'Shown part of the graph' })
  await expect(bar).toContainText('productpage v1')
  const near = await positions(page)
  expect(Object.keys(near)).toContain(id)
  expect(Object.keys(near).length).toBeLessThan(Object.keys(before).length)
  for (const [node, place] of Object.entries(near)) expect(place, node).toEqual(before[node])

  await bar.getByRole('combobox', { name: 'Direction' }).selectOption('up')
  await expect(page).toHaveURL(/direction=up/)
  await expect.poll(async () => Object.keys(await positions(page)).some((each) => each.includes('details'))).toBe(false)
  await bar.getByRole('button', { name: 'Whole graph' }).click()
  await expect(bar).toBeHidden()
  expect(await positions(page)).toEqual(before)
  await page.goBack()
  await expect(bar).toBeVisible()
})

test('double-click isolates what is under the pointer', async ({ page }) => {
  await open(page, '?namespaces=bookinfo&grouping=off')
  await positions(page)
  const id = await selectByKeyboard(page)
  await page.keyboard.press('f')
  await expect(page).toHaveURL(/focus=/)
  await expect(page.getByRole('navigation', { name: 'Shown part of the graph' })).toBeVisible()
  expect(decodeURIComponent(page.url())).toContain(id)
})

test('only what is unhealthy and what leads to it', async ({ page }) => {
  await open(page, '?window=1h')
  const all = Object.keys(await positions(page)).length
  await page
    .getByRole('button', { name: /failing|degraded/ })
    .first()
    .click()
  await expect(page).toHaveURL(/unhealthy=true/)
  await expect.poll(async () => Object.keys(await positions(page)).length).toBeLessThan(all)
  expect(Object.keys(await positions(page)).length).toBeGreaterThan(1)
})

test('the menu opens by keyboard; the metrics link keeps the scope; tools are links about it, or say why not', async ({
  page,
}) => {
  await open(page, '?namespaces=bookinfo&grouping=off')
  await positions(page)
  await selectByKeyboard(page)
  await page.getByRole('application').focus()
  await page.keyboard.press('Shift+F10')
  const menu = page.getByRole('menu')
  await expect(menu.getByRole('menuitem', { name: 'Isolate' })).toBeVisible()
  await expect(menu.getByRole('menuitem', { name: /Open in Kiali/ })).toHaveAttribute(
    'href',
    /console\/namespaces\/bookinfo\//,
  )
  await expect(menu.getByRole('menuitem', { name: /Open in Jaeger/ })).toHaveAttribute('title', /.+/)
  await menu.getByRole('menuitem', { name: 'Traffic metrics' }).click()
  await expect(page).toHaveURL(/traffic-metrics\?.*namespaces=/)
})

test('details have signals with their course, percentiles on demand, and PromQL that Prometheus answers', async ({
  page,
}) => {
  const { prometheus } = await demoInfo()
  await open(page, '?view=table&namespaces=bookinfo')
  await page
    .getByRole('table', { name: /^Nodes/ })
    .getByRole('button', { name: 'productpage v1' })
    .click()
  const panel = page.getByRole('complementary', { name: /productpage/ })
  await expect(panel.getByRole('img', { name: /^Requests over the window/ })).toBeVisible()
  await expect(panel.getByRole('img', { name: /^p95 over the window/ })).toBeVisible()
  await panel.getByRole('button', { name: 'Show percentiles' }).click()
  await expect(panel.locator('div:has(> dt:text-is("p99")) dd')).toHaveText(/\d/)
  await panel.getByText('PromQL', { exact: true }).first().click()
  const promql = await panel.locator('pre').first().textContent()
  const answer = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(promql ?? '')}`)
  const { data } = (await answer.json()) as { data: { result: readonly { value: [number, string] }[] } }
  expect(data.result.reduce((sum, { value }) => sum + Number(value[1]), 0)).toBeGreaterThan(0)
})

test('the graph is taken away as SVG, PNG, JSON, CSV and Mermaid', async ({ page }) => {
  await open(page)
  await positions(page)
  const save = async (name: RegExp) => {
    await page.getByRole('button', { name: 'Export' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name }).click()
    const file = await download
    return { name: file.suggestedFilename(), content: await readFile(await file.path()) }
  }
  const svg = await save(/SVG/)
  expect(svg.name).toMatch(/^traffic-graph-.*\.svg$/)
  expect(svg.content.toString()).toContain('productpage')
  expect(svg.content.toString()).toContain('All namespaces')
  const png = await save(/PNG/)
  expect([...png.content.subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
  expect(png.content.length).toBeGreaterThan(20_000)
  const json = JSON.parse((await save(/JSON/)).content.toString()) as { nodes: readonly unknown[] }
  expect(json.nodes.length).toBeGreaterThan(20)
  expect((await save(/CSV/)).content.toString()).toMatch(/^source_cluster,/)
  expect((await save(/Mermaid/)).content.toString()).toMatch(/^flowchart LR/)
})

test('a question mark lists the keys, Escape closes the list, and nothing serious is found by axe', async ({
  page,
}) => {
  await open(page, `?${productpage}`)
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(dialog).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target) }))).toEqual([])
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})

test('on a phone nothing serious is found by axe, details and legend included', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page)
  await positions(page)
  await selectByKeyboard(page)
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target) }))).toEqual([])
})
