import { constants, gzip } from 'node:zlib'
import { promisify } from 'node:util'

import type { Answer } from './telemetry.ts'

const compress = promisify(gzip)

/** Answers as they go over the wire to whoever takes gzip: each is compressed once, for everybody who is given the very same bytes. */
export class Packed {
  /** By what was worked out, so that it goes when that is forgotten; within it by the rest of the text, which viewers' notes are in. */
  readonly #known = new WeakMap<Answer['worked'], Map<string, Promise<Uint8Array<ArrayBuffer>>>>()
  readonly #onPack: () => void

  /** `onPack` is told of each compression. */
  constructor(onPack: () => void = () => undefined) {
    this.#onPack = onPack
  }

  of({ worked, head, tail }: Answer): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.#known.get(worked) ?? new Map<string, Promise<Uint8Array<ArrayBuffer>>>()
    this.#known.set(worked, known)
    const rest = `${head}${tail}`
    const found = known.get(rest)
    if (found !== undefined) return found
    this.#onPack()
    const packed = compress(`${head}${worked.data}${tail}`, { level: constants.Z_DEFAULT_COMPRESSION }).then(
      (bytes) => new Uint8Array(bytes),
    )
    packed.catch(() => known.delete(rest))
    // Viewers of the same rights have few notes of their own.
    if (known.size >= mostKinds) known.clear()
    known.set(rest, packed)
    return packed
  }
}

const mostKinds = 8
