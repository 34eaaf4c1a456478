import { Agent, request } from 'node:http'

export interface Heard {
  readonly status: number
  readonly body: string
  readonly ms: number
}

/** One request on a pool of connections that are kept; its answer whatever the status, after how long. */
export function ask(
  agent: Agent,
  url: string,
  { token, form }: { readonly token?: string; readonly form?: string } = {},
): Promise<Heard> {
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(form === undefined
        ? {}
        : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(form)) }),
    }
    const sent = request(url, { agent, headers, method: form === undefined ? 'GET' : 'POST' }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => {
        const ms = performance.now() - begun
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString(), ms })
      })
      answer.on('error', reject)
    })
    sent.on('error', (error) => {
      // The other side closed an idle connection at this very moment: browsers ask again, too.
      if (sent.reusedSocket)
        ask(agent, url, { ...(token === undefined ? {} : { token }), ...(form === undefined ? {} : { form }) }).then(
          resolve,
          reject,
        )
      else reject(error)
    })
    sent.end(form)
  })
}

/** What is around the numbers of a named question's answer. */
export interface Around {
  readonly namespaces: readonly string[]
  readonly queries: readonly { readonly promql: string }[]
  readonly peers: string
}

export function aroundOf(body: string): Around {
  const from = body.lastIndexOf('"meshboard":')
  const json = JSON.parse(body.slice(from + '"meshboard":'.length, -1)) as Around
  return json
}
