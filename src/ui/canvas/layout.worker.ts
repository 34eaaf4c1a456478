import type { Places } from './geometry.ts'
import { placesFor, type PlacesQuestion } from './places.ts'

/** Answers one question after another, off the main thread; whoever asked knows the answer by its number. */
addEventListener('message', ({ data }: MessageEvent<{ number: number; question: PlacesQuestion; pinned: Places }>) => {
  postMessage({ number: data.number, places: placesFor(data.question, data.pinned) })
})
