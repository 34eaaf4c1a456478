// What scrolling 5,000 rows costs the browser: `node bench/rows.mjs http://127.0.0.1:8080`, a running demo, whose answers are replaced by
// made-up ones. In CPU time of the main thread, which other work on the machine does not lengthen. Exit status 3: a task took over 50 ms.
import { chromium } from '@playwright/test'

const [app = 'http://127.0.0.1:8080', count = '5000'] = process.argv.slice(2)
/** Milliseconds: https://www.w3.org/TR/longtasks-1/ */
const longTask = 50
const namespaces = 100
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
})
const rows = Array.from({ length: Number(count) }, (_, index) => ({
  name: `workload-${index}`,
  namespace: `team-${index % namespaces}`,
}))

const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } })
await page.route('**/api/clusters/*/objects', (route) => route.fulfill({ json: objects() }))
await page.route('**/telemetry/**', (route) => route.fulfill({ json: answer(new URL(route.request().url())) }))
await page.goto(`${app}/workloads?refresh=off&window=15m`)
const list = page.getByRole('region', { name: 'Workloads', exact: true })
await list.locator(`[aria-rowcount="${rows.length + 1}"]`).waitFor({ timeout: 120_000 })
await list
  .getByRole('img', { name: /^Bytes to and from/ })
  .first()
  .waitFor({ timeout: 120_000 })
await page.waitForTimeout(2000)

let worst = 0
worst = Math.max(worst, await measured('the wheel, 300 notches of 120 px', wheel))
worst = Math.max(worst, await measured('Page Down 100 times, Page Up 100 times', paging))
worst = Math.max(worst, await measured('the scroll bar dragged through all of it', drag))
await browser.close()
process.exitCode = worst > longTask ? 3 : 0

async function wheel() {
  await list.hover()
  for (let notch = 0; notch < 300; notch++) {
    await page.mouse.wheel(0, 120)
    await page.waitForTimeout(16)
  }
}

async function paging() {
  await list.focus()
  for (const key of ['PageDown', 'PageUp']) {
    for (let press = 0; press < 100; press++) {
      await page.keyboard.press(key)
      await page.waitForTimeout(30)
    }
  }
}

async function drag() {
  await list.evaluate(async (region) => {
    const steps = 200
    const way = region.scrollHeight - region.clientHeight
    for (let step = 0; step <= steps; step++) {
      region.scrollTop = (way * step) / steps
      await new Promise((resolve) => globalThis.requestAnimationFrame(resolve))
    }
  })
}

/** Runs it under a trace; prints and returns the CPU time of the longest task. */
async function measured(title, act) {
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] })
  await act()
  const { traceEvents: events } = JSON.parse((await browser.stopTracing()).toString())
  const thread = ({ pid, tid }) => `${pid} ${tid}`
  const main = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread),
  )
  const tasks = events.filter((event) => event.name === 'RunTask' && main.has(thread(event)))
  const worked = tasks.map(({ tdur = 0 }) => tdur / 1000).sort((a, b) => b - a)
  const drawn = await list.locator('tbody tr[data-id]').count()
  const total = worked.reduce((sum, ms) => sum + ms, 0)
  console.log(
    `${title}: longest tasks ${worked.slice(0, 5).join(', ')} ms, all ${Math.round(total)} ms; ${drawn} rows drawn`,
  )
  return worked[0] ?? 0
}

function objects() {
  const deployment = ({ name, namespace }) => ({
    metadata: { name, namespace, labels: { app: name } },
    spec: { replicas: 2, template: { metadata: { labels: { app: name, version: 'v1' } } } },
    status: { replicas: 2, availableReplicas: 2 },
  })
  return { lists: { 'deployments.apps': rows.map(deployment), pods: [] }, namespaces: null, missing: [] }
}

/** The proxy's answer to any question of the page: each workload calls the next one of its namespace. */
function answer({ pathname, searchParams: asked }) {
  const question = pathname.split('/').at(-1)
  const [at, step, seconds] = ['time', 'step', 'window'].map((name) => Number.parseInt(asked.get(name) ?? '0'))
  const meshboard = {
    queries: [{ name: question, promql: '1' }],
    window: seconds,
    time: at,
    namespaces: null,
    notes: [],
  }
  if (question === 'facts') {
    const facts = { hasIstioMetrics: true, hasTraffic: true, reporters: ['source'], scrapeIntervalSeconds: 15 }
    return { status: 'success', data: facts, meshboard }
  }
  const isOverTime = step > 0
  const times = isOverTime
    ? Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => at - seconds + index * step)
    : [at]
  const directions = question === 'series-throughput' ? ['sent', 'received'] : [undefined]
  const silent = ['alerts', 'resources', 'certificates', 'tcp', 'series-tcp']
  const result = silent.includes(question)
    ? []
    : rows.flatMap((row, index) =>
        directions.map((direction) => {
          const metric = question.startsWith('series-')
            ? {
                destination_workload_namespace: row.namespace,
                destination_workload: row.name,
                ...(direction === undefined ? {} : { direction }),
              }
            : call(row, rows[(index + namespaces) % rows.length])
          const value = (time) => String(10 + (index % 90) * (1.2 + Math.sin(time / 200 + index)))
          return isOverTime
            ? { metric, values: times.map((time) => [time, value(time)]) }
            : { metric, value: [at, question === 'mtls' ? '1' : value(at)] }
        }),
      )
  return { status: 'success', data: { resultType: isOverTime ? 'matrix' : 'vector', result }, meshboard }
}

function call(from, to) {
  return {
    reporter: 'source',
    source_workload: from.name,
    source_workload_namespace: from.namespace,
    source_canonical_service: from.name,
    source_canonical_revision: 'v1',
    destination_workload: to.name,
    destination_workload_namespace: to.namespace,
    destination_canonical_service: to.name,
    destination_canonical_revision: 'v1',
    destination_service: `${to.name}.${to.namespace}.svc.cluster.local`,
    destination_service_name: to.name,
    destination_service_namespace: to.namespace,
    request_protocol: 'http',
    response_code: '200',
    response_flags: '-',
    connection_security_policy: 'mutual_tls',
  }
}
