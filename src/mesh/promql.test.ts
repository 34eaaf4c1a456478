import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyOf, duration, quote, regexQuote, select, sumBy, withLabel } from './promql.ts'

/** As Prometheus reads it: https://github.com/prometheus/prometheus/blob/main/util/strutil/quote.go (`Unquote`). */
function unquoted(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\(n|u[0-9a-f]{4}|.)/g, (_, escape: string) =>
      escape === 'n' ? '\n' : escape.length === 5 ? String.fromCharCode(parseInt(escape.slice(1), 16)) : escape,
    )
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\r', '\u0000', '{', '}', '🦀', 'a') }),
)

describe('quote', () => {
  it.each([
    ['plain', '"plain"'],
    ['he said "no"', '"he said \\"no\\""'],
    ['back\\slash', '"back\\\\slash"'],
    ['two\nlines', '"two\\nlines"'],
    ['carriage\rreturn', '"carriage\\u000dreturn"'],
    ['🦀', '"🦀"'],
    ['\ud800', '"\\ufffd"'],
    ['\ufffd', '"\\ufffd"'],
  ])('writes %j as %s', (value, literal) => {
    expect(quote(value)).toBe(literal)
  })

  it('means exactly the value again, on one line, whatever it holds', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(unquoted(quote(value))).toBe(value.replace(/\p{Surrogate}/gu, '\ufffd'))
        expect(quote(value)).not.toMatch(/[\u0000-\u001f]/)
      }),
    )
  })
})

describe('regexQuote and anyOf', () => {
  it.each([
    ['shop.eu', 'shop\\.eu'],
    ['a|b', 'a\\|b'],
    ['(x)[y]{z}', '\\(x\\)\\[y\\]\\{z\\}'],
    ['^a*b+c?$', '\\^a\\*b\\+c\\?\\$'],
    ['back\\slash', 'back\\\\slash'],
  ])('writes %s as %s', (value, pattern) => {
    expect(regexQuote(value)).toBe(pattern)
  })

  it('matches its values and nothing else', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1 }), anyText, (values, other) => {
        const pattern = new RegExp(`^(?:${anyOf(values)})$`, 's')
        for (const value of values) expect(pattern.test(value)).toBe(true)
        expect(pattern.test(other)).toBe(values.includes(other))
      }),
    )
  })

  it('matches nothing but the empty value for no values', () => {
    expect(new RegExp(`^(?:${anyOf([])})$`).test('x')).toBe(false)
  })
})

describe('expressions', () => {
  it('select writes every kind of matcher', () => {
    expect(
      select('up', [
        { label: 'job', op: '=', value: 'a' },
        { label: 'pod', op: '!=', value: 'b' },
        { label: 'ns', op: '=~', value: 'c|d' },
        { label: 'le', op: '!~', value: '"' },
      ]),
    ).toBe('up{job="a",pod!="b",ns=~"c|d",le!~"\\""}')
    expect(select('up', [])).toBe('up')
  })

  it('cannot be left early through a label name', () => {
    expect(select('up', [{ label: 'a="x"} or up{b', op: '=', value: 'y' }])).toBe('up{"a=\\"x\\"} or up{b"="y"}')
  })

  it.each([
    [300, '300s'],
    [0.5, '1s'],
    [1.5, '1500ms'],
    [Number.NaN, '1s'],
    [-4, '1s'],
  ])('a window of %d seconds is %s', (seconds, written) => {
    expect(duration(seconds)).toBe(written)
  })

  it('sums and labels', () => {
    expect(sumBy(['a', 'b'], 'up')).toBe('sum by (a, b) (up)')
    expect(withLabel('up', 'direction', 'cost $1')).toBe('label_replace(up, "direction", "cost $$1", "", "")')
  })
})
