/** A find or hide expression, read. `and` and `or` have at least two parts and none of their own kind: build them with `joined`. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression }
  /** A yes-or-no operand, by its first name. */
  | { readonly kind: 'flag'; readonly operand: string }
  | { readonly kind: 'text'; readonly operand: string; readonly operator: TextOperator; readonly value: string }
  | {
      readonly kind: 'number'
      readonly operand: string
      readonly operator: NumberOperator
      /** In `unit`, one of findUnits.ts. */
      readonly value: number
      readonly unit: string
    }
  /** Nothing flows, or nothing was measured: Kiali's `= NaN`. */
  | { readonly kind: 'absent'; readonly operand: string }
  /** A label; without operator whether it is there at all. */
  | { readonly kind: 'label'; readonly key: string }
  | { readonly kind: 'labelText'; readonly key: string; readonly operator: TextOperator; readonly value: string }

export type TextOperator = '=' | 'contains' | 'startswith' | 'endswith'
export type NumberOperator = '=' | '>' | '>=' | '<' | '<='

/** Several expressions as one, nested ones of the same kind taken apart; one alone is itself. */
export function joined(kind: 'and' | 'or', first: Expression, ...others: readonly Expression[]): Expression {
  if (others.length === 0) return first
  return { kind, parts: [first, ...others].flatMap((part) => (part.kind === kind ? part.parts : [part])) }
}

/** The expression as text; reading that text gives the same expression again. */
export function printed(expression: Expression): string {
  switch (expression.kind) {
    case 'or':
      return expression.parts.map(printed).join(' or ')
    case 'and':
      return expression.parts.map((part) => (part.kind === 'or' ? `(${printed(part)})` : printed(part))).join(' and ')
    case 'not': {
      const { part } = expression
      return part.kind === 'and' || part.kind === 'or' ? `not (${printed(part)})` : `not ${printed(part)}`
    }
    case 'flag':
      return expression.operand
    case 'text':
      return `${expression.operand} ${expression.operator} ${quoted(expression.value)}`
    case 'number':
      return `${expression.operand} ${expression.operator} ${expression.value}${expression.unit}`
    case 'absent':
      return `${expression.operand} = NaN`
    case 'label':
      return `label:${quotedKey(expression.key)}`
    case 'labelText':
      return `label:${quotedKey(expression.key)} ${expression.operator} ${quoted(expression.value)}`
  }
}

/** A value as the language reads it: in quotes where it would not be one word. */
export function quoted(value: string): string {
  return /^[^\s()"'\\=!<>*^$&|]+$/.test(value) ? value : inQuotes(value)
}

/** A label's key as the language reads it: in quotes where it would end early. */
function quotedKey(key: string): string {
  return /^[\w./-]+$/.test(key) ? key : inQuotes(key)
}

const inQuotes = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
