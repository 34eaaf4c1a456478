import type { Party } from './identity.ts'
import type { Record, RecordReader } from './records.ts'

/** Fills an end's missing app and version from what the pair's other reports say of it. */
export class Told {
  readonly #records: readonly Record[]
  readonly #reader: RecordReader
  #source: Known | undefined
  #destination: Known | undefined

  constructor(records: readonly Record[], reader: RecordReader) {
    this.#records = records
    this.#reader = reader
  }

  complete(party: Party, end: 'source' | 'destination'): Party {
    if (party.kind !== 'workload' || (party.app !== undefined && party.version !== undefined)) return party
    const { app, version } =
      end === 'source'
        ? (this.#source ??= this.#knownOf('source'))
        : (this.#destination ??= this.#knownOf('destination'))
    if ((party.app ?? app) === party.app && (party.version ?? version) === party.version) return party
    return this.#reader.with(party, {
      cluster: party.cluster,
      ...(app === undefined ? {} : { app }),
      ...(version === undefined ? {} : { version }),
    })
  }

  #knownOf(end: 'source' | 'destination'): Known {
    const known: { app?: string; version?: string } = {}
    for (const record of this.#records) {
      const party = record[end]
      if (party.kind !== 'workload') continue
      if (party.app !== undefined && (known.app === undefined || party.app < known.app)) known.app = party.app
      if (party.version !== undefined && (known.version === undefined || party.version < known.version)) {
        known.version = party.version
      }
    }
    return known
  }
}

interface Known {
  readonly app?: string
  readonly version?: string
}
