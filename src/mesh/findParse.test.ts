import fc from 'fast-check'
import { expect, test } from 'vitest'

import { joined, printed, type Expression } from './findExpression.ts'
import { operands } from './findOperands.ts'
import { parseFind } from './findParse.ts'
import { unitNames } from './findUnits.ts'

/** What a text is read as, printed with its parentheses: the grammar at a glance. */
const read = (text: string) => {
  const { expression, error } = parseFind(text)
  return expression === undefined ? `error: ${error?.message ?? 'empty'}` : printed(expression)
}

test.each([
  // Kiali's habitual expressions and presets.
  ['rt > 1000', 'responsetime > 1000ms'],
  ['! healthy', 'not healthy'],
  ['!healthy', 'not healthy'],
  ['name = unknown', 'name = unknown'],
  ['rank <= 2', 'rank <= 2'],
  ['healthy', 'healthy'],
  ['%httperr > 5 or !healthy', '%httperr > 5% or not healthy'],
  ['app != details and version = v1', 'not app = details and version = v1'],
  ['name not contains rev', 'not name contains rev'],
  ['name !*= rev', 'not name contains rev'],
  ['name !^=rev', 'not name startswith rev'],
  ['name !$= rev', 'not name endswith rev'],
  ['name not startswith rev', 'not name startswith rev'],
  ['label:region = east', 'label:region = east'],
  ['!label:region', 'not label:region'],
  ['label:app.kubernetes.io/name^=cart', 'label:app.kubernetes.io/name startswith cart'],
  ['httpout = NaN', 'httpout = NaN'],
  ['httpout != nan', 'not httpout = NaN'],
  ['node = svc and svc startswith det or !traffic', 'node = svc and service startswith det or not traffic'],
  ['has cb OR is not IDLE', 'circuitbreaker or not idle'],
  ['not has vs', 'not virtualservice'],
  ['!outofmesh', 'not outofmesh'],
  ['om', 'outofmesh'],
  // Precedence: or loosest, then and, then not.
  ['idle or dead and mtls', 'idle or dead and mtls'],
  ['(idle or dead) and mtls', '(idle or dead) and mtls'],
  ['not idle and dead', 'not idle and dead'],
  ['not (idle and dead)', 'not (idle and dead)'],
  ['!!idle', 'not not idle'],
  ['((idle))', 'idle'],
  ['idle and (dead and mtls)', 'idle and dead and mtls'],
  ['idle||dead&&mtls', 'idle or dead and mtls'],
  // Numbers and units.
  ['rt > 500ms', 'responsetime > 500ms'],
  ['rt>.5 s', 'responsetime > 0.5s'],
  ['rt > 250\u00b5s', 'responsetime > 250us'],
  ['%error > 1', '%error > 1%'],
  ['error > 1%', '%error > 1%'],
  ['error>=1 % and idle', '%error >= 1% and idle'],
  ['tcp > 20 kib/s', 'tcp > 20KiB'],
  ['http < 30rpm', 'http < 30/m'],
  ['http not > 3', 'not http > 3/s'],
  ['http == 1e3', 'http = 1000/s'],
  // Values.
  ['name = "a \\"b\\" (c)"', 'name = "a \\"b\\" (c)"'],
  ["name = 'it and or'", 'name = "it and or"'],
  ['name = and', 'name = and'],
  ['destprincipal=spiffe://cluster.local/ns/a/sa/b', 'destprincipal = spiffe://cluster.local/ns/a/sa/b'],
  ['label:"odd key" contains 🎉', 'label:"odd key" contains 🎉'],
])('reads %s', (text, expected) => {
  expect(read(text)).toBe(expected)
})

test.each([
  ['nmae = x', 0, 4, /“nmae” is nothing that can be asked for. Did you mean name\?/],
  ['reviews', 0, 7, /Write: name contains reviews/],
  ['app = a version = b', 8, 7, /Expected and, or, or the end .*not “version”/],
  ['app =', 5, 0, /Expected a value.*ends here/],
  ['app', 3, 0, /Expected =, !=, contains.* after app.*ends here/],
  ['app > 5', 4, 1, /app is text and has no size/],
  ['rt', 2, 0, /after responsetime, but the text ends here/],
  ['rt contains 5', 3, 8, /Expected =, !=, >/],
  ['rt > fast', 5, 4, /a number after >, such as responsetime > 500ms, not “fast”/],
  ['rt > 5parsecs', 6, 7, /one of the units ms, us, s, m, not “parsecs”/],
  ['rank = 2nd', 8, 2, /a number without a unit/],
  ['rt > NaN', 5, 3, /NaN .* goes with = and != only/],
  ['(idle or dead', 13, 0, /closing parenthesis, but the text ends here/],
  ['idle)', 4, 1, /not “\)”/],
  ['idle and', 8, 0, /what to look for.*ends here/],
  ['or idle', 0, 2, /“or” is nothing/],
  ['is name', 3, 4, /name = …/],
  ['idle = true', 5, 1, /idle is either so or not, write idle or !idle/],
  ['name = "open', 7, 5, /quote to be closed/],
  ['label:', 6, 0, /label’s key/],
  ['http = 1e999', 7, 5, /a number/],
  ['!'.repeat(70) + 'idle', 65, 1, /at most 64/],
])('says where and why %s is no expression', (text, at, length, message) => {
  const { error, expression } = parseFind(text)
  expect(expression).toBeUndefined()
  expect(error).toMatchObject({ at, length })
  expect(error?.message).toMatch(message)
})

test('an empty text is neither an expression nor an error', () => {
  expect(parseFind('  ')).toEqual({ hopes: [{ what: 'operand', from: 2 }] })
})

test('every name and abbreviation is the operand it belongs to, in any case, and none belongs to two', () => {
  const seen = new Set<string>()
  for (const { kind, names } of operands) {
    for (const name of names) {
      expect(seen.has(name), name).toBe(false)
      seen.add(name)
      const tail = kind === 'flag' ? '' : kind === 'text' ? ' = x' : ' > 1'
      expect(parseFind(`${name.toUpperCase()}${tail}`).expression, name).toMatchObject({ operand: names[0] })
    }
  }
})

const word = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom('and', 'a"b', '\\', '(x)', 'NaN', '!='),
)
const term: fc.Arbitrary<Expression> = fc.oneof(
  fc.constantFrom(...operands).chain((operand): fc.Arbitrary<Expression> => {
    const [name] = operand.names
    if (operand.kind === 'flag') return fc.constant({ kind: 'flag', operand: name })
    if (operand.kind === 'text')
      return fc
        .tuple(fc.constantFrom('=' as const, 'contains' as const, 'startswith' as const, 'endswith' as const), word)
        .map(([operator, value]) => ({ kind: 'text', operand: name, operator, value }))
    const units = unitNames(operand.quantity)
    return fc.oneof(
      fc.constant<Expression>({ kind: 'absent', operand: name }),
      fc
        .tuple(
          fc.constantFrom('=' as const, '>' as const, '>=' as const, '<' as const, '<=' as const),
          fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
          fc.constantFrom(...(units.length === 0 ? [''] : units)),
        )
        .map(([operator, value, unit]): Expression => ({ kind: 'number', operand: name, operator, value, unit })),
    )
  }),
  word.map((key): Expression => ({ kind: 'label', key })),
  fc.tuple(word, word).map(([key, value]): Expression => ({ kind: 'labelText', key, operator: 'contains', value })),
)
const { expression: anExpression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5 },
    term,
    tie('expression').map((part): Expression => ({ kind: 'not', part })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), tie('expression'), tie('expression'), tie('expression'))
      .map(([kind, ...parts]) => joined(kind, ...parts)),
  ),
}))

test('an expression that is printed and read is the same expression', () => {
  fc.assert(
    fc.property(anExpression, (expression) => {
      expect(parseFind(printed(expression)).expression).toEqual(expression)
    }),
  )
})

const fragment = fc.constantFrom(
  'app',
  'rt',
  '>',
  '!',
  '(',
  ')',
  '"',
  "'",
  '\\',
  ' and ',
  ' or ',
  'NaN',
  '5ms',
  'label:',
  '=',
  '%',
  '🎉',
  '\n',
  'is ',
)
test('any text at all gives an expression or an error inside the text, never both, never an exception', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fragment).map((parts) => parts.join('')),
      ),
      (text) => {
        const { expression, error } = parseFind(text)
        expect(expression === undefined || error === undefined).toBe(true)
        expect(expression !== undefined || error !== undefined).toBe(text.trim() !== '')
        if (error === undefined) return
        expect(error.at).toBeGreaterThanOrEqual(0)
        expect(error.at + error.length).toBeLessThanOrEqual(text.length)
        expect(error.message).toMatch(/[.?]$|^.*contains .*$/su)
      },
    ),
  )
})

test('ten thousand characters are read at once, whatever they are', () => {
  for (const text of ['('.repeat(10_000), '"'.repeat(9_999), 'idle or '.repeat(1250), 'a'.repeat(10_000)]) {
    const start = performance.now()
    parseFind(text)
    expect(performance.now() - start).toBeLessThan(1000)
  }
})
