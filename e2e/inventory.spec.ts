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
  // What the containers of Istio use, and until when its certificates hold.
  await expect(region(page, 'Control plane and proxies').getByRole('row', { name: /^istiod/ })).toContainText(/MB|MiB/)
  await expect(region(page, 'Control plane and proxies')).toContainText('root certificate ends')

  // The demo's faults overlap: over fifteen minutes something always failed.
  const worst = region(page, 'Most errors').getByRole('link').first()
  const name = (await worst.textContent()) ?? ''
  await worst.click()
  await expect(page).toHaveURL(new RegExp(`/services/[^/]+/${name}\\b`))
  const summary = region(page, 'Summary')
  await expect(summary).toContainText(/Failing|Degraded/)
  await expect(summary).toContainText(/% of (gRPC )?requests failed/)
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
  await expect(region(page, 'Pods and proxies')).toContainText('limit 2.0\u00a0cores')

  await page.getByRole('link', { name: 'Workload in bookinfo' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'bookinfo' })).toBeVisible()
  await expect(region(page, 'Istio objects that apply')).toContainText('VirtualService/bookinfo/reviews')
  await expect(region(page, 'Neighbourhood').locator('canvas').first()).toBeVisible()
  await expect(
    region(page, 'Callers').getByRole('link', { name: /^istio-ingressgateway\.istio-ingress/ }),
  ).toBeVisible()
  await page.getByRole('navigation', { name: 'Parts of this page' }).getByRole('link', { name: 'Metrics' }).click()
  await expect(page.getByRole('region', { name: 'Request Volume' }).getByRole('slider')).toBeVisible()
})

test('a member gets the same answers about the own namespaces, and nothing of others', async ({ page }) => {
  await open(page, '/overview', 'shop-member')
  // Worst first, which is the demo's clock's to say.
  await expect(region(page, 'Namespaces').getByRole('link')).toHaveCount(3)
  const names = await region(page, 'Namespaces').getByRole('link').allTextContents()
  expect(names.sort()).toEqual(['shop-core', 'shop-data', 'shop-web'])
  await expect(page.getByText('other teams’ workloads are left out')).toBeVisible()
  await expect(region(page, 'Control plane and proxies')).toHaveCount(0)

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
  }

  // Which service is failing, and why: over an hour something of the shop always did.
  await open(page, '/overview?window=1h')
  const worst = region(page, 'Most errors').getByRole('link').first()
  const failing = (await worst.textContent()) ?? ''
  await worst.click()
  await expect(page).toHaveURL(new RegExp(`/services/shop-\\w+/${failing}\\b`))
  await expect(region(page, 'Summary')).toContainText(/% errors/)
  await expect(region(page, 'Pods and proxies')).toContainText('asks')
  await expectAccessible(page)
})

test('who calls ratings, as a read-only member', async ({ page }) => {
  await open(page, '/services/bookinfo/ratings', 'bookinfo-viewer')
  await expect(region(page, 'Callers').getByRole('link', { name: 'reviews-v2.bookinfo' })).toBeVisible()
})

test('what changed an hour ago in reviews: a rollout, a route and what came of them', async ({ page }) => {
  await open(page, '/apps/bookinfo/reviews')
  const changes = region(page, 'What changed')
  await expect(changes).toContainText('Deployment reviews-v3 rolled out')
  await expect(changes).toContainText('VirtualService reviews was changed by argocd-controller')
  await expect(changes).toContainText('Readiness probe failed')
  await expect(region(page, 'Pods and proxies').getByRole('group', { name: 'The same by node' })).toBeVisible()

  // The same as a read-only member, who may also read what the containers wrote.
  await open(page, '/apps/bookinfo/reviews', 'bookinfo-viewer')
  await expect(changes).toContainText('Deployment reviews-v3 rolled out')
  await page.getByRole('navigation', { name: 'Parts of this page' }).getByRole('link', { name: 'Logs' }).click()
  await page.getByLabel('Container', { exact: true }).selectOption('istio-proxy')
  const lines = region(page, 'Lines of the log')
  await expect(lines.getByRole('listitem').last()).toContainText('HTTP/1.1')
  await lines.getByRole('button').last().click()
  await expect(page.getByRole('group', { name: 'What the line says' })).toContainText('Response code')
  await page.getByLabel('Lines', { exact: true }).selectOption('100000')
  await expect(page.getByText('100,000 lines', { exact: true })).toBeVisible()
  await expectAccessible(page)
})

test('a trace leads from a service to the span that failed, as its place stays closed to members', async ({ page }) => {
  await open(page, '/workloads/bookinfo/productpage-v1?part=traces&window=1h')
  const traces = region(page, 'Traces')
  await expect(traces.getByText(/traces, [\d,]+ failed/)).toBeVisible()
  // Failed ones stand first.
  await traces.getByRole('table').getByRole('link').first().click()
  await expect(page).toHaveURL(/\/traces\/[0-9a-f]{32}/)
  const span = region(page, 'Span')
  await expect(span).toContainText('.bookinfo')
  await expect(span).toContainText(/Status\s*5\d\d/)
  await expect(region(page, 'Spans of the trace').getByRole('listitem').first()).toContainText('istio-ingressgateway')

  await open(page, '/workloads/bookinfo/productpage-v1?part=traces', 'bookinfo-viewer')
  await expect(traces.getByText('Traces are closed to you', { exact: true })).toBeVisible()
  await expect(traces).toContainText('kubectl auth can-i')
  await expectAccessible(page)
})
