import type { ServiceConfig } from './connectionConfig.ts'
import type { Found } from './discovery.ts'
import type { Log } from './log.ts'
import type { Address, Place } from './places.ts'

/** Where Prometheus is, and how that is known. */
export interface NotedPlace {
  readonly place: Place
  readonly note: () => string | undefined
}

const retrySeconds = 15

/** Looks when it is first asked, and again some seconds after it found nothing. */
export function foundPlace({
  find,
  placeOf,
  now,
  log,
}: {
  readonly find: () => Promise<Found>
  readonly placeOf: (service: ServiceConfig) => Place
  /** Unix seconds. */
  readonly now: () => number
  readonly log: Pick<Log, 'info'>
}): NotedPlace {
  let looked: { readonly until: number; readonly place: Promise<Place> } | undefined
  let note: string | undefined
  const look = async (): Promise<Place> => {
    const found = await find()
    note = found.note
    log.info({ prometheus: found.note }, 'Prometheus found')
    return placeOf(found.service)
  }
  const place = async (): Promise<Address> => {
    if (looked === undefined || now() >= looked.until) {
      const next = { until: now() + retrySeconds, place: look() }
      looked = next
      next.place.then(
        () => (looked = { ...next, until: Infinity }),
        () => undefined,
      )
    }
    return (await looked.place)()
  }
  return { place, note: () => note }
}
