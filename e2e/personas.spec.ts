import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'

import { demoInfo } from './start.ts'

/** Names of Bookinfo that nobody of the shop may ever read, and of the shop that nobody of Bookinfo may. */
const bookinfo = /productpage|reviews|ratings/
const shop = /catalog|checkout|storefront|shop-core|shop-web|shop-data/

/** Logs in as one of the demo's people and keeps every byte of the API's answers. */
async function enterAs(page: Page, persona: string): Promise<{ app: string; heard: () => string }> {
  const { app } = await demoInfo()
  const answer = await page.context().request.post(`${app}/api/session`, { data: { persona, prefix: '/' } })
  expect(answer.status()).toBe(204)
  const answers: Promise<string>[] = []
  const texts: string[] = []
  page.on('response', (response) => {
    if (!response.url().includes('/api/')) return
    answers.push(
      response.text().then(
        (text) => {
          texts.push(text)
          return text
        },
        () => '',
      ),
    )
  })
  return { app, heard: () => texts.join('\n') }
}

const menu = (page: Page, name: string) => page.getByRole('button', { name: `Signed in as ${name}` })
const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })

test('the demo begins as the cluster’s owner, whose menu says what is open and whom else one could be', async ({
  page,
}) => {
  const { app } = await demoInfo()
  await page.goto(app)
  await expect(title(page, 'Traffic Graph')).toBeVisible()
  await expect(page.getByText('You see the part of the mesh')).toHaveCount(0)
  await menu(page, 'olivia').click()
  const doors = page.getByRole('list', { name: 'What you may do' }).getByRole('listitem')
  await expect(doors.filter({ hasText: 'Traffic Graph: open' })).toBeVisible()
  await expect(doors.filter({ hasText: 'Settings: open' })).toBeVisible()
  for (const persona of ['Project owner of the shop', 'Project member of the shop', 'Read-only member of Bookinfo']) {
    await expect(page.getByRole('button', { name: persona })).toBeVisible()
  }
  const { violations } = await new AxeBuilder({ page }).include('header').analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
})

test('a project’s member chosen in the menu lands on Traffic Metrics, and reads why the graph is closed and what would open it', async ({
  page,
}) => {
  const { app } = await demoInfo()
  await page.goto(app)
  await menu(page, 'olivia').click()
  await page.getByRole('button', { name: 'Project member of the shop' }).click()
  await expect(menu(page, 'samir')).toBeVisible()
  await expect(page).toHaveURL(/\/traffic-metrics/)
  await expect(
    page.getByText('You see the part of the mesh that touches shop-core, shop-data, shop-web.'),
  ).toBeVisible()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Traffic Graph' }).click()
  await expect(page.getByRole('heading', { name: 'Traffic Graph is closed to you' })).toBeVisible()
  await expect(page.getByText('kubectl auth can-i get graphs.meshboard.io --namespace=shop-core')).toBeVisible()
  await expect(page.getByText('kind: RoleBinding').first()).toBeVisible()
  await page.reload()
  await expect(menu(page, 'samir')).toBeVisible()
})

test('a member’s page shows numbers of the own project and hears nothing of another team', async ({ page }) => {
  const { app, heard } = await enterAs(page, 'shop-member')
  await page.goto(`${app}/traffic-metrics`)
  await expect(title(page, 'Traffic Metrics')).toBeVisible()
  await expect.poll(heard).toContain('"resultType":"matrix"')
  await page.waitForLoadState('networkidle')
  expect(heard()).not.toMatch(bookinfo)
  await expect(page.getByRole('main')).not.toContainText('There is no such')
})

test('an owner’s address opened by a project’s owner shows that part of it which is theirs, and says what is missing', async ({
  page,
}) => {
  const { app, heard } = await enterAs(page, 'shop-owner')
  await page.goto(`${app}/traffic-graph?namespaces=bookinfo,shop-core`)
  await expect(page.getByText('This address asks for bookinfo too, which you may not see: left out.')).toBeVisible()
  await expect(page.getByTestId('graph-canvas')).toHaveAttribute('data-positions', /\d/)
  expect(Number(await page.getByTestId('graph-canvas').getAttribute('data-nodes'))).toBeGreaterThan(2)
  await page.waitForLoadState('networkidle')
  expect(heard()).toMatch(/catalog/)
  expect(heard()).not.toMatch(bookinfo)
})

test('a read-only member of Bookinfo is offered that namespace alone', async ({ page }) => {
  const { app, heard } = await enterAs(page, 'bookinfo-viewer')
  await page.goto(app)
  await expect(page).toHaveURL(/\/traffic-metrics/)
  await page.getByRole('button', { name: /Namespaces and projects/ }).click()
  await expect(page.getByRole('option')).toHaveText(['All namespaces', 'Project: p-bookinfo', 'bookinfo'])
  await page.waitForLoadState('networkidle')
  expect(heard()).toMatch(/bookinfo/)
  expect(heard()).not.toMatch(shop)
})

test('the session’s cookie is out of script’s reach, and no token is in the page', async ({ page }) => {
  const { app, heard } = await enterAs(page, 'shop-member')
  await page.goto(app)
  await expect(menu(page, 'samir')).toBeVisible()
  expect(await page.evaluate(() => document.cookie)).toBe('')
  expect(
    await page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])),
  ).not.toContain('demo-shop')
  expect(heard()).not.toContain('demo-shop-member')
  const [cookie] = await page.context().cookies()
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
})

test('the login page offers the demo’s people and says how to get a token', async ({ page }) => {
  const { app } = await demoInfo()
  await page.goto(`${app}/login`)
  await expect(title(page, 'Log in to Meshboard')).toBeVisible()
  await expect(page.getByText('kubectl create token')).toBeVisible()
  await page.getByLabel('Kubernetes token').fill('not-a-token')
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('does not take this token')
  await page.getByRole('button', { name: 'Look around as Read-only member of Bookinfo' }).click()
  await expect(menu(page, 'bruno')).toBeVisible()
})
