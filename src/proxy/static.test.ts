import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request as rawRequest } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { NoPageError, baseOf, loadStatic } from './static.ts'
import { testProxy } from './testServer.ts'

const script = `export const text = "${'meshboard '.repeat(500)}"`

async function builtPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-static-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'app/assets'), { recursive: true })
  await mkdir(join(folder, 'app/.vite'))
  await writeFile(join(folder, 'secret.txt'), 'outside')
  await writeFile(join(folder, 'app/.vite/manifest.json'), '{}')
  await writeFile(
    join(folder, 'app/index.html'),
    '<!doctype html><html><head lang="en"><script type="module" src="./assets/main-a1B2_c3-.js"></script></head></html>',
  )
  await writeFile(join(folder, 'app/assets/main-a1B2_c3-.js'), script)
  await writeFile(join(folder, 'app/favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  return join(folder, 'app')
}

interface Raw {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** Unlike fetch: the path as written, the body as sent. */
function get(port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> {
  return new Promise((resolve, reject) => {
    rawRequest({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
      .on('error', reject)
      .end()
  })
}

describe('the page', () => {
  test.each([
    ['/', './'],
    ['/index.html', './'],
    ['/traffic-graph', './'],
    ['/traffic-graph?namespaces=a.b/c', './'],
    ['/traffic-graph/', '../'],
    ['/traffic-metrics/shop/cart', '../../'],
    ['/a//b', '../../'],
    ['/a%2Fb', './'],
    ['/namespaces/shop.v2', '../'],
  ])('at %s has its base at %s, before its first URL', async (path, base) => {
    const proxy = await testProxy({}, { staticDir: await builtPage() })
    const { status, headers, body } = await get(proxy.port, path)
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ])
    expect(body.toString()).toContain(`<head lang="en"><base href="${base}"><script`)
  })

  test('the base leads a browser back to the root, under any prefix', () => {
    const segment = fc.stringMatching(/^[a-z0-9.~-]{0,5}$/).filter((part) => !/^\.{1,2}$/.test(part))
    fc.assert(
      fc.property(
        fc.array(segment, { minLength: 1 }),
        fc.constantFrom('/', '/k8s/clusters/c-1/proxy/'),
        (parts, prefix) => {
          const path = `/${parts.join('/')}`
          expect(new URL(baseOf(path), `http://host${prefix}${path.slice(1)}`).pathname).toBe(prefix)
        },
      ),
    )
  })

  test.each([
    '/assets/gone-12345678.js',
    '/assets/',
    '/gone.css',
    '/deep/gone.svg',
    '/.vite/manifest.json',
    '/app.js.map',
  ])('%s is 404, not the page', async (path) => {
    const proxy = await testProxy({}, { staticDir: await builtPage() })
    const { status, headers, body } = await get(proxy.port, path)
    expect(status).toBe(404)
    expect(headers['cache-control']).toBe('no-store')
    expect(body.toString()).not.toContain('<html')
  })

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
  ])('%s leads nowhere out of the folder', async (path) => {
    const proxy = await testProxy({}, { staticDir: await builtPage() })
    const { status, body } = await get(proxy.port, path)
    expect(status).toBe(404)
    expect(body.toString()).not.toContain('outside')
  })

  test('hashed assets are kept for a year, others are asked for again', async () => {
    const proxy = await testProxy({}, { staticDir: await builtPage() })
    const asset = await get(proxy.port, '/assets/main-a1B2_c3-.js')
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8')
    const icon = await get(proxy.port, '/favicon.svg')
    expect(icon.headers['cache-control']).toBe('no-cache')
    const { etag } = icon.headers
    expect((await get(proxy.port, '/favicon.svg', { 'if-none-match': `W/"x", ${String(etag)}` })).status).toBe(304)
    expect((await get(proxy.port, '/favicon.svg', { 'if-none-match': '"other"' })).status).toBe(200)
  })

  test.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['', undefined],
  ])('accepting %j it is sent as %s', async (accept, encoding) => {
    const proxy = await testProxy({}, { staticDir: await builtPage() })
    const { headers, body } = await get(proxy.port, '/assets/main-a1B2_c3-.js', { 'accept-encoding': accept })
    expect(headers['content-encoding']).toBe(encoding)
    expect(headers['vary']).toBe('Accept-Encoding')
    const plain = encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body
    expect(plain.toString()).toBe(script)
    expect(Number(headers['content-length'])).toBe(body.byteLength)
    if (encoding !== undefined) expect(body.byteLength).toBeLessThan(script.length / 5)
  })

  test('HEAD has the headers and no body; POST is not for the page', async () => {
    const proxy = await testProxy({}, { staticDir: await builtPage() })
    const head = await get(proxy.port, '/traffic-graph', {}, 'HEAD')
    expect([head.status, head.body.byteLength]).toEqual([200, 0])
    expect((await get(proxy.port, '/traffic-graph', {}, 'POST')).status).toBe(404)
  })

  test('a folder without a page is told at the start', async () => {
    await expect(loadStatic(join(tmpdir(), 'meshboard-nowhere'))).rejects.toBeInstanceOf(NoPageError)
    await expect(testProxy({}, { staticDir: join(tmpdir(), 'meshboard-nowhere') })).rejects.toThrow('npm run build')
  })
})
