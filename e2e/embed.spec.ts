import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

import AxeBuilder from '@axe-core/playwright'
import { expect, test, type FrameLocator, type Page } from '@playwright/test'

import { meshboardToken, personas } from '../src/demo/cluster/personas.ts'
import { startProxy, type RunningProxy } from '../src/proxy/serve.ts'
import { demoInfo } from './start.ts'

/** A console on an origin of its own (another port is another origin): a page with the iframe and the helper `meshboard/embed`. */
let listed: Server
let stranger: Server
let mesh: RunningProxy

const tokenOf = (id: string) => personas.find((persona) => persona.id === id)?.token ?? ''

test.beforeAll(async () => {
  const { prometheus, cluster } = await demoInfo()
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
      },
    ],
    // A revoked token is noticed at once.
    limits: { reviewSeconds: 0 },
  })
})

test.afterAll(async () => {
  await mesh.close()
  for (const server of [listed, stranger]) {
    server.closeAllConnections()
    server.close()
  }
})

for (const [page, title] of [
  ['/traffic-graph', 'Traffic Graph'],
  ['/traffic-metrics', 'Traffic Metrics'],
] as const) {
  test(`an owner's console shows ${title} without header and navigation, and with its own choice of bar`, async ({
    page: browser,
  }) => {
    const frame = await openConsole(browser, { path: page, token: tokenOf('owner'), hide: 'refresh,open' })
    await expect(frame.getByRole('heading', { level: 1, name: title })).toBeVisible()
    await expect(frame.getByRole('navigation', { name: 'Main' })).toHaveCount(0)
    await expect(frame.getByRole('button', { name: /^Namespaces and projects/ })).toBeVisible()
    await expect(frame.getByRole('button', { name: /^Time window/ })).toBeVisible()
    await expect(frame.getByRole('button', { name: /^Refresh/ })).toHaveCount(0)
    await expect.poll(async () => (await heard(browser)).some(({ type }) => type === 'height')).toBe(true)
    const found = await new AxeBuilder({ page: browser }).include('iframe').analyze()
    expect(found.violations).toEqual([])
  })
}

test('the console changes theme, scope, window and page, and is told where the viewer is and what is selected', async ({
  page,
}) => {
  const frame = await openConsole(page, { path: '/traffic-graph', token: tokenOf('owner') })
  const canvas = frame.getByTestId('graph-canvas')
  await expect(canvas).toHaveAttribute('data-positions', /\d/)

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

  // Opened as a window instead, the page has no parent and hears nobody.
  const [opened] = await Promise.all([
    context.waitForEvent('page'),
    page.evaluate((url) => void window.open(`${url}/traffic-metrics?embed=1`), mesh.url),
  ])
  await opened.waitForLoadState()
  await page.evaluate(() => {
    for (let at = 0; at < window.length; at += 1)
      window[at]?.postMessage({ meshboard: 1, type: 'theme', theme: 'dark' }, '*')
  })
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
}

async function openConsole(page: Page, { path, token, hide = '' }: Wanted): Promise<FrameLocator> {
  const words = new URLSearchParams({ mesh: mesh.url, path, token, hide })
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

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
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
