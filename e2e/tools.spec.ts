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

test('what the owner saves for everybody is what a member’s pages begin with, and cleared as easily', async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000)
  await openAs(page, 'owner', '/settings')
  const save = page.getByRole('button', { name: 'Save' }).last()
  const choose = async (option: string) => {
    await page.getByRole('combobox', { name: 'First page' }).click()
    await page.getByRole('option', { name: option }).click()
    await save.click()
    await expect(page.getByText(/^Saved/)).toBeVisible()
  }
  await page.getByRole('textbox', { name: 'Grafana' }).fill('javascript:alert(1)')
  await save.click()
  await expect(page.getByText(/tools.grafana.url: is a javascript: URL/)).toBeVisible()
  await page.getByRole('textbox', { name: 'Grafana' }).fill('')
  await choose('Overview')
  const theirs = await browser.newContext()
  try {
    const { app } = await demoInfo()
    await theirs.request.post(`${app}/api/session`, { data: { persona: 'shop-member', prefix: '/' } })
    const member = await theirs.newPage()
    await member.goto(app)
    await expect(member).toHaveURL(/\/overview/)
  } finally {
    await theirs.close()
    await choose('Traffic Graph, or what is open')
  }
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`Settings can be read by everybody, in the ${colorScheme} theme`, async ({ page }) => {
    test.setTimeout(150_000)
    await page.emulateMedia({ colorScheme })
    await openAs(page, 'owner', '/settings')
    await expect(page.getByRole('region', { name: 'See the traffic graph' })).toBeVisible()
    await expect(page.getByRole('list', { name: 'Tools' }).getByRole('listitem')).toHaveCount(4)
    await axe(page)
    await openAs(page, 'shop-member', '/settings')
    await expect(page.getByText(/RBAC objects that you may not list/)).toBeVisible()
    await expect(page.getByRole('textbox', { name: 'Kiali' })).toBeDisabled()
    await axe(page)
  })
}

test('a project owner reads which workloads take a restart before saving what the namespace asks for', async ({
  page,
}) => {
  test.setTimeout(120_000)
  await page.emulateMedia({ colorScheme: 'dark' })
  await openAs(page, 'shop-owner', '/namespaces/shop-data')
  // What stands above has its height.
  await expect(page.getByRole('region', { name: 'Pods and proxies' }).getByRole('table').first()).toBeVisible()
  const injection = page.getByRole('region', { name: 'Sidecar injection' })
  await injection.getByRole('combobox').click()
  await page.getByRole('option', { name: /^No sidecars/ }).click()
  await expect(injection.getByText('kubectl rollout restart deployment/orders --namespace shop-data')).toBeVisible()
  await axe(page)
})
