import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'

import type { PagePath } from '../src/ui/shell/pagePaths.ts'
import { demoInfo } from './start.ts'

/**
 * One place of every page there is, and of a page with parts some: who adds a page adds it here, or this does not compile. Lists are short,
 * since axe looks at every cell.
 */
const places: Readonly<Record<PagePath, readonly string[]>> = {
  '/overview': ['overview'],
  '/traffic-graph': ['traffic-graph'],
  '/traffic-metrics': ['traffic-metrics?window=15m&of=app/bookinfo/reviews'],
  '/explore': ['explore?q=sum(rate(istio_requests_total[1m]))'],
  '/istio': ['istio?namespaces=shop-core'],
  '/istio/:kind/:namespace/:name': ['istio/VirtualService/shop-core/promotions'],
  '/istio/checks': ['istio/checks'],
  '/mtls': ['mtls?namespaces=bookinfo'],
  '/namespaces': ['namespaces?q=shop'],
  '/namespaces/:namespace': ['namespaces/bookinfo'],
  '/apps': ['apps?q=reviews'],
  '/apps/:namespace/:name': ['apps/bookinfo/reviews'],
  '/workloads': ['workloads?q=reviews'],
  '/workloads/:namespace/:name': ['about', 'logs', 'traces'].map(
    (part) => `workloads/bookinfo/productpage-v1?part=${part}`,
  ),
  '/services': ['services?q=reviews'],
  '/services/:namespace/:name': ['services/bookinfo/ratings?window=15m'],
  '/traces/:id': ['traces/'],
  '/doctor': ['doctor'],
  '/settings': ['settings'],
  '/tile/graph/:kind/:namespace/:name': ['tile/graph/workloads/bookinfo/productpage-v1'],
  '/tile/panel/:panel': ['tile/panel/duration?of=workload/bookinfo/productpage-v1'],
}

test('every page is accessible in both themes', async ({ page }) => {
  test.setTimeout(420_000)
  const { app } = await demoInfo()
  let trace = ''
  // Traces come from a list of them, so their page is looked at last.
  const inTurn = Object.values(places).flat()
  for (const place of [...inTurn.filter((each) => each !== 'traces/'), 'traces/']) {
    const address = place === 'traces/' ? trace : `/${place}`
    expect(address, 'a trace was listed').not.toBe('')
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(`${app}${address}${address.includes('?') ? '&' : '?'}refresh=off`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.waitForLoadState('networkidle')
    if (place.endsWith('part=traces')) {
      const link = page.getByRole('region', { name: 'Traces' }).getByRole('table').getByRole('link').first()
      trace = new URL((await link.getAttribute('href')) ?? '', app).pathname
    }
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme)
      // Nothing but colours differs.
      const axe = new AxeBuilder({ page })
      const { violations } = await (theme === 'dark' ? axe.withRules('color-contrast') : axe).analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
      expect.soft(found, `${address}, ${theme}`).toEqual([])
    }
  }
})
