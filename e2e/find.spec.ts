import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'

import { demoInfo } from './start.ts'

async function open(page: Page, words: Record<string, string> = {}): Promise<void> {
  const { app } = await demoInfo()
  await page.goto(`${app}/traffic-graph?${new URLSearchParams({ refresh: 'off', ...words }).toString()}`)
  await expect(canvas(page)).toHaveAttribute('data-positions', /\d/)
}

const canvas = (page: Page) => page.getByTestId('graph-canvas')
const field = (page: Page, name: 'Find' | 'Hide') => page.getByRole('combobox', { name, exact: true })
const attribute = async (page: Page, name: string) => (await canvas(page).getAttribute(name)) ?? ''
const positions = async (page: Page) => JSON.parse(await attribute(page, 'data-positions')) as Record<string, number[]>

test('slash goes to Find; what is typed marks elements, and Enter walks through them', async ({ page }) => {
  await open(page)
  await canvas(page).click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('/')
  await expect(field(page, 'Find')).toBeFocused()
  await page.keyboard.type('namespace = bookinfo')
  await expect(page).toHaveURL(/find=namespace/)
  const status = page.getByText(/^\d+ matches$/)
  await expect(status).toBeVisible()
  const count = Number.parseInt((await status.textContent()) ?? '', 10)
  expect(count).toBeGreaterThan(3)
  await expect(canvas(page)).toHaveAttribute('data-highlighted', String(count))
  await page.keyboard.press('Enter')
  await expect(page.getByText(`1 of ${count}`)).toBeVisible()
  const first = new URL(page.url()).searchParams.get('selected')
  await page.keyboard.press('Enter')
  await expect(page.getByText(`2 of ${count}`)).toBeVisible()
  expect(new URL(page.url()).searchParams.get('selected')).not.toBe(first)
  await expect(field(page, 'Find')).toBeFocused()
})

test('hiding takes elements away without a layout, without a move, and without the camera', async ({ page }) => {
  await open(page)
  const [before, runs] = [await positions(page), await attribute(page, 'data-layout-runs')]
  const nodes = Object.keys(before).length
  await field(page, 'Hide').fill('namespace = bookinfo')
  await expect.poll(async () => Number(await attribute(page, 'data-nodes'))).toBeLessThan(nodes)
  const after = await positions(page)
  for (const [id, place] of Object.entries(after)) expect(place, id).toEqual(before[id])
  expect(await attribute(page, 'data-layout-runs')).toBe(runs)
  expect(new URL(page.url()).searchParams.get('camera')).toBeNull()
  expect(Object.keys(after).some((id) => id.includes('bookinfo'))).toBe(false)
  await field(page, 'Hide').fill('')
  await expect.poll(async () => await positions(page)).toEqual(before)
  expect(await attribute(page, 'data-layout-runs')).toBe(runs)
})

test('find and hide are in the address: another window shows the same', async ({ page, context }) => {
  await open(page, { find: '!healthy', hide: 'namespace = bookinfo' })
  await expect(page.getByText(/hidden$/)).toBeVisible()
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(field(other, 'Find')).toHaveValue('!healthy')
  await expect(canvas(other)).toHaveAttribute('data-nodes', await attribute(page, 'data-nodes'))
})

test('words complete by keyboard alone, with the values of this graph', async ({ page }) => {
  await open(page)
  await field(page, 'Find').focus()
  await page.keyboard.type('names')
  await expect(page.getByRole('option').first()).toHaveText(/^namespace/)
  await page.keyboard.press('Tab')
  await page.keyboard.type('= book')
  await expect(page.getByRole('option', { name: 'bookinfo' })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(field(page, 'Find')).toHaveValue('namespace = bookinfo')
})

test('a mistake is shown at its place, in words', async ({ page }) => {
  await open(page, { find: 'namespace = bookinfo error > 1' })
  await expect(page.getByText(/Expected and, or, or the end .* not “error”/)).toBeVisible()
  await expect(field(page, 'Find')).toHaveAttribute('aria-invalid', 'true')
})

test('response times are offered where an expression asks for them, and then found', async ({ page }) => {
  await open(page, { find: 'rt > 1us' })
  await expect(page.getByText('0 matches')).toBeVisible()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText(/^[1-9]\d* matches$/)).toBeVisible()
  await expect(page).toHaveURL(/labels=.*responseTime/)
})

test('the table marks what is found and leaves out what is hidden', async ({ page }) => {
  const { app } = await demoInfo()
  await page.goto(`${app}/traffic-graph?view=table&refresh=off&find=app+%3D+reviews&hide=namespace+%3D+shop-core`)
  const nodes = page.getByRole('table', { name: /^Nodes/ })
  await expect(nodes.locator('tr[data-found="true"]').first()).toContainText('reviews')
  await expect(nodes.getByRole('cell', { name: 'shop-core', exact: true })).toHaveCount(0)
})

for (const scheme of ['light', 'dark'] as const) {
  test(`the bar, its list, its error and its help have no accessibility violations (${scheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme })
    await open(page)
    const audit = async () =>
      (await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze()).violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
      )
    await field(page, 'Find').focus()
    await page.keyboard.type('he')
    await page.keyboard.press('ArrowDown')
    await expect(page.getByRole('listbox')).toBeVisible()
    expect(await audit()).toEqual([])
    await field(page, 'Find').fill('healthy = yes')
    await page.keyboard.press('Escape')
    await expect(page.getByText(/is either so or not/)).toBeVisible()
    expect(await audit()).toEqual([])
    await field(page, 'Find').fill('')
    await page.getByRole('button', { name: 'How to find and hide' }).click()
    await expect(page.getByText('Where this differs from Kiali')).toBeVisible()
    expect(await audit()).toEqual([])
  })
}
