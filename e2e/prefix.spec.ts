import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, test } from '@playwright/test'

import { demoInfo } from './start.ts'

const prefix = '/k8s/clusters/c-abc/api/v1/namespaces/mesh/services/http:meshboard:80/proxy'

let gateway: Server
let outside: string

/** What an ingress or the API server's service proxy does: takes the prefix away, changes nothing else. */
test.beforeAll(async () => {
  const { app } = await demoInfo()
  gateway = createServer((incoming, outgoing) => {
    const path = incoming.url ?? ''
    if (!path.startsWith(`${prefix}/`)) {
      outgoing.writeHead(404).end('outside the prefix')
      return
    }
    const headers = { ...incoming.headers }
    delete headers.host
    const upstream = request(
      new URL(path.slice(prefix.length), app),
      { method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    upstream.on('error', () => outgoing.destroy())
    incoming.pipe(upstream)
  })
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
  outside = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
})

test.afterAll(() => {
  gateway.closeAllConnections()
  gateway.close()
})

test('under a path prefix the app loads, navigates, reloads and asks nothing outside the prefix', async ({ page }) => {
  const strays: string[] = []
  page.on('request', (asked) => {
    const { origin, pathname } = new URL(asked.url())
    if (asked.url().startsWith('blob:') || asked.url().startsWith('data:')) return
    if (origin !== outside || !pathname.startsWith(`${prefix}/`)) strays.push(asked.url())
  })
  await page.goto(`${outside}${prefix}/`)
  await expect(page).toHaveURL(new RegExp(`${prefix}/traffic-graph`))
  const canvas = page.getByTestId('graph-canvas')
  await expect(canvas).toHaveAttribute('data-positions', /\d/)

  await page.getByRole('link', { name: 'Traffic Metrics', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`${prefix}/traffic-metrics`))
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Traffic Metrics' })).toBeVisible()

  await page.goBack()
  await expect(page.getByRole('heading', { level: 1, name: 'Traffic Graph' })).toBeVisible()
  await expect(canvas).toHaveAttribute('data-positions', /\d/)
  expect(strays).toEqual([])
})
