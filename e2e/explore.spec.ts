import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'

import { demoInfo } from './start.ts'

test('an owner completes an expression, sees it drawn and listed, and comes from a panel with its PromQL', async ({
  page,
}) => {
  const { app, prometheus } = await demoInfo()
  await page.goto(`${app}/explore?window=15m&refresh=off`)
  const editor = page.getByRole('textbox', { name: 'PromQL expression' })
  await editor.click()
  await page.keyboard.type('istio_requests_to')
  const completion = page.getByRole('option', { name: /istio_requests_total/ })
  await expect(completion.first()).toBeVisible({ timeout: 30_000 })
  await completion.first().click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Home')
  await page.keyboard.type('sum by (reporter) (rate(')
  await page.keyboard.press('End')
  await page.keyboard.type('[1m]))')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Run' }).click()
  await expect(page).toHaveURL(/q=sum/)
  await expect(page.getByRole('region', { name: 'Chart' }).getByText(/^3 series in/)).toBeVisible({ timeout: 30_000 })

  await page.getByText('Table', { exact: true }).click()
  const table = page.getByRole('table')
  await expect(table.getByRole('row')).toHaveCount(4)
  const promql = new URL(page.url()).searchParams.get('q') ?? ''
  const direct = (await (
    await fetch(`${prometheus}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query: promql }) })
  ).json()) as { readonly data: { readonly result: readonly { readonly metric: { readonly reporter: string } }[] } }
  const reporters = direct.data.result.map(({ metric }) => metric.reporter).sort()
  const shown = await table.getByRole('cell').allTextContents()
  expect(shown.filter((_, index) => index % 2 === 0).sort()).toEqual(reporters)

  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations).toEqual([])

  await page.goto(`${app}/traffic-metrics?window=15m&refresh=off&namespaces=bookinfo`)
  await page.getByRole('button', { name: 'More for Request Volume' }).click()
  await page.getByRole('menuitem', { name: 'PromQL' }).click()
  await page.getByRole('link', { name: 'Open in Explore' }).first().click()
  await expect(page).toHaveURL(/\/explore\?.*q=/)
  await expect(editor).toContainText('istio_requests_total')
  await expect(page.getByTestId(/^legend-/).first()).toHaveText(/\d/, { timeout: 30_000 })
})
