import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Surroundings } from './graph.ts'

export interface Upstream {
  readonly url: string
  /** The PromQL of every query so far. */
  readonly asked: readonly string[]
  /** The headers of the last request. */
  readonly headers: () => IncomingMessage['headers']
  readonly close: () => Promise<void>
}

export type Answer = (query: string, response: ServerResponse, request: IncomingMessage) => void

/** A server on a free port that answers every request with `answer`, given the form's `query`. */
export async function upstream(answer: Answer): Promise<Upstream> {
  const asked: string[] = []
  let last: IncomingMessage['headers'] = {}
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const query = new URLSearchParams(Buffer.concat(parts).toString('utf8')).get('query') ?? ''
      if (query !== '') asked.push(query)
      last = request.headers
      answer(query, response, request)
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
