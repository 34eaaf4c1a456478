import { expect, type Page } from '@playwright/test'

import { growMesh, type Mesh, type MeshRecipe } from '../bench/mesh.ts'
import { type ServedMesh, serveMesh } from '../bench/serve.ts'

/** Grows a mesh, serves it from a Prometheus of its own for as long as the journey lasts, and ends both. */
export async function withMesh(
  recipe: MeshRecipe,
  journey: (mesh: Mesh, served: ServedMesh) => Promise<void>,
): Promise<void> {
  const mesh = growMesh(recipe)
  const served = await serveMesh(mesh, { hasDurations: false })
  try {
    await journey(mesh, served)
  } finally {
    await served.stop()
  }
}

/** Opens the traffic graph at the mesh's own instant, from which on the page's clock runs, and waits until it is drawn. */
export async function openMesh(page: Page, { app, to }: ServedMesh, query = ''): Promise<void> {
  await page.addInitScript((at) => {
    const real = Date.now.bind(Date)
    const start = real()
    Date.now = () => at * 1000 + real() - start
  }, to)
  await page.goto(`${app}/traffic-graph?window=5m&refresh=off${query}`)
  // A busy machine takes its time for thousands of series.
  await expect(canvas(page)).toHaveAttribute('data-positions', /\d/, { timeout: 60_000 })
  await expect(surface(page)).toHaveAttribute('data-labels', /\w/)
  // What is written settles once all elements and the fonts are there.
  await expect
    .poll(async () => {
      const before = await surface(page).getAttribute('data-labels')
      await page.waitForTimeout(700)
      return (await surface(page).getAttribute('data-labels')) === before
    })
    .toBe(true)
}

export const canvas = (page: Page) => page.getByTestId('graph-canvas')
const surface = (page: Page) => canvas(page).locator('[role=application]')

/** The names that can be read on the canvas, whole and inside the view, with their sizes in CSS pixels. */
export async function readable(page: Page): Promise<ReadonlyMap<string, number>> {
  const text = (await surface(page).getAttribute('data-labels')) ?? '{}'
  return new Map(Object.entries(JSON.parse(text) as Record<string, number>))
}

/** Bytes of JavaScript objects that are still needed. */
export async function heapOf(page: Page): Promise<number> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  await cdp.detach()
  return usedSize
}
