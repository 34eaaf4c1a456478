import { expect, test, type Page } from '@playwright/test'

import { demoInfo } from './start.ts'

async function open(page: Page, query = ''): Promise<void> {
  const { app } = await demoInfo()
  await page.goto(`${app}/traffic-graph${query}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Traffic Graph' })).toBeVisible()
}

const canvas = (page: Page) => page.getByTestId('graph-canvas')
const drawn = (page: Page) => expect(canvas(page)).toHaveAttribute('data-positions', /\d/)

/** Opens a node of the table by its name and says its id. */
async function select(page: Page, name: string): Promise<string> {
  const row = page
    .getByRole('table', { name: /^Nodes/ })
    .getByRole('row')
    .filter({ has: page.getByRole('button', { name, exact: true }) })
  await row.getByRole('button', { name, exact: true }).click()
  await expect(page).toHaveURL(/selected=/)
  return new URL(page.url()).searchParams.get('selected') ?? ''
}

test('two instants chosen in the header go to the address in UTC, to other pages too, and stand still', async ({
  page,
}) => {
  await open(page)
  const text = (at: number) => new Date(at).toISOString().slice(0, 19)
  const end = Math.floor(Date.now() / 60_000 - 5) * 60_000
  await page.getByRole('button', { name: /^Time window/ }).click()
  await page.getByRole('menuitem', { name: 'From … to …' }).click()
  const form = page.getByRole('dialog', { name: 'Between two instants' })
  await form.getByText('UTC', { exact: true }).click()
  await form.getByLabel('From').fill(text(end))
  await form.getByLabel('To').fill(text(end - 600_000))
  await form.getByRole('button', { name: 'Show this time' }).click()
  await expect(form.getByRole('alert')).toHaveText('The end must be later than the start.')
  await form.getByLabel('From').fill(text(end - 600_000))
  await form.getByLabel('To').fill(text(end))
  await form.getByRole('button', { name: 'Show this time' }).click()
  const written = `from=${text(end - 600_000)}Z&to=${text(end)}Z`
  await expect.poll(() => decodeURIComponent(page.url())).toContain(written)
  await drawn(page)
  await expect(page.getByRole('button', { name: 'Refresh now' })).toBeDisabled()
  await page.getByRole('link', { name: 'Traffic Metrics', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Traffic Metrics' })).toBeVisible()
  expect(decodeURIComponent(page.url())).toContain(written)
  await expect(page.getByRole('button', { name: /^Time window: .*UTC$/ })).toBeVisible()
})

test('every control is in the address: a copied link shows another browser the same, camera, selection and groups included', async ({
  page,
  context,
  browser,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await open(page, '?refresh=off&collapsed=box/namespace/Kubernetes/shop-web')
  await drawn(page)
  const pick = async (menu: RegExp, role: 'menuitemradio' | 'menuitemcheckbox', item: string) => {
    await page.getByRole('button', { name: menu }).click()
    await page.getByRole(role, { name: item, exact: true }).click()
    await page.keyboard.press('Escape')
  }
  await pick(/^Graph:/, 'menuitemradio', 'Workload')
  await pick(/^Protocols:/, 'menuitemcheckbox', 'TCP')
  await pick(/^Edge labels:/, 'menuitemcheckbox', 'Share of the caller’s traffic')
  await pick(/^Display:/, 'menuitemcheckbox', 'Service nodes')
  await pick(/^Display:/, 'menuitemcheckbox', 'Operation nodes')
  await expect(canvas(page)).toHaveAttribute('data-positions', /"operation\/[^"]*\/bookinfo\/reviews\/ListReviews"/)
  await pick(/^Protocols:/, 'menuitemradio', 'Messages both ways')
  await pick(/^Display:/, 'menuitemcheckbox', 'Idle nodes')
  await pick(/^Display:/, 'menuitemcheckbox', 'Routing rules')
  await pick(/^Display:/, 'menuitemcheckbox', 'Traffic in motion')
  await pick(/^Display:/, 'menuitemradio', 'Rings around the busiest')
  await pick(/^Time window:/, 'menuitemradio', 'Last 10 minutes')
  await page.getByRole('combobox', { name: 'Find', exact: true }).fill('namespace = bookinfo')
  await page.getByRole('combobox', { name: 'Hide', exact: true }).fill('namespace = travel')
  await expect(page).toHaveURL(/hide=/)
  await expect(page.getByText(/^\d+ matches$/)).toBeVisible()
  await expect(canvas(page)).toHaveAttribute('data-folded', '1')
  const surface = (of: Page) => canvas(of).getByRole('application')
  await surface(page).focus()
  for (const key of ['ArrowRight', 'ArrowRight', 'Enter', '+', '+']) await page.keyboard.press(key)
  await expect(page).toHaveURL(/selected=/)
  await expect(page).toHaveURL(/camera=/)
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'Copy link' }).click()
  await expect(page.getByText(/copied/i)).toBeVisible()
  const url = new URL(await page.evaluate(() => navigator.clipboard.readText()))
  expect([...url.searchParams.keys()].sort()).toEqual(
    [
      'animation',
      'badges',
      'camera',
      'centre',
      'collapsed',
      'find',
      'graphType',
      'grpc',
      'hide',
      'idle',
      'labels',
      'layout',
      'protocols',
      'refresh',
    ]
      .concat('operations', 'selected', 'serviceNodes', 'window')
      .sort(),
  )
  await expect(canvas(page)).toHaveAttribute('data-motion', 'moving')
  await drawn(page)

  const elsewhere = await browser.newContext()
  const other = await elsewhere.newPage()
  await other.emulateMedia({ reducedMotion: 'reduce' })
  await other.goto(url.href)
  await drawn(other)
  await expect(canvas(other), 'less motion is asked for').toHaveAttribute('data-motion', 'still')
  const places = async (of: Page) => JSON.parse((await canvas(of).getAttribute('data-positions')) ?? '{}') as object
  await expect.poll(() => places(other), 'the same picture').toEqual(await places(page))
  const written = async (of: Page) =>
    Object.keys(JSON.parse((await surface(of).getAttribute('data-labels')) ?? '{}') as object)
  const here = await written(page)
  // The address rounds the zoom: a name at the very edge may differ.
  const shared = async () => (await written(other)).filter((name) => here.includes(name)).length / here.length
  await expect.poll(shared, 'the same camera').toBeGreaterThan(0.9)
  await expect(canvas(other)).toHaveAttribute('data-folded', '1')
  const details = await page.getByRole('complementary', { name: /^Details of/ }).getAttribute('aria-label')
  await expect(other.getByRole('complementary', { name: details ?? '', exact: true })).toBeVisible()
  for (const name of [
    'Graph: Workload',
    'Protocols: HTTP, gRPC messages',
    'Edge labels: Rate, Share',
    'Time window: Last 10 minutes',
    'Refresh interval: Off',
  ]) {
    await expect(other.getByRole('button', { name })).toBeVisible()
  }
  await expect(other.getByRole('combobox', { name: 'Find', exact: true })).toHaveValue('namespace = bookinfo')
  await expect(other.getByRole('combobox', { name: 'Hide', exact: true })).toHaveValue('namespace = travel')
  await expect(other.getByText(/^\d+ matches$/)).toBeVisible()
  await elsewhere.close()

  const narrow = (await canvas(page).boundingBox())?.width ?? 0
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'Full screen', exact: true }).click()
  await expect.poll(async () => (await canvas(page).boundingBox())?.width).toBeGreaterThan(narrow + 200)
  // Menus are within reach there.
  await pick(/^Graph:/, 'menuitemradio', 'App')
  await expect(page).toHaveURL(/graphType=app/)
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'Leave full screen' }).click()
  await expect.poll(async () => (await canvas(page).boundingBox())?.width).toBe(narrow)
})

test('one and its neighbours: somebody stands in the middle, a double click on another goes on there', async ({
  page,
}) => {
  await open(page, '?refresh=off')
  await drawn(page)
  const whole = Number(await canvas(page).getAttribute('data-nodes'))
  await page.getByRole('button', { name: /^Display:/ }).click()
  await page.getByRole('menuitemradio', { name: 'One and its neighbours' }).click()
  await expect(page).toHaveURL(/layout=octopus/)
  await expect(page).toHaveURL(/focus=/)
  await expect.poll(async () => Number(await canvas(page).getAttribute('data-nodes'))).toBeLessThan(whole)
  const first = new URL(page.url()).searchParams.get('focus')
  await drawn(page)
  const at = JSON.parse((await canvas(page).getAttribute('data-positions')) ?? '{}') as Record<string, [number, number]>
  expect(at[first ?? '']).toEqual([0, 0])
  const surface = canvas(page).getByRole('application')
  await surface.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('f')
  await expect(page).toHaveURL(/focus=[^&]+(%2C|,)/)
  await page.goBack()
  expect(new URL(page.url()).searchParams.get('focus')).toBe(first)
})

test('the ways between two nodes, and a named view that leads back to them', async ({ page }) => {
  await open(page, '?view=table&namespaces=bookinfo,istio-ingress')
  const from = await select(page, 'istio-ingressgateway latest')
  const to = await select(page, 'mongodb v1')
  await open(page, `?namespaces=bookinfo,istio-ingress&pathFrom=${from}&pathTo=${to}`)
  await drawn(page)
  const bar = page.getByRole('navigation', { name: 'Paths between two' })
  await expect(bar.getByRole('status')).toHaveText(/^\d+ of \d+ nodes$/)
  const places = JSON.parse((await canvas(page).getAttribute('data-positions')) ?? '{}') as Record<string, unknown>
  const names = Object.keys(places)
  expect(names).toEqual(expect.arrayContaining([from, to]))
  expect(names.some((id) => id.includes('ratings'))).toBe(true)
  expect(names.some((id) => id.includes('details'))).toBe(false)

  await page.getByRole('button', { name: 'Views', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name of what is shown now' }).fill('Way to the database')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await open(page)
  await page.getByRole('button', { name: 'Views', exact: true }).click()
  await page.getByRole('link', { name: 'Way to the database' }).click()
  await expect(bar.getByRole('status')).toHaveText(/^\d+ of \d+ nodes$/)
  expect(new URL(page.url()).searchParams.get('pathTo')).toBe(to)
})

test('a number’s PromQL gives that number; hosts, identities and throughput are told', async ({ page }) => {
  const { prometheus } = await demoInfo()
  await open(page, '?view=table&namespaces=bookinfo&refresh=off')
  await select(page, 'productpage v1')
  const panel = page.getByRole('complementary', { name: /productpage/ })
  await expect(panel.getByRole('img', { name: /^Throughput over the window/ })).toBeVisible()
  await expect(panel.getByText('productpage.bookinfo.svc.cluster.local')).toBeVisible()
  await expect(panel.getByText(/^spiffe:\/\/.*productpage/).first()).toBeVisible()
  await panel.getByRole('button', { name: 'PromQL of Throughput' }).click()
  const asked = page.getByRole('dialog', { name: 'PromQL of Throughput' })
  const promql = (await asked.locator('pre').first().textContent()) ?? ''
  expect(promql).toContain('istio_request_bytes_sum')
  const answer = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(promql)}`)
  const { status, data } = (await answer.json()) as { status: string; data: { result: readonly unknown[] } }
  expect(status).toBe('success')
  expect(data.result.length).toBeGreaterThan(0)
})

test('on a phone the worst come first with their reasons, and nothing is beside the screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page, '?window=1h')
  const list = page.getByRole('region', { name: 'Worst first' })
  await expect(list.getByRole('listitem').first()).toContainText(/failed|replicas|refused/)
  await expect(canvas(page)).toBeAttached()
  const [listBox, graphBox] = [await list.boundingBox(), await canvas(page).boundingBox()]
  expect((listBox?.y ?? 0) + (listBox?.height ?? 0)).toBeLessThanOrEqual((graphBox?.y ?? 0) + 1)
  for (const field of [
    page.getByRole('combobox', { name: 'Find', exact: true }),
    page.getByRole('combobox', { name: 'Hide', exact: true }),
    page.getByRole('button', { name: 'How to find and hide' }),
  ]) {
    const box = await field.boundingBox()
    expect(box?.x ?? -1).toBeGreaterThanOrEqual(0)
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(390)
  }
  await list.getByRole('button').first().click()
  await expect(page).toHaveURL(/selected=/)
  await expect(page.getByRole('button', { name: 'Close the details' })).toBeInViewport()
})
