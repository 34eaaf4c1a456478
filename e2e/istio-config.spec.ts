import { expect, test } from '@playwright/test'

import { demoInfo } from './start.ts'

test('why does this VirtualService do nothing: its route leads nowhere, or nobody listens at its gateway', async ({
  page,
}) => {
  const { app } = await demoInfo()
  await page.goto(`${app}/traffic-graph?namespaces=shop-core,shop-web`)
  await page.getByRole('navigation').getByRole('link', { name: 'Istio Config' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Istio Config' })).toBeVisible()
  await page.getByRole('button', { name: 'Kind: Any' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'VirtualService' }).click()
  await page.keyboard.press('Escape')
  const promotions = page.getByRole('row').filter({ hasText: 'promotions' })
  await expect(promotions).toContainText('Error')
  await expect(page.getByRole('row').filter({ hasText: 'bookinfo' })).toHaveCount(0)

  await promotions.getByRole('link', { name: 'promotions' }).click()
  await expect(page).toHaveURL(/\/istio\/VirtualService\/shop-core\/promotions\?.*namespaces=/)
  const findings = page.getByRole('region', { name: 'Findings' })
  await expect(findings).toContainText('promotions.shop-core.svc.cluster.local')
  await expect(findings).toContainText('What to do')
  const yaml = page.getByRole('region', { name: 'YAML' })
  await expect(yaml.locator('[data-severity="error"]')).toContainText('host: promotions.shop-core.svc.cluster.local')
  await expect(
    page.getByText('kubectl get virtualservices.networking.istio.io promotions -n shop-core -o yaml'),
  ).toBeVisible()

  await findings.getByRole('link', { name: 'About MB101' }).click()
  await expect(page.getByRole('article', { name: /^MB101/ })).toBeInViewport()

  // A VirtualService without a fault of its own: what it refers to has one.
  await page.goto(`${app}/istio/VirtualService/shop-web/partners`)
  const gateway = page.getByRole('region', { name: 'Refers to' }).getByRole('listitem').filter({ hasText: 'Gateway' })
  await expect(gateway).toContainText('Error')
  await gateway.getByRole('link', { name: 'partner-gateway' }).click()
  await expect(page.getByRole('region', { name: 'Findings' })).toContainText('No pod carries')
  await expect(page.getByRole('region', { name: 'Referred to by' })).toContainText('partners is served by it')
})

test('a member sees the objects of the own namespaces, and nothing of others’ is called missing', async ({ page }) => {
  const { app } = await demoInfo()
  const answer = await page
    .context()
    .request.post(`${app}/api/session`, { data: { persona: 'shop-member', prefix: '/' } })
  expect(answer.status()).toBe(204)
  await page.goto(`${app}/istio`)
  await expect(page.getByText('Read in the 3 namespaces you may see')).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'promotions' })).toContainText('Error')
  await expect(page.locator('tbody')).not.toContainText(/bookinfo|travel/)
  // Its gateway stands in a namespace that the member may not read.
  await page.getByRole('row').filter({ hasText: 'mobile' }).getByRole('link', { name: 'mobile', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Refers to' })).toContainText(
    'public-gateway.istio-ingress not visible',
  )
  await page.goto(`${app}/istio/VirtualService/bookinfo/reviews`)
  await expect(page.getByRole('heading', { name: 'No such object' })).toBeVisible()
})
