import type { MeshObjects } from '../../../../mesh/config/objects.ts'
import type { Demand, Reply } from './reader.ts'
import { createReading, LostAnswerError } from './reading.ts'

const reading = createReading()
let objects: MeshObjects | undefined

/** One demand after another, off the main thread; whoever asked knows the reply by its number. */
addEventListener('message', ({ data }: MessageEvent<Demand>) => {
  if (data.ask === 'forget') {
    reading.forget(data.answer)
    return
  }
  if (data.ask === 'read' && 'objects' in data) objects = data.objects
  let reply: Reply
  try {
    reply =
      data.ask === 'open'
        ? { id: data.id, opened: reading.open(data.id, data.answer) }
        : { id: data.id, graph: reading.read(data.order, objects) }
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error)
    reply = { id: data.id, failure, isLost: error instanceof LostAnswerError }
  }
  postMessage(reply)
})
