import { describe, expect, it, test } from 'vitest'
import { errorRatio, grpcStatusName, isError, outcomeOf, outcomesOf } from './golden.ts'
import type { Outcome } from './golden.ts'

type Row = readonly [protocol: 'http' | 'grpc' | 'tcp', code: string, flags: string | undefined, outcome: Outcome]

describe('what is an error (contracts page)', () => {
  const table: Readonly<Record<string, readonly Row[]>> = {
    '"HTTP 5xx, no response (code 0) with a server-side flag (UF, UH, UO, UT, NR, URX, UC, ...)": error': [
      ['http', '500', '-', 'error'],
      ['http', '503', 'UF', 'error'],
      ['http', '503', 'UF,URX', 'error'],
      ['http', '599', undefined, 'error'],
      ['http', '503', 'DC', 'error'],
      ...['UF', 'UH', 'UO', 'UT', 'NR', 'URX', 'UC', 'UR', 'LR', 'NC', 'DF', 'NEWFLAG'].map((flag): Row => [
        'http',
        '-',
        flag,
        'error',
      ]),
      ['http', '0', 'UF', 'error'],
      ['http', '-', 'DC,UC', 'error'],
    ],
    '"code 0 with DC (the client left)": shown, not an error': [
      ['http', '-', 'DC', 'clientLeft'],
      ['http', '0', 'DC', 'clientLeft'],
      ['http', '-', 'DR', 'clientLeft'],
      ['grpc', '-', 'DC', 'clientLeft'],
    ],
    'code 0 that nobody explains: shown, not an error': [
      ['http', '-', '-', 'noAnswer'],
      ['http', '-', undefined, 'noAnswer'],
      ['http', '0', '', 'noAnswer'],
    ],
    '"HTTP 4xx": shown apart, not an error': [
      ['http', '404', '-', 'clientError'],
      ['http', '429', 'RL', 'clientError'],
      ['http', '403', '-', 'clientError'],
      ['http', '404', 'NR', 'clientError'],
      ['grpc', '404', '-', 'clientError'],
    ],
    '"gRPC status 2, 4, 8, 13, 14, 15 (server\'s fault), or HTTP 5xx on gRPC": error': [
      ...['2', '4', '8', '13', '14', '15', '500', '503'].map((code): Row => ['grpc', code, '-', 'error']),
      ['grpc', '-', 'UF', 'error'],
    ],
    '"gRPC 1, 3, 5, 6, 7, 9, 10, 11, 12, 16": shown apart, not an error': [
      ...['1', '3', '5', '6', '7', '9', '10', '11', '12', '16'].map((code): Row => ['grpc', code, '-', 'clientError']),
    ],
    '"FI, DI (injected)": error, named injected': [
      ['http', '503', 'FI', 'injected'],
      ['http', '404', 'FI', 'injected'],
      ['http', '200', 'DI', 'injected'],
      ['http', '504', 'DI,UT', 'injected'],
      ['grpc', '14', 'FI', 'injected'],
    ],
    'the rest is success': [
      ['http', '200', '-', 'success'],
      ['http', '301', undefined, 'success'],
      ['grpc', '0', '-', 'success'],
      ['grpc', '200', '-', 'success'],
      ['http', '200', 'RFCF', 'success'],
      ['tcp', '-', '-', 'success'],
    ],
  }
  for (const [name, rows] of Object.entries(table)) {
    describe(name, () => {
      test.each(rows)('%s %s %s is %s', (protocol, code, flags, outcome) => {
        expect(outcomeOf(protocol, code, flags)).toBe(outcome)
        // Asked twice, it answers the same (answers are remembered).
        expect(outcomeOf(protocol, code, flags)).toBe(outcome)
        expect(isError(protocol, code, flags)).toBe(outcome === 'error' || outcome === 'injected')
      })
    })
  }

  it('has no success rate for TCP, though connections that never reached anybody are told', () => {
    expect(outcomeOf('tcp', '-', 'UF')).toBe('error')
    expect(isError('tcp', '-', 'UF')).toBe(false)
    expect(errorRatio('tcp', [{ code: '-', flags: 'UF', rate: 7 }])).toBeUndefined()
  })
})

describe('error ratio', () => {
  it('is the share of errors, injected ones included', () => {
    const responses = [
      { code: '200', flags: '-', rate: 80 },
      { code: '404', flags: '-', rate: 10 },
      { code: '503', flags: 'UF', rate: 7 },
      { code: '503', flags: 'FI', rate: 3 },
    ]
    expect(errorRatio('http', responses)).toBeCloseTo(0.1)
  })

  it('is absent where there were no requests: silence is not success', () => {
    expect(errorRatio('http', [])).toBeUndefined()
    expect(errorRatio('grpc', [{ code: '0', rate: 0 }])).toBeUndefined()
    expect(errorRatio('grpc', [{ code: '-', rate: 9 }])).toBeUndefined()
    expect(
      errorRatio('grpc', [
        { code: '-', rate: 9 },
        { code: '0', rate: 1 },
      ]),
    ).toBe(0)
  })

  it('sums outcomes without losing any', () => {
    const sums = outcomesOf('http', [
      { code: '200', rate: 5 },
      { code: '-', flags: 'DC', rate: 2 },
      { code: '-', flags: 'UF', rate: 3 },
      { code: '400', rate: 11 },
    ])
    expect(sums).toEqual({ total: 21, success: 5, clientLeft: 2, error: 3, clientError: 11, injected: 0, noAnswer: 0 })
  })
})

test('gRPC statuses have names, and nothing else has', () => {
  expect(grpcStatusName('14')).toBe('UNAVAILABLE')
  expect(grpcStatusName('0')).toBe('OK')
  for (const code of ['17', '503', '-', '', '01', '1'.repeat(10_000)]) expect(grpcStatusName(code)).toBeUndefined()
})
