import { expect, test, type Page } from '@playwright/test'

import { meshboardToken, personas } from '../src/demo/cluster/personas.ts'
import { cookiesOf, startRancher, type Rancher } from '../src/demo/testing/rancher.ts'
import { startProxy, type RunningProxy } from '../src/proxy/serve.ts'
import { demoInfo } from './start.ts'
import { watchStrays } from './strays.ts'

const place = 'istio-system/http:meshboard:80'
const tokenOf = (id: string) => personas.find((persona) => persona.id === id)?.token ?? ''

let rancher: Rancher
let mesh: RunningProxy
let root: string
const log: string[] = []

/** Meshboard as Rancher's own service proxy serves it, with viewers' tokens shown to Rancher. */
test.beforeAll(async () => {
  const { cluster, prometheus } = await demoInfo()
  rancher = await startRancher({ cluster, services: { 'istio-system/http:prometheus:9090': prometheus } })
  mesh = await startProxy(
    {
      port: 0,
      auth: { mode: 'token' },
      staticDir: 'dist/app',
      clusters: [
        {
          name: 'demo',
          label: 'Demo',
          prometheus: { url: 'http://prometheus.istio-system.svc:9090' },
          kubernetes: { url: cluster, token: meshboardToken, viewersUrl: rancher.root },
        },
      ],
    },
    // Inside the cluster that name is known; here it goes through a proxy that knows it.
    { logTo: { write: (line) => void log.push(line) }, environment: { HTTP_PROXY: prometheus } },
  )
  rancher.behind = { cluster, services: { ...rancher.behind.services, [place]: mesh.url } }
  root = `${rancher.root}api/v1/namespaces/istio-system/services/http:meshboard:80/proxy/`
  await letMembersOpenThePage(cluster)
})
test.afterAll(async () => {
  await mesh.close()
  await rancher.close()
})

/** The chart's `rbac.pageViewers`: whoever may open the page behind the service proxy. */
async function letMembersOpenThePage(cluster: string): Promise<void> {
  const metadata = { name: 'meshboard-page', namespace: 'istio-system' }
  const group = 'rbac.authorization.k8s.io'
  const rule = { apiGroups: [''], resources: ['services/proxy'], resourceNames: ['http:meshboard:80'] }
  const role = { kind: 'Role', metadata, rules: [{ ...rule, verbs: ['get', 'create', 'update', 'delete'] }] }
  const binding = {
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: group, kind: 'Role', name: metadata.name },
    subjects: [{ apiGroup: group, kind: 'Group', name: 'system:authenticated' }],
  }
  for (const [plural, object] of [
    ['roles', role],
    ['rolebindings', binding],
  ] as const) {
    const answer = await fetch(`${cluster}/apis/${group}/v1/namespaces/istio-system/${plural}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokenOf('owner')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ apiVersion: `${group}/v1`, ...object }),
    })
    expect([201, 409]).toContain(answer.status)
  }
}

async function beInRancherAs(page: Page, token: string): Promise<void> {
  const cookies = cookiesOf(token).split('; ')
  await page.context().addCookies(
    cookies.map((each) => {
      const [name = '', value = ''] = each.split('=')
      return { name, value, url: rancher.url }
    }),
  )
}

test('an owner who is logged in to Rancher needs no second login, and every request stays below the cluster', async ({
  page,
}) => {
  const strays = await watchStrays(page, [rancher.root])
  await beInRancherAs(page, tokenOf('owner'))
  await page.goto(root)
  await expect(page).toHaveURL(/\/proxy\/traffic-graph/)
  await expect(page.getByTestId('graph-canvas')).toHaveAttribute('data-positions', /\d/)
  await page.getByRole('button', { name: 'Signed in as olivia' }).click()
  await expect(page.getByText('Known by your session in Rancher')).toBeVisible()
  await page.keyboard.press('Escape')

  for (const title of ['Overview', 'Traffic Metrics', 'Istio Config', 'Workloads', 'Settings']) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: title, exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  }
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  expect(strays()).toEqual([])

  // The server behind the proxy never learnt who it was, and answered no question.
  const asked = rancher.handed.map(({ path }) => path)
  expect(asked.filter((path) => path.startsWith('/api/clusters/'))).toEqual([])
  expect(rancher.handed.some(({ headers }) => headers.authorization !== undefined)).toBe(false)
  expect(log.join('')).not.toContain('R_SESS')
})

test('a member is told why and how, and is in with an API key of Rancher', async ({ page }) => {
  await beInRancherAs(page, tokenOf('shop-member'))
  await page.goto(`${root}traffic-metrics`)
  await expect(page.getByRole('heading', { level: 1, name: 'Log in to Meshboard' })).toBeVisible()
  await expect(page.getByText('Rancher knows you here as samir')).toBeVisible()
  await expect(page.getByText('kubectl auth can-i list pods --all-namespaces')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Open Account & API Keys' })).toHaveAttribute(
    'href',
    `${rancher.url}/dashboard/account`,
  )
  await page.getByLabel('Kubernetes token').fill(tokenOf('shop-member'))
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Signed in as samir' })).toBeVisible()
  await expect(page.getByText(/You see the part of the mesh that touches/)).toBeVisible()
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name.startsWith('meshboard-'))
  expect(cookie).toMatchObject({ path: new URL(root).pathname, httpOnly: true })
})

test('an owner whose session in Rancher ends is told so, and comes back', async ({ page }) => {
  await beInRancherAs(page, tokenOf('owner'))
  await page.goto(`${root}overview`)
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await beInRancherAs(page, 'ended')
  await page.getByRole('button', { name: 'Refresh now' }).first().click()
  await expect(page.getByText(/your session there has ended/).first()).toBeVisible()
  await beInRancherAs(page, tokenOf('owner'))
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
})
