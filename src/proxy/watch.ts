import { requestStream, urlUnder } from '../clients/http.ts'
import type { KubernetesPlaces } from './places.ts'
import { type UpstreamAnswer, refusalFor } from './upstream.ts'
import type { Credentials } from './viewer.ts'

/** The events of a list as the API server sends them, one JSON object a line, until `ended`. */
export interface Watched {
  readonly body: ReadableStream<Uint8Array>
  readonly ended: Promise<void>
}

export interface WatchRequest {
  readonly path: string
  readonly query: URLSearchParams
  readonly signal?: AbortSignal | undefined
}

/** Watches as a viewer, or as the proxy itself where nobody logs in; the API server's own refusal where it does not let one. */
export type Watch = (user: Credentials | undefined, asked: WatchRequest) => Promise<Watched | UpstreamAnswer>

/** Seconds: an API server lets a watch run on when the right to it is taken away, so none outlives what a review is believed for. */
export const longestWatch = 30
/** Seconds that a watch may end late. */
const grace = 5

/**
 * A way to watch lists of one cluster's Kubernetes API; `mostBytes` of one watch are handed on, then it breaks off.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export function createWatch(
  { bare, own }: Pick<KubernetesPlaces, 'bare' | 'own'>,
  { label, mostBytes }: { readonly label: string; readonly mostBytes: number },
): Watch {
  return async (user, { path, query, signal }) => {
    try {
      const { url, headers, by } = await (user?.kind === 'token' ? bare() : own())
      const options = {
        headers: {
          accept: 'application/json',
          'cache-control': 'no-store',
          'user-agent': 'meshboard',
          ...headers,
          ...(user?.kind === 'token' ? { authorization: `Bearer ${user.token}` } : {}),
        },
        by,
        signal,
        timeoutSeconds: longestWatch + grace,
      }
      const { status, body } = await requestStream(urlUnder(url, path, query), options)
      if (status === 200) return handedOn(body, mostBytes)
      const text = await textOf(body)
      return { status, text, json: jsonOf(text) }
    } catch (error) {
      if (signal?.aborted === true) throw error
      throw refusalFor(error, 'the Kubernetes API', label)
    }
  }
}

/** The same bytes, no more than `mostBytes`; whoever stops reading ends the watch. */
function handedOn(body: ReadableStream<Uint8Array>, mostBytes: number): Watched {
  const reader = body.getReader()
  let left = mostBytes
  let onEnd: () => void = () => undefined
  const ended = new Promise<void>((resolve) => (onEnd = resolve))
  const stop = async (): Promise<void> => {
    onEnd()
    await reader.cancel().catch(() => undefined)
  }
  return {
    ended,
    body: new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read()
          left -= value?.byteLength ?? 0
          if (done || left < 0) {
            controller.close()
            await stop()
          } else controller.enqueue(value)
        } catch {
          // Whether it ran out of time or broke off: whoever watches asks again from where it was.
          controller.close()
          onEnd()
        }
      },
      cancel: stop,
    }),
  }
}

const longestRefusal = 100_000

async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  while (text.length < longestRefusal) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    text += decoder.decode(value, { stream: true })
  }
  await reader.cancel()
  return text
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
