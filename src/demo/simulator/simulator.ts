import { createServer, type IncomingMessage } from 'node:http'
import { flows } from '../mesh/flows.ts'
import { podsOf } from '../mesh/pods.ts'
import { Exposition } from '../traffic/exposition.ts'
import { reportsOf } from '../traffic/reports.ts'
import { seriesByPod } from '../traffic/series.ts'
import { jaegerAnswers } from '../traces/jaegerAnswers.ts'
import { truthOf } from '../traffic/truth.ts'
import { Waves } from '../traffic/waves.ts'
import { listen, type Listening } from '../launch/listen.ts'
import { backfill, type History, instantsOf } from './backfill.ts'
import { targetGroups, targetsOf } from './targets.ts'

export interface SimulatorOptions {
  readonly seed: number
  /** Unix seconds at which every counter was zero. */
  readonly epoch: number
  /** Stops and starts the demo's Prometheus, for tests; absent: nobody may ask. */
  readonly control?: (action: 'stop' | 'start') => Promise<void>
  /** Unix seconds; the clock unless a test says otherwise. */
  readonly now?: () => number
}

export interface Simulator extends Listening {
  /** Writes the past, up to now, into Prometheus; resolves to the number of samples. */
  readonly writeHistory: (prometheus: string, history: History) => Promise<number>
}

/** Serves the metrics of the simulated proxies, kubelets and istiod, their discovery and the truth about them, at a port of the system's choice. */
export async function startSimulator({ seed, epoch, control, now = clock }: SimulatorOptions): Promise<Simulator> {
  const waves = new Waves(seed, epoch)
  const pods = podsOf(seed)
  const jaeger = jaegerAnswers(seed)
  const targets = targetsOf(pods, seriesByPod(reportsOf(flows, pods)))
  const expositions = new Map(targets.map(({ path, series }) => [path, new Exposition(series)]))
  const server = createServer((request, response) => {
    const send = ({ status, type = 'application/json', body }: Answer) => {
      response.writeHead(status, { 'content-type': type })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    answer(request).then(send, (error: unknown) =>
      send(refusal(500, 'internal', error instanceof Error ? error.message : String(error))),
    )
  })
  const listening = await listen(server)
  const address = new URL(listening.url).host

  async function answer({ method, url: path = '/' }: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(path, listening.url)
    const action = /^\/demo\/prometheus\/(stop|start)$/.exec(pathname)?.[1]
    if (action !== undefined && control !== undefined) {
      if (method !== 'POST') return refusal(405, 'method', 'Use POST.')
      await control(action === 'stop' ? 'stop' : 'start')
      return { status: 200, body: { prometheus: action === 'stop' ? 'stopped' : 'started' } }
    }
    if (method !== 'GET') return refusal(405, 'method', 'Only GET is answered here.')
    const exposition = expositions.get(pathname)
    if (exposition !== undefined) {
      return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: exposition.at(waves, now()) }
    }
    if (pathname === '/sd') return { status: 200, body: targetGroups(targets, address) }
    if (pathname.startsWith('/jaeger/')) return jaeger(pathname.slice('/jaeger/'.length), searchParams, now())
    if (pathname === '/demo/truth') return truth(searchParams)
    return refusal(404, 'notFound', `There is nothing at ${pathname}.`)
  }

  function truth(parameters: URLSearchParams): Answer {
    const at = number(parameters.get('at'), now())
    const window = number(parameters.get('window'), 300)
    if (at === undefined || window === undefined || window <= 0) {
      return refusal(400, 'query', 'at is unix seconds, window a positive number of seconds.')
    }
    if (at - window < epoch) return refusal(400, 'query', `The demo knows nothing before ${epoch}.`)
    return { status: 200, body: truthOf(flows, waves, at, window) }
  }

  return {
    ...listening,
    writeHistory: (prometheus, history) =>
      backfill({ targets, waves, prometheus, instants: instantsOf(history, now()) }),
  }
}

const clock = () => Date.now() / 1000

interface Answer {
  readonly status: number
  readonly type?: string
  /** Text as it is, everything else as JSON. */
  readonly body: unknown
}

const refusal = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message } },
})

/** The parameter as a number, the default where it is absent, `undefined` where it is not a number. */
function number(text: string | null, otherwise: number): number | undefined {
  if (text === null) return otherwise
  const value = Number(text)
  return text.trim() !== '' && Number.isFinite(value) ? value : undefined
}
