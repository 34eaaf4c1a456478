import type { Labels } from './labels.ts'
import { basisKey, families, happenedAt, otherFamilies, type Basis, type Series } from './series.ts'
import type { Waves } from './waves.ts'

/** A target's `/metrics`, ready to be filled in: all text but the numbers is made once. */
export class Exposition {
  readonly #lines: readonly string[]
  readonly #normal: Float64Array
  readonly #faulty: Float64Array
  /** Line → which of the bases it moves with. */
  readonly #basis: Uint16Array
  readonly #bases: readonly Basis[]

  /** `series` sorted by family, as `seriesByPod` gives them. */
  constructor(series: readonly Series[]) {
    const bases: Basis[] = []
    const indexes = new Map<string, number>()
    const texts = new Map<Labels, string>()
    const known = new Set<string>()
    this.#normal = Float64Array.from(series, ({ normal }) => normal)
    this.#faulty = Float64Array.from(series, ({ faulty }) => faulty)
    this.#basis = Uint16Array.from(series, ({ basis }) => {
      const key = basisKey(basis)
      const index = indexes.get(key) ?? bases.push(basis) - 1
      indexes.set(key, index)
      return index
    })
    this.#bases = bases
    this.#lines = series.map(({ family, suffix, labels, le }) => {
      const text = texts.get(labels) ?? labelText(labels)
      texts.set(labels, text)
      const header = known.has(family) ? '' : `# TYPE ${family} ${typeOf.get(family) ?? 'untyped'}\n`
      known.add(family)
      return `${header}${family}${suffix}{${text}${le === undefined ? '' : `,le="${le}"`}} `
    })
  }

  /** The text format at an instant, unix seconds (https://prometheus.io/docs/instrumenting/exposition_formats/). */
  at(waves: Waves, at: number): string {
    const happened = this.#bases.map((basis) => happenedAt(basis, waves, at))
    let body = ''
    for (let index = 0; index < this.#lines.length; index++) {
      const { normal, faulty } = happened[this.#basis[index] ?? 0] ?? { normal: 0, faulty: 0 }
      const value = (this.#normal[index] ?? 0) * normal + (this.#faulty[index] ?? 0) * faulty
      body += `${this.#lines[index] ?? ''}${rounded(value)}\n`
    }
    return body
  }
}

const typeOf: ReadonlyMap<string, string> = new Map(
  [...families, ...otherFamilies].map(({ name, type }) => [name, type]),
)

/** Thousandths are enough to be exact, and short. Rounding keeps order, so counters still never fall. */
export const rounded = (value: number): number => Math.round(value * 1000) / 1000

/** Escaped as the text format asks: backslash, line feed and double quote. */
export function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(
      ([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')}"`,
    )
    .join(',')
}
