// What a page of metrics panels costs the browser: `node bench/panels.mjs http://127.0.0.1:8080`, a running demo.
// The refresh is measured on made-up answers (ten services and the rest in every panel, 200 steps, the most a panel asks for), in CPU time
// of the main thread, which other work on the machine does not lengthen; the load at 7 d on the demo's own.
import { chromium } from '@playwright/test'

const [app = 'http://127.0.0.1:8080'] = process.argv.slice(2)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
})
const duration = (page) => page.getByRole('region', { name: 'Request Duration' }).getByRole('slider')

console.log('one refresh of Detail every 5 s, for 30 s:', await refreshes())
for (const level of ['summary', 'detail']) console.log(`one load at 7 d, ${level}:`, await load(level))
await browser.close()

async function refreshes() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.route('**/telemetry/**', (route) => route.fulfill({ json: madeUp(new URL(route.request().url())) }))
  await page.goto(`${app}/traffic-metrics?level=detail&window=50m&refresh=5s`)
  await duration(page).waitFor({ timeout: 120_000 })
  await page.waitForTimeout(3000)
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] })
  await page.waitForTimeout(30_000)
  const { traceEvents: events } = JSON.parse((await browser.stopTracing()).toString())
  await page.close()
  const main = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread),
  )
  const tasks = events.filter((event) => event.name === 'RunTask' && main.has(thread(event)))
  const worked = tasks.map(({ tdur = 0 }) => tdur / 1000).sort((a, b) => b - a)
  return { longestTasksMs: worked.slice(0, 5), allMs: Math.round(worked.reduce((sum, ms) => sum + ms, 0)) }
}

async function load(level) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  const asked = new Set()
  let kilobytes = 0
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.includes('/telemetry/')) asked.add(requestId)
  })
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (asked.has(requestId)) kilobytes += encodedDataLength / 1000
  })
  await page.goto(`${app}/traffic-metrics?window=7d&refresh=off&level=${level}`)
  await duration(page).waitFor({ timeout: 300_000 })
  await page.waitForLoadState('networkidle')
  await page.close()
  return { questions: asked.size, kilobytes: Math.round(kilobytes) }
}

function thread({ pid, tid }) {
  return `${pid} ${tid}`
}

/** The proxy's answer to any question of the page. */
function madeUp({ pathname, searchParams: asked }) {
  const question = pathname.split('/').at(-1)
  const [at, step, seconds] = ['time', 'step', 'window'].map((name) => Number.parseInt(asked.get(name) ?? '0'))
  const meshboard = {
    queries: [{ name: question, promql: '1' }],
    window: seconds,
    time: at,
    namespaces: null,
    notes: [],
  }
  const facts = { hasIstioMetrics: true, hasTraffic: true, reporters: ['source'], scrapeIntervalSeconds: 15 }
  if (question === 'facts') return { status: 'success', data: facts, meshboard }
  const by = (asked.get('by') ?? '').split(',')
  const services = Array.from({ length: by.includes('service') ? 12 : 1 }, (_, place) =>
    by.includes('service')
      ? { destination_service_namespace: 'shop', destination_service_name: `service-${place}` }
      : {},
  )
  const outcomes = by.includes('outcome')
    ? ['200', '404', '503', '0'].map((code) => ({
        request_protocol: 'http',
        response_code: code,
        response_flags: code === '0' ? 'UF' : '-',
      }))
    : [{}]
  const directions = {
    'series-tcp': ['sent', 'received', 'opened', 'closed'],
    'series-grpc-messages': ['sent', 'received'],
  }[question]?.map((direction) => ({ direction })) ?? [{}]
  const labels = services.flatMap((one) =>
    outcomes.flatMap((two) => directions.map((three) => ({ ...one, ...two, ...three }))),
  )
  const times =
    step === 0 ? [at] : Array.from({ length: Math.floor(seconds / step) + 1 }, (_, back) => at - back * step)
  const result = labels.map((metric, place) => {
    const values = times.map((time) => [time, String((20 + place) * (1.2 + Math.sin(time / 700 + place)))]).reverse()
    return step === 0 ? { metric, value: values[0] } : { metric, values }
  })
  return { status: 'success', data: { resultType: step === 0 ? 'vector' : 'matrix', result }, meshboard }
}
