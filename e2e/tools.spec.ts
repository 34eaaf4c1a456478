import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'

import { demoInfo } from './start.ts'

test.use({ viewport: { width: 1600, height: 1000 } })

/** Logs in as one of the demo's people and opens a page. */
async function openAs(page: Page, persona: string, path: string): Promise<void> {
  const { app } = await demoInfo()
  await page.context().clearCookies()
  const answer = await page.context().request.post(`${app}/api/session`, { data: { persona, prefix: '/' } })
  expect(answer.status()).toBe(204)
  await page.goto(new URL(path, app).href)
}

const icons = (page: Page) => page.getByRole('group', { name: 'Tools' })

async function axe(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
}

test('the owner sees which tools are open, down or not installed, and a link that shows the same in Kiali', async ({
  page,
}) => {
  await openAs(page, 'owner', '/traffic-metrics?namespaces=bookinfo&window=10m')
  for (const name of ['Prometheus: open', 'Jaeger: down', 'Kiali: open', 'Grafana: not installed']) {
    await expect(icons(page).getByRole('button', { name })).toBeVisible()
  }
  await icons(page).getByRole('button', { name: 'Jaeger: down' }).click()
  await expect(page.getByText('none of its pods is ready')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  await page.keyboard.press('Escape')
  await icons(page).getByRole('button', { name: 'Kiali: open' }).click()
  await expect(page.getByText('kubectl create token kiali --namespace istio-system')).toBeVisible()
  const opened = page.waitForEvent('popup')
  await page.getByRole('link', { name: /^Open Kiali/ }).click()
  const kiali = await opened
  await expect(kiali.getByRole('heading', { name: 'Stand-in for Kiali' })).toBeVisible()
  await expect(kiali.getByText('namespaces = bookinfo')).toBeVisible()
  await expect(kiali.getByText('duration = 600')).toBeVisible()
})

test('a member reads which permission a locked tool takes, and is warned of one that shows all teams', async ({
  page,
}) => {
  await openAs(page, 'shop-member', '/traffic-metrics')
  await icons(page).getByRole('button', { name: 'Kiali: locked' }).click()
  await expect(
    page.getByText(/get services\/proxy "http:kiali:20001" in istio-system; a cluster owner can grant it/),
  ).toBeVisible()
  await page.getByText('How to get in').click()
  await expect(page.getByText('kind: RoleBinding')).toBeVisible()
  await page.keyboard.press('Escape')
  await icons(page).getByRole('button', { name: 'Grafana: not installed' }).click()
  await expect(page.getByText('No Grafana was found in Demo.')).toBeVisible()
  await expect(page.getByText('How to add it')).toHaveCount(0)

  await openAs(page, 'shop-owner', '/traffic-metrics')
  await icons(page).getByRole('button', { name: 'Kiali: open' }).click()
  await expect(page.getByText(/^Kiali shows all teams/)).toBeVisible()
})

test('what the owner saves in Settings opens Kiali to a member within half a minute, and is taken back as easily', async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000)
  await openAs(page, 'owner', '/settings')
  const form = page.getByRole('region', { name: 'Open Kiali' })
  await form.getByRole('combobox', { name: 'Users' }).fill('samir')
  await page.keyboard.press('Enter')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form.getByText(/^Saved/)).toBeVisible()

  const { app } = await demoInfo()
  const theirs = await browser.newContext()
  try {
    await theirs.request.post(`${app}/api/session`, { data: { persona: 'shop-member', prefix: '/' } })
    const state = async () => {
      const answer = await theirs.request.get(`${app}/api/clusters/demo/tools`)
      const { tools } = (await answer.json()) as { tools: { name: string; state: string }[] }
      return tools.find(({ name }) => name === 'kiali')?.state
    }
    await expect.poll(state, { timeout: 60_000 }).toBe('open')
  } finally {
    await theirs.close()
    await form.getByRole('combobox', { name: 'Users' }).press('Backspace')
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form.getByText('samir')).toHaveCount(0)
  }
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`Settings can be read by everybody, in the ${colorScheme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await openAs(page, 'owner', '/settings')
    await expect(page.getByRole('region', { name: 'See the traffic graph' })).toBeVisible()
    await expect(page.getByRole('list', { name: 'Tools' }).getByRole('listitem')).toHaveCount(4)
    await axe(page)
    await openAs(page, 'shop-member', '/settings')
    await expect(page.getByText(/RBAC objects that you may not list/)).toBeVisible()
    await axe(page)
  })
}
