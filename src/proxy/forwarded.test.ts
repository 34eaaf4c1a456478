import type { Context } from 'hono'
import { expect, test } from 'vitest'
import { type Arrival, createArrival } from './forwarded.ts'

type Headers = Readonly<Record<string, string>>

/** A request from `peer` with these headers, as Node's server hands it on. */
function arriving(peer: string | undefined, headers: Headers, encrypted = false): Context {
  const env = peer === undefined ? {} : { incoming: { socket: { remoteAddress: peer, encrypted } } }
  return { env, req: { header: (name: string) => headers[name] } } as unknown as Context
}

const arrivalOf = createArrival(['10.42.0.0/16', 'fd00::/8'])
const host = 'inside:8080'

test.each<readonly [what: string, peer: string | undefined, headers: Headers, arrival: Arrival]>([
  [
    'a trusted proxy is believed in all three',
    '10.42.0.7',
    { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'mesh.example.org' },
    { address: '203.0.113.9', isSecure: true, host: 'mesh.example.org' },
  ],
  [
    'one over IPv6 too, also where its address comes as an IPv4 one in IPv6',
    '::ffff:10.42.0.7',
    { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'HTTPS' },
    { address: '203.0.113.9', isSecure: true, host },
  ],
  [
    'of several proxies the last that is not ours came to us; what it claims of others is its own word',
    'fd00::1',
    { 'x-forwarded-for': '198.51.100.1, 203.0.113.9, 10.42.3.3', 'x-forwarded-proto': 'https, http' },
    { address: '203.0.113.9', isSecure: false, host },
  ],
  ['a proxy that says nothing is who asked', '10.42.0.7', {}, { address: '10.42.0.7', isSecure: false, host }],
  [
    'where every hop is ours, the nearest is who asked',
    '10.42.0.7',
    { 'x-forwarded-for': '10.42.1.1' },
    { address: '10.42.0.7', isSecure: false, host },
  ],
  [
    'anybody else is not believed in anything',
    '192.0.2.4',
    { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'mesh.example.org' },
    { address: '192.0.2.4', isSecure: false, host },
  ],
  ['without a socket nobody is known', undefined, { 'x-forwarded-proto': 'https' }, { isSecure: false, host }],
])('%s', (_, peer, headers, arrival) => {
  expect(arrivalOf(arriving(peer, { host, ...headers }))).toEqual(arrival)
})

test('TLS of our own listener is secure, whatever is forwarded by whoever is not trusted', () => {
  expect(arrivalOf(arriving('192.0.2.4', { host, 'x-forwarded-proto': 'http' }, true)).isSecure).toBe(true)
})
