import type { Places } from './geometry.ts'
import { placesFor, type PlacesQuestion } from './places.ts'
import { roughPlaces } from './rough.ts'

export interface Placed {
  readonly places: Places
  /** The worker missed its deadline: these are rough places. */
  readonly isLate: boolean
}

/** Asks for places; the answer to an older question is never given once a newer one was asked. */
export interface Placer {
  readonly ask: (question: PlacesQuestion, pinned: Places, answer: (placed: Placed) => void) => void
  readonly stop: () => void
}

interface WorkerLike {
  postMessage: (message: unknown) => void
  terminate: () => void
  onmessage: ((event: MessageEvent<{ readonly number: number; readonly places: Places }>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

const startWorker = (): WorkerLike | undefined =>
  typeof Worker === 'undefined'
    ? undefined
    : new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module', name: 'layout' })

/**
 * Places from a web worker that has `deadlineMs` for each question. One that is late is ended, the nodes without a place get a rough
 * one at once, and the next question starts a new worker. Without workers (or when one cannot start) the answer is computed in place.
 */
export function createPlacer(deadlineMs = 4000, start: () => WorkerLike | undefined = startWorker): Placer {
  let worker: WorkerLike | undefined
  let number = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const end = () => {
    clearTimeout(timer)
    worker?.terminate()
    worker = undefined
  }
  return {
    ask: (question, pinned, answer) => {
      const mine = ++number
      clearTimeout(timer)
      worker ??= start()
      if (worker === undefined) {
        queueMicrotask(() => {
          if (mine === number) answer({ places: placesFor(question, pinned), isLate: false })
        })
        return
      }
      worker.onmessage = ({ data }) => {
        if (data.number !== number) return
        clearTimeout(timer)
        answer({ places: data.places, isLate: false })
      }
      worker.onerror = () => {
        end()
        if (mine === number) answer({ places: placesFor(question, pinned), isLate: false })
      }
      timer = setTimeout(() => {
        end()
        answer({ places: roughPlaces(question.topology, question.known), isLate: true })
      }, deadlineMs)
      worker.postMessage({ number: mine, question, pinned })
    },
    stop: () => {
      number++
      end()
    },
  }
}
