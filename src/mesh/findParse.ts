import { joined, type Expression, type NumberOperator, type TextOperator } from './findExpression.ts'
import type { Operand } from './findOperand.ts'
import { nearestOperand, operandNamed } from './findOperands.ts'
import { createReader, type Reader } from './findReader.ts'
import { bareUnit, unitNamed, unitNames } from './findUnits.ts'

/** Why a text is no expression, and where. */
export interface FindError {
  /** Index of the first character that does not fit; the text's length where something is missing at its end. */
  readonly at: number
  /** How many characters do not fit; 0 where something is missing. */
  readonly length: number
  /** A sentence: what was expected and what stands there. */
  readonly message: string
}

/** What may stand at the end of a text, for the completion; `from` is where its beginning, typed so far, starts. */
export interface Hope {
  readonly what: 'operand' | 'flag' | 'labelKey' | 'operator' | 'value' | 'joint'
  readonly from: number
  /** The operand an operator or value belongs to; absent for a label's. */
  readonly operand?: Operand
  readonly labelKey?: string
}

export interface Parsed {
  /** Absent for an empty text and for a broken one. */
  readonly expression?: Expression
  readonly error?: FindError
  /** What may stand at the text's end. */
  readonly hopes: readonly Hope[]
}

/** More of these inside each other are a mistake or an attack. */
const deepest = 64

/**
 * Reads a find or hide expression: `or` binds loosest, then `and`, then `not` (`!`); parentheses group; words in any case.
 * Total: a broken text gives an error with its place, an empty one neither expression nor error.
 */
export function parseFind(text: string): Parsed {
  const hopes: Hope[] = []
  const reader = createReader(text)
  if (text.trim() === '') return { hopes: [{ what: 'operand', from: text.length }] }
  try {
    const expression = createGrammar(reader, hopes).whole()
    return { expression, hopes }
  } catch (cause) {
    if (!(cause instanceof Misfit)) throw cause
    return { error: { at: cause.at, length: cause.length, message: cause.message }, hopes }
  }
}

class Misfit extends Error {
  readonly at: number
  readonly length: number

  constructor(at: number, length: number, message: string) {
    super(message)
    this.at = at
    this.length = length
  }
}

function createGrammar(reader: Reader, hopes: Hope[]) {
  let depth = 0

  /** Fails at the next word: what was expected, and what stands there instead. */
  const expected = (what: string): never => {
    const found = reader.glimpse()
    const instead = found === '' ? 'but the text ends here' : `not “${shortened(found)}”`
    throw new Misfit(reader.at(), found.length, `Expected ${what}, ${instead}.`)
  }
  /** What may stand here is noted if the text ends here or within the word that starts here. */
  const hope = (what: Hope['what'], of: Omit<Hope, 'what' | 'from'> = {}): void => {
    const from = reader.at()
    // Right after a letter something else would continue that word.
    if (reader.isLastWord() && !/[\p{L}\p{N}_%./-]/u.test(reader.before(from))) hopes.push({ what, from, ...of })
  }
  const deeper = <T>(read: () => T): T => {
    if (depth >= deepest)
      throw new Misfit(reader.at(), 1, `Expected at most ${deepest} parentheses and nots inside each other.`)
    depth += 1
    const value = read()
    depth -= 1
    return value
  }

  const whole = (): Expression => {
    const expression = either()
    if (!reader.isDone()) expected('and, or, or the end (a value with spaces needs quotes)')
    return expression
  }
  const either = (): Expression => {
    const parts = [all()]
    while (joint('or', '||')) parts.push(all())
    return joinedAll('or', parts)
  }
  const all = (): Expression => {
    const parts = [negated()]
    while (joint('and', '&&')) parts.push(negated())
    return joinedAll('and', parts)
  }
  const joint = (word: 'and' | 'or', sign: string): boolean => {
    hope('joint')
    return reader.word(word) || reader.sign(sign)
  }
  const negated = (): Expression => {
    hope('operand')
    if (reader.sign('!') || reader.word('not')) return { kind: 'not', part: deeper(negated) }
    if (!reader.sign('(')) return term()
    const inside = deeper(either)
    if (!reader.sign(')')) expected('and, or, or a closing parenthesis')
    return inside
  }

  const term = (): Expression => {
    if (reader.word('is') || reader.word('has')) return stated()
    const label = reader.match(/label:/iy)
    if (label !== undefined) return labelTerm()
    const operand = namedOperand()
    if (operand.kind === 'flag') {
      const sign = reader.isSignAhead()
      if (sign)
        expected(
          `and, or, or the end: ${operand.names[0]} is either so or not, write ${operand.names[0]} or !${operand.names[0]}`,
        )
      return { kind: 'flag', operand: operand.names[0] }
    }
    hope('operator', { operand })
    return operand.kind === 'text' ? textTerm(operand) : numberTerm(operand)
  }
  /** After `is` or `has`. */
  const stated = (): Expression => {
    if (reader.word('not') || reader.sign('!')) return { kind: 'not', part: deeper(stated) }
    hope('flag')
    const [at, operand] = [reader.at(), namedOperand()]
    if (operand.kind === 'flag') return { kind: 'flag', operand: operand.names[0] }
    throw new Misfit(
      at,
      reader.at() - at,
      `Expected a word that is so or not (healthy, idle, …) after is or has; “${operand.names[0]}” is compared: ${example(operand)}.`,
    )
  }
  const namedOperand = (): Operand => {
    const at = reader.at()
    const name = reader.match(/[%\p{L}_][\p{L}\p{N}_%-]*/uy)
    if (name === undefined) return expected('what to look for, such as name, namespace, rt or healthy')
    const operand = operandNamed(name)
    if (operand !== undefined) return operand
    const near = nearestOperand(name)
    const advice =
      near === undefined ? `Does it name something? Write: name contains ${shortened(name)}` : `Did you mean ${near}?`
    throw new Misfit(at, name.length, `“${shortened(name)}” is nothing that can be asked for. ${advice}`)
  }

  const labelTerm = (): Expression => {
    if (reader.isLastWord()) hopes.push({ what: 'labelKey', from: reader.here() })
    const key = reader.atOnce(/"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y) ?? reader.atOnce(/[^\s()"'=!<>*^$]+/y)
    if (key === undefined) {
      const found = reader.glimpse()
      throw new Misfit(
        reader.here(),
        0,
        `Expected a label’s key right after “label:”${found === '' ? ', but the text ends here' : ''}.`,
      )
    }
    const labelKey = unquoted(key)
    hope('operator', { labelKey })
    const operator = textOperator()
    if (operator === undefined) return { kind: 'label', key: labelKey }
    const value = textValue({ labelKey })
    const part: Expression = { kind: 'labelText', key: labelKey, operator: operator.is, value }
    return operator.isNegated ? { kind: 'not', part } : part
  }
  const textTerm = (operand: Operand): Expression => {
    const operator = textOperator()
    if (operator === undefined) {
      const numeric = reader.isSignAhead() ? ` (${operand.names[0]} is text and has no size)` : ''
      return expected(`=, !=, contains, startswith (^=) or endswith ($=) after ${operand.names[0]}${numeric}`)
    }
    const value = textValue({ operand })
    const part: Expression = { kind: 'text', operand: operand.names[0], operator: operator.is, value }
    return operator.isNegated ? { kind: 'not', part } : part
  }
  const textOperator = (): { readonly is: TextOperator; readonly isNegated: boolean } | undefined => {
    const back = reader.save()
    const isNegated = reader.sign('!') || reader.word('not')
    for (const [is, sign] of textSigns) if (reader.sign(sign)) return { is, isNegated }
    for (const [is, ...words] of textWords) if (words.some((word) => reader.word(word))) return { is, isNegated }
    if (reader.sign('==') || reader.sign('=')) return { is: '=', isNegated }
    back()
    return undefined
  }
  const textValue = (of: Omit<Hope, 'what' | 'from'>): string => {
    hope('value', of)
    const isQuoted = reader.isAhead(/["']/y)
    const value = reader.match(isQuoted ? quotedText : /[^\s()"']+/y)
    if (value !== undefined) return isQuoted ? unquoted(value) : value
    if (!isQuoted) return expected('a value; one with spaces or parentheses in quotes')
    throw new Misfit(reader.at(), reader.rest().length, 'Expected the quote to be closed before the text ends.')
  }

  const numberTerm = (operand: Operand & { readonly kind: 'number' }): Expression => {
    const [name] = operand.names
    const operator = numberOperator()
    if (operator === undefined) return expected(`=, !=, >, >=, < or <= after ${name}`)
    hope('value', { operand })
    const at = reader.at()
    if (reader.word('nan')) {
      if (operator.is !== '=')
        throw new Misfit(at, 3, `Expected a number after ${operator.is}: NaN (no activity) goes with = and != only.`)
      const absent: Expression = { kind: 'absent', operand: name }
      return operator.isNegated ? { kind: 'not', part: absent } : absent
    }
    const back = reader.save()
    const digits = reader.match(/[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy)
    const value = Number(digits)
    if (digits === undefined || !Number.isFinite(value)) {
      back()
      return expected(`a number after ${operator.is}, such as ${example(operand)}`)
    }
    const part: Expression = {
      kind: 'number',
      operand: name,
      operator: operator.is,
      value: value + 0,
      unit: unit(operand),
    }
    return operator.isNegated ? { kind: 'not', part } : part
  }
  const numberOperator = (): { readonly is: NumberOperator; readonly isNegated: boolean } | undefined => {
    const back = reader.save()
    const isNegated = reader.sign('!') || reader.word('not')
    for (const is of ['>=', '<=', '>', '<'] as const) if (reader.sign(is)) return { is, isNegated }
    if (reader.sign('==') || reader.sign('=')) return { is: '=', isNegated }
    back()
    return undefined
  }
  /** The unit right after a number or one space later; the bare one where none stands there. */
  const unit = ({ quantity }: Operand & { readonly kind: 'number' }): string => {
    const attached = reader.atOnce(/[^\s()"'&|]+/y)
    if (attached !== undefined) {
      const known = unitNamed(quantity, attached)
      if (known !== undefined) return known
      const names = unitNames(quantity)
      throw new Misfit(
        reader.here() - attached.length,
        attached.length,
        names.length === 0
          ? `Expected a number without a unit, not “${shortened(attached)}” after it.`
          : `Expected one of the units ${names.join(', ')}, not “${shortened(attached)}”.`,
      )
    }
    const back = reader.save()
    const apart = reader.match(/[^\s()"'&|]+/y)
    const known = apart === undefined ? undefined : unitNamed(quantity, apart)
    if (known === undefined) back()
    return known ?? bareUnit(quantity)
  }
  return { whole }
}

const quotedText = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y
const textSigns = [
  ['contains', '*='],
  ['startswith', '^='],
  ['endswith', '$='],
] as const
const textWords = [
  ['contains', 'contains'],
  ['startswith', 'startswith'],
  ['endswith', 'endswith'],
] as const

function joinedAll(kind: 'and' | 'or', [first, ...others]: readonly Expression[]): Expression {
  if (first === undefined) throw new Error('a joint without parts')
  return joined(kind, first, ...others)
}

const unquoted = (text: string) => (/^["']/.test(text) ? text.slice(1, -1).replace(/\\([^])/g, '$1') : text)

const shortened = (text: string) => (text.length > 30 ? `${text.slice(0, 29)}…` : text)

function example({ kind, names: [name], ...operand }: Operand): string {
  if (kind !== 'number' || !('quantity' in operand)) return `${name} = …`
  return {
    duration: `${name} > 500ms`,
    bytes: `${name} > 20KiB`,
    rate: `${name} > 5`,
    share: `${name} > 1%`,
    count: `${name} <= 2`,
  }[operand.quantity]
}
