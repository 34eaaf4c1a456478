import { z } from 'zod'

/** A configuration that cannot be used; the message lists every complaint, one a line, and never a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * `input` as `schema` has it. Throws `ConfigError` with every complaint at once, each a line: the key, what it takes, what it got
 * (`clusters.0.name: is not a DNS label (a-z, 0-9, -); got "A b"`), and where it came from. Values that may be secret are not shown.
 */
export function readWith<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  origins: ReadonlyMap<string, string>,
): z.output<Schema> {
  const result = schema.safeParse(input, { reportInput: true })
  if (result.success) return result.data
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  throw new ConfigError(result.error.issues.flatMap((issue) => complaintsOf(issue, shape, origins)).join('\n'))
}

type Issue = z.core.$ZodIssue
type Shape = z.core.JSONSchema._JSONSchema

function complaintsOf(issue: Issue, shape: Shape, origins: ReadonlyMap<string, string>): readonly string[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(shape, path)
    return issue.keys.map((key) => `${named([...path, key], origins)}: is not known here; ${known}`)
  }
  const got = issue.input === undefined ? '' : `; got ${shown(issue.input, path)}`
  return [`${named(path, origins)}: ${wordsOf(issue)}${got}`]
}

/** A key with where it came from. */
function named(path: readonly string[], origins: ReadonlyMap<string, string>): string {
  const key = path.join('.') || 'configuration'
  const origin = origins.get(key)
  return `${key}${origin === undefined ? '' : ` (${origin})`}`
}

function wordsOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const takes = typeWords[issue.expected] ?? issue.expected
      return issue.input === undefined ? `is missing; it takes ${takes}` : `takes ${takes}`
    }
    case 'invalid_value':
      if (!issue.message.startsWith('Invalid')) return issue.message
      return `takes ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`
    case 'too_small':
      return issue.message.startsWith('Too small')
        ? `takes ${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}${sizeWords[issue.origin] ?? ''}`
        : issue.message
    case 'too_big':
      return `takes at most ${issue.maximum}${sizeWords[issue.origin] ?? ''}`
    default:
      return issue.message
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object of names and texts',
}
const sizeWords: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' }

const secretKey = /token|password|secret|cookiekeys|headers|authorization/i

function shown(value: unknown, path: readonly string[]): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value === null) return 'nothing'
  if (typeof value === 'object') return 'an object'
  if (typeof value !== 'string') return JSON.stringify(value)
  if (path.some((key) => secretKey.test(key) && !/file$/i.test(key))) return 'a text that is not shown'
  const text = value.replace(/\/\/[^/?#]*@/, '//...@')
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text)
}

/** The keys that an object takes: `it takes name, url`. */
function keysAt(shape: Shape, path: readonly string[]): string {
  let at: Shape | undefined = shape
  for (const key of path) {
    const below: unknown = isShape(at) ? (/^\d+$/.test(key) ? at.items : at.properties?.[key]) : undefined
    at = isShape(below) ? below : undefined
  }
  const keys = isShape(at) ? Object.keys(at.properties ?? {}) : []
  return keys.length === 0 ? 'see the README' : `it takes ${keys.sort().join(', ')}`
}

function isShape(value: unknown): value is z.core.JSONSchema.BaseSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
