import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'

import { demoInfo } from './start.ts'

async function open(page: Page, path: string, persona?: string): Promise<void> {
  const { app } = await demoInfo()
  if (persona !== undefined) {
    const answer = await page.request.post(`${app}/api/session`, { data: { persona, prefix: '/' } })
    expect(answer.status()).toBe(204)
  }
  await page.goto(`${app}${path}`)
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations).toEqual([])
}

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

test('an owner finds which service is failing, and why', async ({ page }) => {
  await open(page, '/overview')
  await expect(region(page, 'Control plane and proxies').getByRole('link', { name: 'istiod' })).toBeVisible()
  await expect(region(page, 'Front doors').getByRole('link', { name: 'istio-ingressgateway' })).toBeVisible()
  await expect(region(page, 'Injection')).toContainText(/\d+ of \d+ workloads/)
  await expectAccessible(page)

  // The demo's faults overlap: over fifteen minutes something always failed.
  const worst = region(page, 'Most errors').getByRole('link').first()
  const name = (await worst.textContent()) ?? ''
  await worst.click()
  await expect(page).toHaveURL(new RegExp(`/services/[^/]+/${name}\\b`))
  const summary = region(page, 'Summary')
  await expect(summary).toContainText(/Failing|Degraded/)
  await expect(summary).toContainText(/% of (gRPC )?requests failed/)
  await expectAccessible(page)
})

test('who calls ratings: the palette leads there, the neighbours say it, and the pods behind it', async ({ page }) => {
  await open(page, '/workloads?window=15m')
  await expect(page.getByRole('table')).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('ratings workload')
  await page.getByRole('option', { name: /^ratings-v1/ }).click()
  await expect(page).toHaveURL(/\/workloads\/bookinfo\/ratings-v1\?window=15m/)
  await expect(region(page, 'Callers').getByRole('link', { name: 'reviews-v2.bookinfo' })).toBeVisible()
  await expect(region(page, 'Callers').getByRole('link', { name: 'reviews-v3.bookinfo' })).toBeVisible()
  await expect(region(page, 'Neighbourhood').locator('canvas').first()).toBeVisible()
  await expect(region(page, 'Pods and proxies').getByRole('cell', { name: '1.27.1' }).first()).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('link', { name: 'Workload in bookinfo' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'bookinfo' })).toBeVisible()
  await expect(region(page, 'Istio objects that apply')).toContainText('VirtualService/bookinfo/reviews')
  await expectAccessible(page)
})

test('a member gets the same answers about the own namespaces, and nothing of others', async ({ page }) => {
  await open(page, '/overview', 'shop-member')
  // Worst first, which is the demo's clock's to say.
  await expect(region(page, 'Namespaces').getByRole('link')).toHaveCount(3)
  const names = await region(page, 'Namespaces').getByRole('link').allTextContents()
  expect(names.sort()).toEqual(['shop-core', 'shop-data', 'shop-web'])
  await expect(page.getByText('other teams’ workloads are left out')).toBeVisible()
  await expect(region(page, 'Control plane and proxies')).toHaveCount(0)
  await expectAccessible(page)

  for (const list of ['Services', 'Apps', 'Namespaces']) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: list }).click()
    await expect(page.getByRole('heading', { level: 1, name: list })).toBeVisible()
    await expect(
      page
        .getByRole('table')
        .getByRole('link', { name: /shop-core|^checkout$/ })
        .first(),
    ).toBeVisible()
    await expect(page.getByRole('table')).not.toContainText(/bookinfo|istio-system|travel/)
    await expectAccessible(page)
  }
})

test('who calls ratings, as a read-only member', async ({ page }) => {
  await open(page, '/services/bookinfo/ratings', 'bookinfo-viewer')
  await expect(region(page, 'Callers').getByRole('link', { name: 'reviews-v2.bookinfo' })).toBeVisible()
})
