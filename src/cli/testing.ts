import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { Surroundings } from './graph.ts'

/** The command built as it ships, in a folder of its own. */
export async function builtCommand(): Promise<{ readonly command: string; readonly remove: () => Promise<void> }> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  await mkdir(join(root, 'test-results'), { recursive: true })
  const folder = await mkdtemp(join(root, 'test-results', 'command-'))
  await build({
    configFile: false,
    root,
    logLevel: 'silent',
    build: { ssr: 'src/cli/main.ts', outDir: folder, target: 'node20', minify: false, emptyOutDir: true },
  })
  return { command: join(folder, 'main.js'), remove: () => rm(folder, { recursive: true }) }
}

export interface Upstream {
  readonly url: string
  /** The PromQL of every query so far. */
  readonly asked: readonly string[]
  /** The headers of the last request. */
  readonly headers: () => IncomingMessage['headers']
  readonly close: () => Promise<void>
}

export type Answer = (query: string, response: ServerResponse, request: IncomingMessage, body: string) => void

/** A server on a free port that answers every request with `answer`, given the form's `query`. */
export async function upstream(answer: Answer): Promise<Upstream> {
  const asked: string[] = []
  let last: IncomingMessage['headers'] = {}
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8')
      const query = new URLSearchParams(body).get('query') ?? ''
      if (query !== '') asked.push(query)
      last = request.headers
      answer(query, response, request, body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    headers: () => last,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Where a command writes in a test, and the instant it takes for now. */
export function surroundings(
  more: Partial<Surroundings> = {},
): Surroundings & { readonly out: () => string; readonly err: () => string } {
  const [out, err]: [string[], string[]] = [[], []]
  return {
    write: (text) => out.push(text),
    complain: (text) => err.push(text),
    isTerminal: false,
    now: () => 1_767_225_600.7,
    environment: {},
    out: () => out.join(''),
    err: () => err.join(''),
    ...more,
  }
}

/** A vector in Prometheus's wire format. */
export function vector(
  samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number | string }[],
): string {
  const result = samples.map(({ labels, value }) => ({ metric: labels, value: [1_767_225_600, String(value)] }))
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } })
}
