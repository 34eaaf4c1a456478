import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, type CDPSession, chromium as playwright, type Page } from '@playwright/test'

import { chromium } from '../e2e/chromium.ts'
import { windowSeconds } from './fill.ts'
import type { ServedMesh } from './serve.ts'
import { median, medians } from './stats.ts'

/** The graph page as a person opens it, at one size. Milliseconds unless the name says otherwise; NaN where it never came to that. */
export interface PageFigures {
  /** Of nodes and edges as drawn. */
  readonly nodes: number
  readonly edges: number
  readonly firstPaint: number
  /** From the last answer's arrival to drawn names. */
  readonly readable: number
  /** The main thread's longest task since the data arrived. */
  readonly longestTask: number
  /** What the main thread does for one hover, one click on a node, one refresh that changes nothing. */
  readonly hover: number
  readonly click: number
  readonly refresh: number
  /** What the main thread does for one step of the wheel. */
  readonly zoom: number
  /** Frames while the graph is dragged about; the screen gives 60. */
  readonly framesPerSecond: number
  readonly heapMegabytes: number
  readonly requestsToOpen: number
  readonly kilobytesToOpen: number
  readonly requestsToRefresh: number
}

export interface Browsing {
  readonly measure: (served: ServedMesh, runs: number, query?: string) => Promise<PageFigures>
  readonly close: () => Promise<void>
}

const switches = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update']

/** Starts a browser without a screen, which draws by software. */
export async function openBrowser(): Promise<Browsing> {
  const browser = await playwright.launch({ executablePath: chromium(), args: switches })
  return {
    measure: (served, runs, query = '') => medians(runs, () => measureOnce(browser, served, query)),
    close: () => browser.close(),
  }
}

/** Sets the page's clock to the mesh's own instant, from which on it runs, and keeps what `measureOnce` asks for. */
const witness = (at: number) => `(() => {
  const real = Date.now.bind(Date)
  const start = real()
  Date.now = () => ${at} * 1000 + real() - start
  const seen = (window.benchSeen = { tasks: [], readable: undefined })
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.tasks.push({ startTime, duration })
  }).observe({ type: 'longtask', buffered: true })
  const look = () => {
    const canvas = document.querySelector('[data-testid=graph-canvas]')
    if (canvas === null || !(Number(canvas.dataset.nodes) > 0)) return requestAnimationFrame(look)
    requestAnimationFrame(() => requestAnimationFrame(() => (seen.readable = performance.now())))
  }
  requestAnimationFrame(look)
})()`

const opening = `(() => {
  const { tasks, readable } = window.benchSeen
  const canvas = document.querySelector('[data-testid=graph-canvas]')
  const resources = performance.getEntriesByType('resource')
  const arrived = Math.max(...resources.filter(({ name }) => /\\/telemetry\\/(requests|tcp|mtls)/.test(name)).map(({ responseEnd }) => responseEnd))
  const after = tasks.filter(({ startTime, duration }) => startTime + duration > arrived)
  return {
    nodes: Number(canvas?.dataset.nodes ?? NaN),
    edges: Number(canvas?.dataset.edges ?? NaN),
    firstPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    readable: (readable ?? NaN) - arrived,
    longestTask: Math.max(0, ...after.map(({ duration }) => duration)),
    requestsToOpen: resources.length,
    kilobytesToOpen: resources.reduce((sum, { transferSize }) => sum + transferSize, 0) / 1000,
  }
})()`

type Opening = Omit<
  PageFigures,
  'hover' | 'click' | 'refresh' | 'zoom' | 'framesPerSecond' | 'heapMegabytes' | 'requestsToRefresh'
>

const readableWithinMs = 60_000

async function measureOnce(browser: Browser, served: ServedMesh, query: string): Promise<PageFigures> {
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } })
  try {
    const page = await context.newPage()
    await page.addInitScript({ content: witness(served.to) })
    const cdp = await context.newCDPSession(page)
    // Processor time of the main thread: what else runs on the machine does not count.
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.goto(`${served.app}/traffic-graph?window=${windowSeconds}s&refresh=off${query}`)
    await until(page, 'window.benchSeen.readable !== undefined')
    // Then until the main thread had no long task for a second and a half.
    await until(
      page,
      `performance.now() - Math.max(0, ...window.benchSeen.tasks.map((task) => task.startTime + task.duration)) > 1500`,
    )
    const opened = await page.evaluate<Opening>(opening)
    const work = await workMeter(cdp)

    const place = await somethingToHover(page)
    const hovers: number[] = []
    for (let turn = 0; turn < 4 && place !== undefined; turn++) {
      await page.mouse.move(place.emptyX, place.emptyY)
      await sleep(150)
      hovers.push(await work(() => page.mouse.move(place.x, place.y), 250))
    }
    if (place !== undefined) await page.mouse.move(place.emptyX, place.emptyY)

    let requestsToRefresh = 0
    page.on('request', () => requestsToRefresh++)
    // Pressed by its place: looking a button up by its name is work of the page's main thread too, and not the page's.
    const button = await page.getByRole('button', { name: 'Refresh now' }).boundingBox()
    const [buttonX, buttonY] = [
      (button?.x ?? 0) + (button?.width ?? 0) / 2,
      (button?.y ?? 0) + (button?.height ?? 0) / 2,
    ]
    await page.mouse.move(buttonX, buttonY)
    await sleep(500)
    const refresh = await work(() => page.mouse.click(buttonX, buttonY), 2500)
    const asked = requestsToRefresh

    await cdp.send('HeapProfiler.collectGarbage')
    const { usedSize } = await cdp.send('Runtime.getHeapUsage')
    const click = place === undefined ? Number.NaN : await work(() => page.mouse.click(place.x, place.y), 1000)
    const box = await page.getByTestId('graph-canvas').boundingBox()
    const [midX, midY] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2]
    await page.keyboard.press('Escape')
    await page.mouse.move(midX, midY)
    const wheel = async () => {
      for (let turn = 0; turn < wheelSteps; turn++) await page.mouse.wheel(0, turn % 2 === 0 ? -120 : 120)
    }
    const zoom = (await work(wheel, 1000)) / wheelSteps
    return {
      ...opened,
      hover: median(hovers) ?? Number.NaN,
      click,
      refresh,
      zoom,
      framesPerSecond: await framesWhileDragged(page, place?.emptyX ?? midX, place?.emptyY ?? midY),
      heapMegabytes: usedSize / 1e6,
      requestsToRefresh: asked,
    }
  } finally {
    await context.close()
  }
}

const wheelSteps = 10

/** Drags the empty ground about for two seconds and counts the frames the page got to draw. */
async function framesWhileDragged(page: Page, x: number, y: number): Promise<number> {
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.evaluate(`(() => {
    window.benchFrames = { count: 0, since: performance.now() }
    const tick = () => { window.benchFrames.count++; window.benchRaf = requestAnimationFrame(tick) }
    tick()
  })()`)
  const end = Date.now() + 2000
  for (let turn = 0; Date.now() < end; turn++)
    await page.mouse.move(x - 150 + 150 * Math.cos(turn / 8), y + 150 + 150 * Math.sin(turn / 8))
  const frames = await page.evaluate<number>(`(() => {
    cancelAnimationFrame(window.benchRaf)
    return (window.benchFrames.count / (performance.now() - window.benchFrames.since)) * 1000
  })()`)
  await page.mouse.up()
  return frames
}

/** Waits until the page says so, or as long as anybody would. The page's own rules forbid it to evaluate text: it is asked from outside. */
async function until(page: Page, condition: string): Promise<void> {
  const late = Date.now() + readableWithinMs
  while (Date.now() < late && !(await page.evaluate<boolean>(condition))) await sleep(150)
}

/** How long the main thread worked for an action and in the `forMs` after it, less what it does in that time anyway. */
async function workMeter(cdp: CDPSession) {
  const worked = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000
  }
  const start = await worked()
  await sleep(1000)
  const idlePerMs = ((await worked()) - start) / 1000
  return async (action: () => Promise<unknown>, forMs: number) => {
    const before = await worked()
    await action()
    await sleep(forMs)
    return Math.max(0, (await worked()) - before - idlePerMs * forMs)
  }
}

interface Place {
  readonly x: number
  readonly y: number
  readonly emptyX: number
  readonly emptyY: number
}

/** A point where the pointer meets something, and one where it does not: looked for from the middle of the canvas outwards. */
async function somethingToHover(page: Page): Promise<Place | undefined> {
  const box = await page.getByTestId('graph-canvas').boundingBox()
  if (box === null) return undefined
  const [emptyX, emptyY] = [box.x + box.width - 4, box.y + 4]
  for (let turn = 0; turn < 600; turn++) {
    const [angle, reach] = [turn * 2.4, 9 * Math.sqrt(turn)]
    const x = Math.round(box.x + box.width / 2 + reach * Math.cos(angle))
    const y = Math.round(box.y + box.height / 2 + reach * Math.sin(angle))
    await page.mouse.move(x, y)
    const isOver = await page.evaluate<boolean>(
      `document.querySelector('[role=application]')?.style.cursor === 'pointer'`,
    )
    if (isOver) return { x, y, emptyX, emptyY }
  }
  return undefined
}
