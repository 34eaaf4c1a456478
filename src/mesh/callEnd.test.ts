import { describe, expect, it } from 'vitest'
import { endKinds, endMatchers, serviceMatchers, type CallEnd } from './callEnd.ts'

const cart = { namespace: 'shop', name: 'cart' } as const
const written = (end: CallEnd, hides?: 'source' | 'destination'): readonly string[] =>
  endMatchers(end, hides === undefined ? {} : { hides }).map((matchers) =>
    matchers.map(({ label, op, value }) => `${label}${op}${value}`).join(' '),
  )

describe('the calls of one end', () => {
  it.each([
    ['workload', 'inbound', ['destination_workload_namespace=shop destination_workload=cart']],
    ['workload', 'outbound', ['source_workload_namespace=shop source_workload=cart']],
    ['service', 'inbound', ['destination_service_namespace=shop destination_service_name=cart']],
    // A service makes no calls: whose they are is settled elsewhere (countedOnce.ts).
    ['service', 'outbound', ['source_workload_namespace=shop']],
    [
      'namespace',
      'inbound',
      [
        'destination_workload_namespace=shop',
        'destination_workload_namespace!=shop destination_workload=~unknown| destination_service_namespace=shop',
      ],
    ],
    ['namespace', 'outbound', ['source_workload_namespace=shop']],
    [
      'app',
      'inbound',
      [
        'destination_workload_namespace=shop destination_canonical_service=cart',
        'destination_workload_namespace=shop destination_canonical_service=~unknown| destination_app=cart',
        'destination_workload_namespace=shop destination_canonical_service=~unknown| destination_app=~unknown| destination_workload=cart',
      ],
    ],
    [
      'app',
      'outbound',
      [
        'source_workload_namespace=shop source_canonical_service=cart',
        'source_workload_namespace=shop source_canonical_service=~unknown| source_app=cart',
        'source_workload_namespace=shop source_canonical_service=~unknown| source_app=~unknown| source_workload=cart',
      ],
    ],
  ] as const)('%s, %s', (kind, direction, selectors) => {
    expect(written({ kind, direction, ...cart })).toEqual(selectors)
  })

  it('are never matched on where that end is hidden, since numbers would tell that it exists', () => {
    for (const kind of endKinds) {
      expect(written({ kind, direction: 'inbound', ...cart }, 'destination')).toEqual([])
      expect(written({ kind, direction: 'outbound', ...cart }, 'source')).toEqual([])
      expect(written({ kind, direction: 'inbound', ...cart }, 'source')).not.toEqual([])
      expect(written({ kind, direction: 'outbound', ...cart }, 'destination')).not.toEqual([])
    }
  })

  it('to a namespace are not matched on a service that must not be told', () => {
    const end: CallEnd = { kind: 'namespace', direction: 'inbound', ...cart }
    expect(endMatchers(end, { hidesService: true })).toHaveLength(1)
  })

  it('to a service are those to its name in its namespace', () => {
    expect(serviceMatchers(cart).map(({ op }) => op)).toEqual(['=', '='])
  })
})
