import { expect, test } from '@playwright/test'

import type { FaultKind } from '../bench/faults.ts'
import { canvas, heapOf, openMesh, readable, withMesh } from './bigMesh.ts'

/** Nothing on the screen is written smaller (CSS pixels). */
const smallestLegible = 11
/** More nodes than about this many are grouped; a few in trouble may stand beside the groups. */
const mostDrawn = 220

const fiveHundred = { seed: 500, workloads: 500 }

test('a mesh of 500 workloads opens grouped, with names that can be read', async ({ page }) => {
  await withMesh(fiveHundred, async (_, served) => {
    await openMesh(page, served)
    const drawn = Number(await canvas(page).getAttribute('data-nodes'))
    const names = await readable(page)
    expect(drawn).toBeGreaterThan(0)
    expect.soft(drawn, 'nodes drawn').toBeLessThanOrEqual(mostDrawn)
    expect.soft(names.size / drawn, 'names that can be read, for each node drawn').toBeGreaterThan(0.75)
    expect.soft(Math.min(...names.values())).toBeGreaterThanOrEqual(smallestLegible)
    await expect
      .soft(page.getByText(/folded|grouped/i).first(), 'what was folded is said')
      .toBeVisible({ timeout: 3000 })
  })
})

test('200 workloads seen whole are plates with their namespaces’ names; nearer come the workloads; nothing is laid out anew', async ({
  page,
}) => {
  const mesh = { seed: 9104, workloads: 200, fault: 'errors' } as const
  await withMesh(mesh, async ({ workloads, fault }, served) => {
    await openMesh(page, served)
    const surface = canvas(page).getByRole('application')
    await expect(surface).toHaveAttribute('data-level', 'namespaces')
    const names = await readable(page)
    // One workload alone is no plate but itself.
    const plated = workloads.filter(({ namespace }) => namespace !== 'istio-system')
    for (const namespace of new Set(plated.map((each) => each.namespace))) {
      expect
        .soft(names.get(namespace) ?? 0, `size at which "${namespace}" is written`)
        .toBeGreaterThanOrEqual(smallestLegible)
    }
    expect(names.get(fault?.culprit.app ?? ''), 'what fails is not folded away').toBeGreaterThanOrEqual(smallestLegible)

    const runs = await canvas(page).getAttribute('data-layout-runs')
    const positions = await canvas(page).getAttribute('data-positions')
    const box = await surface.boundingBox()
    if (box === null) throw new Error('the canvas has no place')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 3)
    await surface.focus()
    for (let turn = 0; turn < 6; turn++) await page.keyboard.press('+')
    await expect(surface).toHaveAttribute('data-level', 'all')
    await page.keyboard.press('0')
    await expect(surface).toHaveAttribute('data-level', 'namespaces')
    expect(await canvas(page).getAttribute('data-layout-runs')).toBe(runs)
    expect(await canvas(page).getAttribute('data-positions')).toBe(positions)
  })
})

test('ten refreshes move no node of 500 workloads and do not grow the heap', async ({ page }) => {
  test.setTimeout(240_000)
  // As long as the page keeps the answers of earlier instants, and a little more.
  const forgottenAfterMs = 33_000
  await withMesh(fiveHundred, async (_, served) => {
    await openMesh(page, served)
    const picture = async () => ({
      positions: await canvas(page).getAttribute('data-positions'),
      layoutRuns: await canvas(page).getAttribute('data-layout-runs'),
      nodes: await canvas(page).getAttribute('data-nodes'),
      edges: await canvas(page).getAttribute('data-edges'),
      names: [...(await readable(page))],
    })
    const refresh = async () => {
      const answered = page.waitForResponse((response) => response.url().includes('/telemetry/mtls'))
      await page.getByRole('button', { name: 'Refresh now' }).click()
      expect((await answered).ok()).toBe(true)
      await page.waitForTimeout(1200)
    }
    // What is made once (compiled code, measured texts) is there after two; a leak would go on.
    for (let turn = 0; turn < 2; turn++) await refresh()
    await page.waitForTimeout(forgottenAfterMs)
    const heapBefore = await heapOf(page)
    const before = await picture()
    const asOf = page.getByText(/nodes, .* as of \d\d:\d\d:\d\d/)
    const first = await asOf.textContent()
    for (let turn = 0; turn < 10; turn++) {
      await refresh()
      expect(await picture(), `after refresh ${turn + 1}`).toEqual(before)
    }
    await expect(asOf).not.toHaveText(first ?? '')
    await page.waitForTimeout(forgottenAfterMs)
    expect((await heapOf(page)) / heapBefore, 'heap after ten refreshes, for each byte before').toBeLessThan(1.1)
  })
})

const planted: readonly (readonly [workloads: number, fault: FaultKind])[] = [
  [50, 'unreachable'],
  [80, 'slow'],
  [120, 'grpc-unavailable'],
  [150, 'denied'],
  [200, 'errors'],
  [250, 'reset'],
  [300, 'no-healthy-upstream'],
  [350, 'grpc-deadline'],
  [420, 'circuit-open'],
  [500, 'rate-limited'],
]

for (const [index, [workloads, kind]] of planted.entries()) {
  test(`among ${workloads} workloads, the one with the fault "${kind}" is read without a click, its cause after two`, async ({
    page,
  }) => {
    await withMesh({ seed: 9100 + index, workloads, fault: kind }, async ({ fault }, served) => {
      if (fault === undefined) throw new Error('no fault was planted')
      const { culprit, code, flags } = fault
      await openMesh(page, served)
      const size = (await readable(page)).get(culprit.app)
      expect.soft(size ?? 0, `size at which "${culprit.app}" is written`).toBeGreaterThanOrEqual(smallestLegible)

      const panel = page.getByRole('complementary', { name: /^Details of/ })
      if (!(await panel.isVisible())) await page.getByRole('button', { name: 'Details', exact: true }).click()
      await panel
        .getByRole('button', { name: new RegExp(`^(\\w+ )?${culprit.app}\\b[^→]*$`) })
        .first()
        .click()
      await expect(panel.getByRole('heading', { level: 2 })).toContainText(culprit.app)
      await expect(panel).toContainText(new RegExp(`\\b${code}\\b`))
      if (flags !== undefined) await expect(panel).toContainText(new RegExp(`\\b${flags}\\b`))
    })
  })
}
