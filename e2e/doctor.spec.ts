import { readFile } from 'node:fs/promises'
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
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
}

const verdict = (page: Page, namespace: string) => page.getByRole('group', { name: namespace, exact: true })
const reason = (page: Page) => page.getByRole('group', { name: 'Why there is nothing' })

test('may I go STRICT in bookinfo: it is, and what that rests on; in shop-web not yet, and who would be cut off', async ({
  page,
}) => {
  await open(page, '/istio?namespaces=bookinfo')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'mTLS' }).click()
  await expect(verdict(page, 'bookinfo')).toContainText('STRICT already')
  await expect(verdict(page, 'bookinfo')).toContainText(/100% of \d+ requests\/s were under mTLS/)
  await expect(verdict(page, 'bookinfo')).toContainText(/No plain text was seen in \d+ /)
  await expectAccessible(page)

  await open(page, '/mtls?namespaces=shop-web&lookback=1h')
  await expect(verdict(page, 'shop-web')).toContainText('Not yet')
  await expect(verdict(page, 'shop-web')).toContainText('Somebody outside the mesh sends plain text to frontend now')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ])
  const csv = await readFile(await file.path(), 'utf8')
  expect(csv).toMatch(/^from_namespace,from_workload,to_namespace/)
  expect(csv).toMatch(/^outside,,shop-web,frontend,.*,requests,\d/m)
})

test('may I go STRICT, as a read-only member: the own namespace is answered, and no other team is named', async ({
  page,
}) => {
  await open(page, '/mtls', 'bookinfo-viewer')
  await expect(verdict(page, 'bookinfo')).toContainText('STRICT already')
  await expect(page.getByRole('main')).not.toContainText(/shop-|istio-ingress|travel/)
  await expectAccessible(page)
})

test('why is this namespace empty: the graph says so itself, and the doctor shows the evidence', async ({ page }) => {
  await open(page, '/traffic-graph?namespaces=kube-system')
  await expect(reason(page)).toContainText('Nothing runs in kube-system')
  await expect(reason(page)).toContainText('kubectl get deployments,statefulsets,daemonsets -n kube-system')
  await expectAccessible(page)
  await reason(page).getByRole('link', { name: 'All that the doctor finds' }).click()
  await expect(page.getByRole('article', { name: 'Nothing runs in a namespace' })).toBeVisible()

  await open(page, '/doctor')
  const outside = page.getByRole('article', { name: 'A namespace is not in the mesh' })
  await expect(outside).toContainText('istio-injection=disabled refuses sidecars')
  await expect(page.getByRole('region', { name: 'What was examined' })).toContainText('destination, source, waypoint')
  await expectAccessible(page)
})

test('why is this namespace empty, as a member: it is not yours to see, if it exists at all', async ({ page }) => {
  await open(page, '/traffic-metrics?namespaces=bookinfo', 'shop-member')
  await expect(reason(page)).toContainText('You may not see bookinfo, if there is such a namespace')
  await expect(reason(page)).not.toContainText('kubectl label')
  await reason(page).getByRole('link', { name: 'All that the doctor finds' }).click()
  await expect(page.getByRole('article', { name: 'Part of it is not yours to see' })).toBeVisible()
  await expectAccessible(page)
})
