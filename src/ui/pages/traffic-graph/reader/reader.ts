import { type AnswerText, readTelemetry } from '../../../../clients/prometheus/telemetry.ts'
import type { MeshObjects } from '../../../../mesh/config/objects.ts'
import type { MeshGraph } from '../../../../mesh/graph.ts'
import { LostAnswerError, type OpenedAnswer, type Reading, type ReadingOrder } from './reading.ts'

/** What the worker is asked. `objects` is sent only when they are others than before: they are large and seldom change. */
export type Demand =
  | { readonly ask: 'open'; readonly id: number; readonly answer: AnswerText }
  | {
      readonly ask: 'read'
      readonly id: number
      readonly order: ReadingOrder
      readonly objects?: MeshObjects | undefined
    }
  | { readonly ask: 'forget'; readonly answer: number }

export type Reply =
  | { readonly id: number; readonly opened: OpenedAnswer }
  | { readonly id: number; readonly graph: MeshGraph }
  | { readonly id: number; readonly failure: string; readonly isLost: boolean }

/** Reads answers away from the main thread: JSON, decoding, counting, health. Only the finished graph comes back. */
export interface Reader {
  /** Decodes an answer and keeps its samples until they are forgotten. Rejects with the errors of `readTelemetry`. */
  readonly open: (answer: AnswerText) => Promise<OpenedAnswer>
  /** The graph that kept answers tell. Rejects with `LostAnswerError` where one of them is not kept: it has to be asked for again. */
  readonly read: (order: ReadingOrder, objects: MeshObjects | undefined) => Promise<MeshGraph>
  readonly forget: (answer: number) => void
}

interface WorkerLike {
  postMessage: (message: Demand) => void
  terminate: () => void
  onmessage: ((event: MessageEvent<Reply>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

const startWorker = (): WorkerLike | undefined =>
  typeof Worker === 'undefined'
    ? undefined
    : new Worker(new URL('./reader.worker.ts', import.meta.url), { type: 'module', name: 'reader' })

const loadReading = async (): Promise<Reading> => (await import('./reading.ts')).createReading()

type Settle = { readonly done: (reply: Reply) => void; readonly lost: () => void }

/** A reader with a worker of its own. Where workers cannot start, or this one breaks, everything is read in place from then on. */
export function createReader(start: () => WorkerLike | undefined = startWorker): Reader {
  let worker = start()
  let sent: MeshObjects | undefined
  let inPlace: Promise<Reading> | undefined
  let number = 0
  const waiting = new Map<number, Settle>()
  const here = () => (inPlace ??= loadReading())

  const settle = ({ data }: MessageEvent<Reply>) => {
    const asker = waiting.get(data.id)
    waiting.delete(data.id)
    asker?.done(data)
  }
  const breakDown = () => {
    worker?.terminate()
    worker = undefined
    const left = [...waiting.values()]
    waiting.clear()
    for (const { lost } of left) lost()
  }
  if (worker !== undefined) [worker.onmessage, worker.onerror] = [settle, breakDown]

  return {
    open: (answer) => {
      const id = ++number
      const openHere = async () => (await here()).open(id, answer)
      if (worker === undefined) return openHere()
      return new Promise((resolve, reject) => {
        const done = (reply: Reply) => {
          if ('opened' in reply) resolve(reply.opened)
          else reject(refusalOf(answer, 'failure' in reply ? reply.failure : 'no answer'))
        }
        waiting.set(id, { done, lost: () => void openHere().then(resolve, reject) })
        worker?.postMessage({ ask: 'open', id, answer })
      })
    },
    read: (order, objects) => {
      if (worker === undefined) return here().then((reading) => reading.read(order, objects))
      const id = ++number
      return new Promise((resolve, reject) => {
        const lost = () => reject(new LostAnswerError('the reader ended'))
        const done = (reply: Reply) => {
          if ('graph' in reply) resolve(reply.graph)
          else if ('failure' in reply && !reply.isLost) reject(new Error(reply.failure))
          else lost()
        }
        waiting.set(id, { done, lost })
        worker?.postMessage({ ask: 'read', id, order, ...(objects === sent ? {} : { objects }) })
        sent = objects
      })
    },
    forget: (answer) => {
      if (worker === undefined) void inPlace?.then((reading) => reading.forget(answer))
      else worker.postMessage({ ask: 'forget', answer })
    },
  }
}

/** An error's class does not survive the way out of a worker: what is no answer is read once more, here, for its error. */
function refusalOf(answer: AnswerText, said: string): Error {
  try {
    readTelemetry(answer)
  } catch (error) {
    if (error instanceof Error) return error
  }
  return new Error(said)
}
