import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from '@playwright/test'

import { obtainPrometheus } from '../src/demo/prometheus/binary.ts'
import { PrometheusServer } from '../src/demo/prometheus/server.ts'
import { demoInfo } from './start.ts'

let folder: string
let prometheus: PrometheusServer
const proxies: ChildProcess[] = []

/** A real Prometheus that has nothing to scrape. */
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meshboard-states-'))
  prometheus = await PrometheusServer.start({
    binary: (await obtainPrometheus()).path,
    simulator: 'http://127.0.0.1:9',
    folder,
    onCrash: (reason) => process.stderr.write(`${reason}\n`),
  })
})

test.afterAll(async () => {
  for (const proxy of proxies) proxy.kill('SIGTERM')
  await prometheus.kill()
  await rm(folder, { recursive: true, force: true })
})

/** The built dashboard with these options; its address. */
async function serve(...options: readonly string[]): Promise<string> {
  const proxy = spawn(process.execPath, ['dist/meshboard.js', 'serve', '--port', '0', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  proxies.push(proxy)
  return new Promise((resolve, reject) => {
    let said = ''
    proxy.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const url = /meshboard serve: (http:\S+)/.exec(said)?.[1]
      if (url !== undefined) resolve(url)
    })
    proxy.once('exit', () => reject(new Error(`meshboard serve did not start:\n${said}`)))
  })
}

for (const path of ['traffic-graph', 'traffic-metrics']) {
  test(`no Istio: ${path} says so and what to do`, async ({ page }) => {
    const app = await serve('--prometheus-url', prometheus.url)
    await page.goto(`${app}/${path}`)
    await expect(page.getByRole('heading', { name: 'No Istio in this cluster' })).toBeVisible()
    await expect(page.getByText('istioctl install').first()).toBeVisible()
  })

  test(`Istio whose metrics nobody scrapes: ${path} says so and what to do`, async ({ page }) => {
    const { cluster } = await demoInfo()
    const token = join(folder, 'token')
    await writeFile(token, 'demo')
    const app = await serve(
      ...['--prometheus-url', prometheus.url, '--kubernetes-url', cluster, '--kubernetes-token-file', token],
    )
    await page.goto(`${app}/${path}`)
    await expect(page.getByRole('heading', { name: 'Istio, but no metrics in Prometheus' })).toBeVisible()
    await expect(page.getByRole('list', { name: 'What to do' }).getByRole('listitem')).toHaveCount(3)
  })

  test(`no Prometheus: ${path} says which, and what to do`, async ({ page }) => {
    const app = await serve('--prometheus-url', 'http://127.0.0.1:9')
    await page.goto(`${app}/${path}`)
    await expect(page.getByRole('heading', { name: 'Prometheus does not answer' }).first()).toBeVisible()
    await expect(page.getByText(/127\.0\.0\.1:9|connection|refused/i).first()).toBeVisible()
  })
}

test('a namespace that does not exist gives an empty graph with its reason, not an error', async ({ page }) => {
  const { app } = await demoInfo()
  await page.goto(`${app}/traffic-graph?namespaces=nowhere`)
  await expect(page.getByRole('heading', { name: 'No traffic here in this window' })).toBeVisible()
  await expect(page.getByText('nowhere').first()).toBeVisible()
})
