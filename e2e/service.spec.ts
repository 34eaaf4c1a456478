import { expect, test, type Locator, type Page } from '@playwright/test'

import { demoInfo } from './start.ts'

const spanSeconds = 1200

/** An instant that all scrapes have passed. */
const settled = () => Math.floor((Date.now() / 1000 - 60) / 15) * 15

interface TrueEnd {
  readonly namespace: string
  readonly workload: string
}

interface Truth {
  readonly pairs: readonly {
    readonly source: TrueEnd | null
    readonly destination: TrueEnd | null
    readonly service: { readonly namespace: string; readonly name: string }
    readonly protocol: 'http' | 'grpc' | 'tcp'
    readonly responses: readonly { readonly rate: number }[]
  }[]
}

async function truth(at: number): Promise<Truth['pairs']> {
  const { simulator } = await demoInfo()
  const { pairs } = (await (await fetch(`${simulator}/demo/truth?at=${at}&window=${spanSeconds}`)).json()) as Truth
  return pairs.filter(({ protocol }) => protocol !== 'tcp')
}

const rateOf = (pairs: Truth['pairs']) =>
  pairs.flatMap(({ responses }) => responses).reduce((sum, { rate }) => sum + rate, 0)

const volume = (page: Page): Locator => page.getByRole('region', { name: 'Request Volume', exact: true })

async function shown(page: Page, line: string): Promise<number> {
  const entry = volume(page).getByTestId(`legend-${line}`)
  await expect(entry).toHaveText(/\d/)
  return Number(((await entry.textContent()) ?? '').replace(/[,<>]/g, '').replace(/[^\d.].*$/s, ''))
}

function expectClose(actual: number, exact: number, what: string): void {
  expect(exact, what).toBeGreaterThan(0)
  expect(Math.abs(actual - exact), `${what}: ${actual} shown, ${exact} true`).toBeLessThanOrEqual(exact * 0.03 + 0.02)
}

test('a workload’s panels tell what called it and what it called, split by peer', async ({ page }) => {
  const { app } = await demoInfo()
  const at = settled()
  const pairs = await truth(at)
  const isProductpage = (end: TrueEnd | null) => end?.namespace === 'bookinfo' && end.workload === 'productpage-v1'
  const inbound = pairs.filter(({ destination }) => isProductpage(destination))
  const outbound = pairs.filter(({ source }) => isProductpage(source))
  await page.goto(`${app}/traffic-metrics?of=workload/bookinfo/productpage-v1&from=${at - spanSeconds}&to=${at}`)
  await expect(page.getByRole('heading', { level: 1, name: 'productpage-v1' })).toBeVisible()
  expectClose(await shown(page, 'requests'), rateOf(inbound), 'inbound')

  await page.getByText('Outbound', { exact: true }).click()
  await expect(page).toHaveURL(/direction=outbound/)
  await expect(async () => expectClose(await shown(page, 'requests'), rateOf(outbound), 'outbound')).toPass()

  await page.getByRole('button', { name: 'Split by: Nothing' }).click()
  await page.getByRole('menuitemradio', { name: 'Peer' }).click()
  await expect(page).toHaveURL(/by=peer/)
  const peers = new Set(outbound.map(({ destination }) => destination?.workload).filter((name) => name !== undefined))
  for (const peer of peers) {
    const exact = rateOf(outbound.filter(({ destination }) => destination?.workload === peer))
    expectClose(await shown(page, `bookinfo/${peer}`), exact, peer)
  }
  await page.getByRole('link', { name: 'All of the scope' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Traffic Metrics' })).toBeVisible()
  await expect(page).not.toHaveURL(/of=/)
})

test('a service’s page stands beside its callers and calls, which lead to the graph', async ({ page }) => {
  const { app } = await demoInfo()
  const at = settled()
  const pairs = await truth(at)
  const reviews = pairs.filter(({ service }) => service.namespace === 'bookinfo' && service.name === 'reviews')
  await page.goto(`${app}/services/bookinfo/reviews?from=${at - spanSeconds}&to=${at}`)
  expectClose(await shown(page, 'requests'), rateOf(reviews), 'inbound')
  const callers = page.getByRole('region', { name: 'Callers' })
  await expect(callers.getByRole('link', { name: 'productpage-v1.bookinfo' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Calls', exact: true }).getByRole('link').first()).toBeVisible()

  const answering = new Set(reviews.flatMap(({ destination }) => (destination === null ? [] : [destination.workload])))
  const outbound = pairs.filter(({ source }) => source?.namespace === 'bookinfo' && answering.has(source.workload))
  await page.getByText('Outbound', { exact: true }).click()
  await expect(async () => expectClose(await shown(page, 'requests'), rateOf(outbound), 'outbound')).toPass()

  await callers.getByRole('link', { name: 'productpage-v1.bookinfo' }).click()
  await expect(page).toHaveURL(/traffic-graph\?.*selected=/)
})

test('a node’s metrics lead back to that node in the graph', async ({ page }) => {
  const { app } = await demoInfo()
  const node = 'service/east/bookinfo/reviews'
  await page.goto(`${app}/services/bookinfo/reviews?window=15m&node=${encodeURIComponent(node)}`)
  await page.getByRole('link', { name: 'Show in the graph' }).click()
  await expect(page).toHaveURL(/\/traffic-graph\?/)
  expect(new URL(page.url()).searchParams.get('selected')).toBe(node)
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1, name: 'reviews' })).toBeVisible()
})

test('Detail’s services lead to their pages', async ({ page }) => {
  const { app } = await demoInfo()
  await page.goto(`${app}/traffic-metrics?namespaces=bookinfo&level=detail&window=15m`)
  await volume(page).getByRole('link', { name: 'Metrics of reviews' }).click()
  await expect(page).toHaveURL(/\/services\/bookinfo\/reviews\?.*window=15m/)
  await expect(page.getByRole('heading', { level: 1, name: 'reviews' })).toBeVisible()
})
