import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { onTestFinished } from 'vitest'
import type { ProxyConfig } from './config.ts'
import { type Around, type RunningProxy, startProxy } from './serve.ts'

/** One request as an upstream received it. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface TestServer {
  readonly url: string
  readonly received: readonly Received[]
}

export type Answer = (request: Received, response: ServerResponse) => void

/** A real HTTP server on a free port for one test, which records what it is asked. */
export async function testServer(answer: Answer): Promise<TestServer> {
  const server = await standingServer(answer)
  onTestFinished(server.close)
  return server
}

/** The same for as long as it is not closed. */
export async function standingServer(answer: Answer): Promise<TestServer & { readonly close: () => Promise<void> }> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() }
      received.push(one)
      answer(one, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${port}`, received, close }
}

/** Answers `body` as JSON. */
export function json(body: unknown, status = 200): Answer {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
}

/** A successful instant query with these entries. */
export function vector(...result: readonly unknown[]): Answer {
  return json({ status: 'success', data: { resultType: 'vector', result } })
}

/** The proxy before these upstreams, closed when the test ends; silent unless told. */
export async function testProxy(
  cluster: Partial<ProxyConfig['clusters'][number]>,
  more: Partial<ProxyConfig> = {},
  around: Around | { write(line: string): void } = {},
): Promise<RunningProxy> {
  const proxy = await startProxy(
    {
      port: 0,
      logLevel: 'silent',
      ...more,
      clusters: [{ name: 'blue', prometheus: { url: 'http://127.0.0.1:1' }, ...cluster }],
    },
    'write' in around ? { logTo: around } : around,
  )
  onTestFinished(() => proxy.close())
  return proxy
}

/** Ways an upstream misbehaves, by name. */
export const misbehaviour = {
  hang: () => undefined,
  reset: (_, response) => void response.socket?.destroy(),
  html: (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<!doctype html><title>Sign in</title>')
  },
  html500: (_, response) => {
    response.writeHead(500, { 'content-type': 'text/html' })
    response.end('<html><body>Internal Server Error</body></html>')
  },
  truncated: (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"status":"success","data":{"resultType":"vector","result":[{"metric"')
  },
  cutOff: (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
    response.write('{"status":"success",')
    setTimeout(() => response.socket?.destroy(), 20)
  },
  huge: (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(`{"status":"success","data":"${'x'.repeat(300_000)}"}`)
  },
  redirect: (_, response) => {
    response.writeHead(302, { location: 'https://login.example.org/?state=s3cret' })
    response.end()
  },
  empty: (_, response) => void response.end(),
} as const satisfies Readonly<Record<string, Answer>>
