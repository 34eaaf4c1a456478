import { request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterFacts } from './controlPlane.ts'

/** Who asks: somebody with a token, somebody with a certificate, or (neither) nobody. */
export interface As {
  readonly token?: string
  readonly cert?: string
  readonly key?: string
}

export interface ApiAnswer {
  readonly status: number
  readonly text: string
  /** Undefined where the answer is no JSON. */
  readonly json: unknown
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface Asked {
  readonly as?: As
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A Kubernetes API as the tests ask it: the cluster's administrator unless told. */
export interface Api {
  readonly ask: (method: string, path: string, asked?: Asked) => Promise<ApiAnswer>
  /** The same; rejects unless the status is 2xx. */
  readonly demand: (method: string, path: string, asked?: Asked) => Promise<ApiAnswer>
}

export function connectTo({ url, ca, adminToken }: Pick<ClusterFacts, 'url' | 'ca' | 'adminToken'>): Api {
  const ask: Api['ask'] = (method, path, { as = { token: adminToken }, body, headers = {} } = {}) =>
    new Promise((resolve, reject) => {
      const { token, cert, key } = as
      const sent = request(url + path, {
        method,
        ca,
        ...(cert === undefined ? {} : { cert, key, agent: false }),
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      })
      sent.on('error', reject)
      sent.on('response', (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text, json: jsonIn(text), headers: answer.headers }),
        )
      })
      sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
    })
  return {
    ask,
    demand: async (method, path, asked) => {
      const answer = await ask(method, path, asked)
      if (answer.status < 300) return answer
      throw new Error(`${method} ${path}: HTTP status ${answer.status}: ${answer.text.slice(0, 1000)}`)
    },
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Waits until something holds, a minute at most. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt++) {
    if (await holds()) return
    await sleep(250)
  }
  throw new Error(`${what}: not within a minute`)
}
