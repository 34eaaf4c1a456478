import fc from 'fast-check'
import { matchRoutes } from 'react-router'
import { describe, expect, it } from 'vitest'

import { configPlace, detailsPlace, logPlace, metricsPlace } from './links.ts'
import { isName, isNamespace } from './metrics/endWord.ts'

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const alphanumeric = Array.from('abcdefghijklmnopqrstuvwxyz0123456789')
const within = (inner: readonly string[], most: number) =>
  fc
    .tuple(
      fc.constantFrom(...alphanumeric),
      fc.string({ unit: fc.constantFrom(...alphanumeric, ...inner), maxLength: most - 2 }),
      fc.constantFrom(...alphanumeric),
    )
    .map((parts) => parts.join(''))
const label = within(['-'], 63)
const subdomain = within(['-', '.'], 253)
/** Apps are named by label values, which know capitals and underscores: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
const labelValue = within(['-', '_', '.', 'A', 'B', 'X', 'Z'], 63)
/** Service entries' hosts; and whatever else telemetry may say, where a client chooses. */
const host = subdomain.map((name) => `*.${name}`)
const anything = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => !/\p{Surrogate}/u.test(text))

const routes = ['/services/:namespace/:name', '/workloads/:namespace/:name', '/apps/:namespace/:name'].map((path) => ({
  path,
}))

describe('a link to a page about something', () => {
  it.each(['workload', 'app', 'service'] as const)('leads to the %s of that very name, whatever it is', (kind) => {
    fc.assert(
      fc.property(label, fc.oneof(subdomain, labelValue, host, anything), (namespace, name) => {
        fc.pre(name !== '.' && name !== '..' && name !== 'unknown')
        const place = detailsPlace(kind, { namespace, name }, '?window=5m&q=x')
        expect(place.search).toBe('window=5m')
        // As an address bar has it.
        const { pathname } = new URL(`http://page${place.pathname}`)
        const [match] = matchRoutes(routes, { pathname }) ?? []
        expect(match?.route.path).toBe(`/${kind}s/:namespace/:name`)
        expect(match?.params).toEqual({ namespace, name })
        expect(isNamespace(namespace) && isName(name)).toBe(true)
      }),
    )
  })

  it('keeps an object’s name, too', () => {
    fc.assert(
      fc.property(label, subdomain, (namespace, name) => {
        const { pathname } = configPlace({ kind: 'VirtualService', namespace, name }, '')
        const [match] = matchRoutes([{ path: '/istio/:kind/:namespace/:name' }], { pathname }) ?? []
        expect(match?.params).toEqual({ kind: 'VirtualService', namespace, name })
      }),
    )
  })

  it('to a log names the pod', () => {
    const place = logPlace({ namespace: 'shop', name: 'cart' }, 'cart-0', '?window=5m&part=metrics')
    expect(place).toEqual({ pathname: '/workloads/shop/cart', search: 'window=5m&part=logs&pod=cart-0' })
  })

  it('to metrics of a workload keeps the name in the query', () => {
    fc.assert(
      fc.property(label, fc.oneof(subdomain, anything), (namespace, name) => {
        const { search } = metricsPlace({ kind: 'workload', namespace, name }, '')
        expect(new URLSearchParams(search).get('of')).toBe(`workload/${namespace}/${encodeURIComponent(name)}`)
      }),
    )
  })
})
