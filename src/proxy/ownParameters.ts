import { RefusalError } from './errors.ts'

/** The parameters not yet read; each is taken once, and what nobody takes is refused. */
export class OwnParameters {
  readonly #parameters: URLSearchParams
  readonly #taken = new Set<string>()

  constructor(parameters: URLSearchParams) {
    this.#parameters = parameters
  }

  take(name: string): string | undefined {
    this.#taken.add(name)
    const [first, ...others] = this.#parameters.getAll(name)
    if (others.length > 0) throw invalid(name, 'given more than once')
    return first
  }

  oneOf<Value extends string>(name: string, values: readonly Value[], otherwise: Value): Value {
    const text = this.take(name)
    if (text === undefined) return otherwise
    const value = values.find((each) => each === text)
    if (value === undefined) throw invalid(name, `"${shown(text)}" is none of ${values.join(', ')}`)
    return value
  }

  idle(): { readonly withIdle?: true } {
    return this.oneOf('idle', ['true', 'false'], 'false') === 'true' ? { withIdle: true } : {}
  }

  refuseTheRest(question: string): void {
    const rest = [...this.#parameters.keys()].find((name) => !this.#taken.has(name))
    if (rest === undefined) return
    throw invalid(rest, `"${question}" has no such parameter; it has ${[...this.#taken].sort().join(', ')}`)
  }
}

/** The refusal of a parameter, with the reason. */
export function invalid(name: string, reason: string): RefusalError {
  return new RefusalError({ status: 400, code: 'parameter_invalid', message: `Parameter ${shown(name)}: ${reason}` })
}

/** The beginning of a text that may be of any length. */
export function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
