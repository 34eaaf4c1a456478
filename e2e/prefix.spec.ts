import { expect, test, type Page } from '@playwright/test'

import { meshboardToken, personas } from '../src/demo/cluster/personas.ts'
import { startProxy, type RunningProxy } from '../src/proxy/serve.ts'
import { serviceProxyPath, startGateway, type Gateway } from './gateway.ts'
import { demoInfo } from './start.ts'
import { watchStrays } from './strays.ts'

let ingress: Gateway
let serviceProxy: Gateway
let below: RunningProxy

test.beforeAll(async () => {
  const { app, cluster, prometheus } = await demoInfo()
  below = await startProxy({
    port: 0,
    auth: { mode: 'token' },
    basePath: '/tools/mesh/',
    staticDir: 'dist/app',
    logLevel: 'silent',
    clusters: [
      {
        name: 'demo',
        label: 'Demo',
        prometheus: { url: prometheus },
        kubernetes: { url: cluster, token: meshboardToken },
      },
    ],
  })
  ingress = await startGateway('ingress', '/tools/mesh', below.url)
  serviceProxy = await startGateway('serviceProxy', serviceProxyPath, app)
})

test.afterAll(async () => {
  ingress.close()
  serviceProxy.close()
  await below.close()
})

/**
 * One way through the app, the same under every prefix (all other journeys are at the root): it lands, goes from page to page by its own links, and each address opens the
 * same page again, at once, after a reload, by Back, and in a frame. Nothing is asked outside the root.
 */
async function walk(page: Page, root: string, strays: () => readonly string[]): Promise<void> {
  const title = (name: string) => page.getByRole('heading', { level: 1, name, exact: true })
  const main = page.getByRole('navigation', { name: 'Main' })
  const at = (path: string) => (url: URL) => url.origin + url.pathname === root + path

  await expect(page).toHaveURL(at('traffic-graph'))
  const canvas = page.getByTestId('graph-canvas')
  await expect(canvas).toHaveAttribute('data-positions', /\d/)

  await main.getByRole('link', { name: 'Traffic Metrics', exact: true }).click()
  await expect(page).toHaveURL(at('traffic-metrics'))
  await page.reload()
  await expect(title('Traffic Metrics')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Request Volume', exact: true }).locator('svg').first()).toBeVisible()

  await main.getByRole('link', { name: 'Overview', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Front doors' })).toContainText('istio-ingressgateway')

  await page.goto(`${root}workloads?namespaces=bookinfo`)
  await page.getByRole('table').getByRole('link', { name: 'ratings-v1', exact: true }).click()
  await expect(page).toHaveURL(at('workloads/bookinfo/ratings-v1'))
  await page.reload()
  await expect(title('ratings-v1')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Callers' })).toContainText('reviews-v2.bookinfo')
  await page.goBack()
  await expect(title('Workloads')).toBeVisible()

  await page.goto(`${root}istio/VirtualService/shop-core/promotions`)
  await page.getByRole('region', { name: 'Findings' }).getByRole('link', { name: 'About MB101' }).click()
  await expect(page).toHaveURL(at('istio/checks'))

  await page.goto(`${root}traffic-graph?namespaces=bookinfo&embed=1`)
  await expect(canvas).toHaveAttribute('data-positions', /\d/)
  await expect(main).toHaveCount(0)
  const whole = page.getByRole('link', { name: 'Open in Meshboard, in a tab of its own' })
  expect(new URL((await whole.getAttribute('href')) ?? '', root).href).toBe(`${root}traffic-graph?namespaces=bookinfo`)
  expect(strays()).toEqual([])
}

test('behind the API server’s service proxy, which takes its part of the path away', async ({ page }) => {
  const { root } = serviceProxy
  const strays = await watchStrays(page, [root])
  await page.goto(root)
  await walk(page, root, strays)
})

test('under the path of an Ingress, behind a login whose cookie stays below that path', async ({ page }) => {
  const { root } = ingress
  const strays = await watchStrays(page, [root])
  await page.goto(root)
  await page.getByLabel('Kubernetes token').fill(personas.find(({ id }) => id === 'owner')?.token ?? '')
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await walk(page, root, strays)
  const [cookie] = await page.context().cookies()
  expect(cookie).toMatchObject({ path: '/tools/mesh/', httpOnly: true, sameSite: 'Lax' })
})
