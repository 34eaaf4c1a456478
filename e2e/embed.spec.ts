import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { extname, join } from 'node:path'

import AxeBuilder from '@axe-core/playwright'
import { expect, test, type FrameLocator, type Page } from '@playwright/test'

import { meshboardToken, personas } from '../src/demo/cluster/personas.ts'
import { startProxy, type RunningProxy } from '../src/proxy/serve.ts'
import { closeNow, originOf, serviceProxyPath, startGateway, type Gateway } from './gateway.ts'
import { demoInfo } from './start.ts'
import { watchStrays } from './strays.ts'

/** A console on an origin of its own (another port is another origin): a page with the iframe and the helper `meshboard/embed`. */
let listed: Server
let stranger: Server
let mesh: RunningProxy
/** The same Meshboard as the API server's service proxy serves it: `Authorization` does not arrive there. */
let gateway: Gateway

const tokenOf = (id: string) => personas.find((persona) => persona.id === id)?.token ?? ''

test.beforeAll(async () => {
  const { prometheus, cluster, simulator } = await demoInfo()
  listed = await serveConsole()
  stranger = await serveConsole()
  mesh = await startProxy({
    port: 0,
    auth: { mode: 'bearer' },
    staticDir: 'dist/app',
    logLevel: 'silent',
    frameAncestors: ["'self'", originOf(listed)],
    clusters: [
      {
        name: 'demo',
        label: 'Demo',
        prometheus: { url: prometheus },
        kubernetes: { url: cluster, token: meshboardToken },
        traces: { url: `${simulator}/jaeger` },
        settings: { namespace: 'istio-system' },
      },
    ],
  })
  gateway = await startGateway('serviceProxy', serviceProxyPath, mesh.url)
})

test.afterAll(async () => {
  gateway.close()
  await mesh.close()
  for (const server of [listed, stranger]) closeNow(server)
})

/** A page of Meshboard, and what is on it once its answers are there: for an owner, and for a read-only member of Bookinfo. */
interface Opened {
  readonly path: string
  readonly search?: string
  readonly title: string
  readonly shows: RegExp
  readonly showsMember?: RegExp
  /** What it is called to whom it is closed, where that is not the title. */
  readonly closedTitle?: string
}

const closed = (page: string) => new RegExp(`${page} is closed to you`)
const everyPage: readonly Opened[] = [
  {
    path: '/traffic-graph',
    search: 'view=table',
    title: 'Traffic Graph',
    shows: /ratings/,
    showsMember: closed('Traffic Graph'),
  },
  { path: '/traffic-metrics', title: 'Traffic Metrics', shows: /Request Volume.*requests/ },
  { path: '/overview', title: 'Overview', shows: /Most errors.*productpage/ },
  { path: '/explore', search: 'q=up&view=table', title: 'Explore', shows: /instance/, showsMember: closed('Explore') },
  { path: '/istio', title: 'Istio Config', shows: /ratings-readers/ },
  { path: '/istio/VirtualService/bookinfo/reviews', title: 'reviews', shows: /kubectl get virtualservices/ },
  { path: '/istio/checks', title: 'Checks of Istio objects', shows: /MB101/ },
  { path: '/mtls', title: 'mTLS', shows: /STRICT already/ },
  { path: '/namespaces', title: 'Namespaces', shows: /bookinfo/ },
  { path: '/apps', title: 'Apps', shows: /productpage/ },
  { path: '/workloads', title: 'Workloads', shows: /ratings-v1/ },
  { path: '/services', title: 'Services', shows: /ratings/ },
  { path: '/namespaces/bookinfo', title: 'bookinfo', shows: /VirtualService\/bookinfo\/reviews/ },
  { path: '/apps/bookinfo/reviews', title: 'reviews', shows: /What changed.*rolled out/ },
  { path: '/services/bookinfo/ratings', title: 'ratings', shows: /reviews-v2/ },
  { path: '/workloads/bookinfo/ratings-v1', title: 'ratings-v1', shows: /Pods and proxies.*1\.27\.1/ },
  {
    path: '/workloads/bookinfo/ratings-v1',
    search: 'part=metrics',
    title: 'ratings-v1',
    shows: /Request Volume.*requests/,
  },
  {
    path: '/workloads/bookinfo/ratings-v1',
    search: 'part=logs',
    title: 'ratings-v1',
    shows: /ratings: request from reviews/,
  },
  {
    path: '/workloads/bookinfo/ratings-v1',
    search: 'part=traces',
    title: 'ratings-v1',
    shows: /traces, [\d,]+ failed/,
    showsMember: /Traces are closed to you/,
  },
  {
    path: '/tile/graph/workloads/bookinfo/ratings-v1',
    title: 'ratings-v1',
    shows: /Workload in bookinfo/,
    closedTitle: 'Graph of a workload',
    showsMember: closed('Graph of a workload'),
  },
  { path: '/tile/panel/volume', title: 'bookinfo', shows: /Request Volume.*requests/ },
  { path: '/doctor', title: 'Doctor', shows: /bookinfo/ },
  { path: '/settings', title: 'Settings', shows: /Traffic Graph/ },
]

for (const who of ['owner', 'bookinfo-viewer'] as const) {
  test(`each page is embedded as ${who}, below the service proxy’s path, and asks nothing of anybody else`, async ({
    page,
  }) => {
    test.setTimeout(180_000)
    const strays = await watchStrays(page, [gateway.root, originOf(listed)])
    const [first, ...rest] = everyPage
    const frame = await openConsole(page, { path: first?.path ?? '', token: tokenOf(who), root: gateway.root })
    for (const { path, search = '', title, shows, showsMember = shows, closedTitle = title } of first === undefined
      ? []
      : [first, ...rest]) {
      await call(page, 'navigate', path, new URLSearchParams(`namespaces=bookinfo&${search}`).toString())
      await expect.poll(async () => (await lastOf(page, 'navigated'))?.['path'], path).toBe(path)
      const name = who === 'owner' ? title : closedTitle
      await expect(frame.getByRole('heading', { level: 1, name, exact: true })).toBeVisible()
      const main = frame.getByRole('main')
      await expect(main, path).toContainText(who === 'owner' ? shows : showsMember)
      await expect(frame.getByRole('navigation', { name: 'Main' })).toHaveCount(0)
      if (who !== 'owner') await expect(main, path).not.toContainText(/shop-|storefront|travel/)
    }
    expect(strays()).toEqual([])

    // The frame alone is loaded anew: the same page, embedded as before, once the console has been asked again.
    const asked = (await heard(page)).filter(({ type }) => type === 'needs-token').length
    await page.frames()[1]?.evaluate(() => window.location.reload())
    await expect
      .poll(async () => (await heard(page)).filter(({ type }) => type === 'needs-token').length)
      .toBe(asked + 1)
    await expect(frame.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
    await expect(frame.getByRole('navigation', { name: 'Main' })).toHaveCount(0)
  })
}

test('a tile is as high as it says, tells the console of a click, and leads to the whole page', async ({ page }) => {
  const frame = await openConsole(page, {
    path: '/tile/panel/volume?of=service/bookinfo/ratings',
    token: tokenOf('owner'),
  })
  await expect(frame.getByRole('region', { name: 'Request Volume' }).locator('svg').first()).toBeVisible()
  await expect.poll(async () => (await lastOf(page, 'height'))?.['height']).toBeLessThan(600)
  await expect(frame.getByRole('link', { name: 'Open in Meshboard, in a tab of its own' })).toHaveAttribute(
    'href',
    '/services/bookinfo/ratings?panel=volume',
  )

  await call(page, 'navigate', '/tile/graph/workloads/bookinfo/ratings-v1')
  const canvas = frame.getByTestId('graph-canvas')
  await expect(canvas).toHaveAttribute('data-positions', /reviews-v2/)
  const selected = async () => (await lastOf(page, 'selected'))?.['selected']
  await expect.poll(selected).toMatchObject({ kind: 'workload', namespace: 'bookinfo', name: 'ratings-v1' })
  // The callers stand left of it.
  await canvas.getByRole('application').press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect.poll(selected).toMatchObject({
    kind: 'workload',
    namespace: 'bookinfo',
    name: expect.stringMatching(/^reviews-v[23]$/),
  })
})

test('what the console shows itself is not in the bar, which is accessible', async ({ page }) => {
  const frame = await openConsole(page, { path: '/traffic-metrics', token: tokenOf('owner'), hide: 'refresh,open' })
  await expect(frame.getByRole('heading', { level: 1, name: 'Traffic Metrics' })).toBeVisible()
  await expect(frame.getByRole('button', { name: /^Namespaces and projects/ })).toBeVisible()
  await expect(frame.getByRole('button', { name: /^Time window/ })).toBeVisible()
  await expect(frame.getByRole('button', { name: /^Refresh/ })).toHaveCount(0)
  await expect.poll(async () => (await lastOf(page, 'height'))?.['height']).toBeGreaterThan(100)
  const found = await new AxeBuilder({ page }).include('iframe').analyze()
  expect(found.violations).toEqual([])
})

test('the console changes theme, scope, window and page, and is told where the viewer is and what is selected', async ({
  page,
}) => {
  const frame = await openConsole(page, { path: '/traffic-graph', token: tokenOf('owner'), hide: 'find' })
  const canvas = frame.getByTestId('graph-canvas')
  await expect(canvas).toHaveAttribute('data-positions', /\d/)

  await expect(frame.getByRole('combobox', { name: 'Find', exact: true })).toHaveCount(0)
  await call(page, 'setTheme', 'dark')
  await expect(frame.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await call(page, 'setScope', { namespaces: ['bookinfo'] })
  await expect(frame.getByRole('button', { name: 'Namespaces and projects: bookinfo' })).toBeVisible()
  await call(page, 'setWindow', '15m')
  await expect(frame.getByRole('button', { name: /Last 15 minutes/ })).toBeVisible()
  await expect.poll(async () => (await lastOf(page, 'navigated'))?.['search']).toBe('namespaces=bookinfo&window=15m')

  await call(page, 'navigate', '/traffic-graph', 'namespaces=bookinfo&view=table')
  await frame
    .getByRole('row', { name: /ratings/ })
    .first()
    .click()
  await expect
    .poll(async () => (await lastOf(page, 'selected'))?.['selected'])
    .toMatchObject({ cluster: 'demo', namespace: 'bookinfo' })

  await call(page, 'navigate', '/traffic-metrics', 'namespaces=bookinfo')
  await expect(frame.getByRole('heading', { level: 1, name: 'Traffic Metrics' })).toBeVisible()
  await expect.poll(async () => (await lastOf(page, 'navigated'))?.['path']).toBe('/traffic-metrics')
})

test('a member sees what a member may, and another token is another person', async ({ page }) => {
  const frame = await openConsole(page, { path: '/traffic-metrics', token: tokenOf('bookinfo-viewer') })
  await expect(frame.getByText(/You see the part of the mesh that touches bookinfo/)).toBeVisible()
  await call(page, 'setToken', tokenOf('owner'))
  await expect(frame.getByText(/You see the part of the mesh/)).toHaveCount(0)
  // The token is nowhere a script of tomorrow could find it.
  const kept = await page.frames()[1]?.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]))
  expect(kept).not.toContain(tokenOf('bookinfo-viewer'))
})

test('a token that the cluster refuses is asked for again, and the page comes back', async ({ page }) => {
  const frame = await openConsole(page, { path: '/traffic-metrics', token: 'expired' })
  await expect(frame.getByRole('heading', { level: 1 })).toHaveText('The cluster does not take your login any more')
  await expect
    .poll(async () => (await heard(page)).filter(({ type }) => type === 'needs-token').length)
    .toBeGreaterThan(1)
  await call(page, 'setToken', tokenOf('owner'))
  await expect(frame.getByRole('heading', { level: 1, name: 'Traffic Metrics' })).toBeVisible()
})

test('an origin that is not listed gets no page, and a page it opens takes no orders from it', async ({
  page,
  context,
}) => {
  await page.goto(
    `${originOf(stranger)}/?mesh=${encodeURIComponent(mesh.url)}&path=/traffic-metrics&token=${tokenOf('owner')}`,
  )
  // Chromium shows an error page of its own in the frame: no document of ours.
  await expect.poll(() => page.frames().at(1)?.url()).toMatch(/^chrome-error:/)
  expect(await heard(page)).toEqual([])

  // Opened as a window instead, the page has no parent, and cross-origin-opener-policy cuts the handle: nobody can speak to it.
  const [opened] = await Promise.all([
    context.waitForEvent('page'),
    page.evaluate((url) => {
      const handle = window.open(`${url}/traffic-metrics?embed=1`)
      Object.assign(window, { handle })
    }, mesh.url),
  ])
  await expect(opened.getByRole('heading', { level: 1 })).toBeVisible()
  const isCut = await page.evaluate(() => {
    const { handle } = window as unknown as { handle: Window | null }
    handle?.postMessage({ meshboard: 1, type: 'theme', theme: 'dark' }, '*')
    return handle?.closed
  })
  expect(isCut).toBe(true)
  expect(await opened.evaluate(() => window.opener as unknown)).toBeNull()
  await expect(opened.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'light')
})

test('a frame of a stranger inside the listed console cannot speak in its name', async ({ page }) => {
  const frame = await openConsole(page, { path: '/traffic-metrics', token: tokenOf('owner') })
  await expect(frame.getByRole('heading', { level: 1, name: 'Traffic Metrics' })).toBeVisible()
  await page.evaluate((origin) => {
    const other = document.createElement('iframe')
    other.src = `${origin}/attack.html`
    document.body.append(other)
  }, originOf(stranger))
  await expect.poll(() => page.frames().find((each) => each.url().endsWith('/attack.html'))).toBeTruthy()
  const attacker = page.frames().find((each) => each.url().endsWith('/attack.html'))
  await attacker?.evaluate(() =>
    window.parent.frames[0]?.postMessage({ meshboard: 1, type: 'navigate', path: '/traffic-graph' }, '*'),
  )
  // A message of the console itself, sent later, is heard: the attacker's, sent before, would have been too.
  await call(page, 'setTheme', 'dark')
  await expect(frame.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expect(frame.getByRole('heading', { level: 1, name: 'Traffic Metrics' })).toBeVisible()
})

interface Wanted {
  readonly path: string
  readonly token: string
  readonly hide?: string
  /** Where Meshboard is; at its own origin's root unless told. */
  readonly root?: string
}

async function openConsole(page: Page, { path, token, hide = '', root = mesh.url }: Wanted): Promise<FrameLocator> {
  const words = new URLSearchParams({ mesh: root, path, token, hide })
  await page.goto(`${originOf(listed)}/?${words.toString()}`)
  return page.frameLocator('iframe[title=Mesh]')
}

const heard = (page: Page) =>
  page.evaluate(() => (window as unknown as { heard: { readonly [field: string]: unknown }[] }).heard)

async function lastOf(page: Page, type: string) {
  return (await heard(page)).filter((each) => each['type'] === type).at(-1)
}

/** Calls the helper in the console's page. */
function call(page: Page, name: string, ...args: readonly unknown[]): Promise<void> {
  return page.evaluate(
    ([method, values]) => {
      const { mesh: helper } = window as unknown as { mesh: Record<string, (...all: readonly unknown[]) => void> }
      helper[method]?.(...values)
    },
    [name, args] as const,
  )
}

async function serveConsole(): Promise<Server> {
  const pages: Readonly<Record<string, string>> = {
    '/': `<!doctype html><html lang="en"><title>A console</title><body style="margin:0">
      <iframe title="Mesh" style="border:0;width:1200px;height:800px"></iframe>
      <script type="module" src="./console.js"></script></body></html>`,
    '/attack.html': '<!doctype html><title>x</title>',
    '/console.js': `import { embedMeshboard } from './embed/parent.js'
      const words = new URLSearchParams(location.search)
      window.heard = []
      const keep = (type) => (value) => window.heard.push({ type, ...value })
      let token = words.get('token')
      window.mesh = embedMeshboard(document.querySelector('iframe'), {
        url: words.get('mesh'), path: words.get('path'), hide: (words.get('hide') || '').split(',').filter(Boolean),
        token: () => { window.heard.push({ type: 'needs-token' }); return token },
        onReady: () => keep('ready')({}), onNavigated: keep('navigated'), onHeight: (height) => keep('height')({ height }),
        onSelected: (selected) => keep('selected')({ selected }),
      })`,
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://console')
    void (pathname.startsWith('/embed/') ? readFile(join('dist', pathname)) : Promise.resolve(pages[pathname])).then(
      (body) => {
        const type = ['.js'].includes(extname(pathname)) ? 'text/javascript' : 'text/html'
        response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
