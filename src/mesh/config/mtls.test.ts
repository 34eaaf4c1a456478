import { expect, it, test } from 'vitest'
import { effectiveMtls } from './mtls.ts'
import type { MtlsMode, PeerAuthentication } from './objects.ts'

const cart = { namespace: 'shop', labels: { app: 'cart' } }

function policy(namespace: string, mode: MtlsMode, more: Partial<PeerAuthentication> = {}): PeerAuthentication {
  return { namespace, name: `${namespace}-${mode}`, mode, ports: {}, ...more }
}
const own = (mode: MtlsMode, ports: PeerAuthentication['ports'] = {}): PeerAuthentication =>
  policy('shop', mode, { selector: { app: 'cart' }, ports })

it.each([
  ['nothing: Istio’s default', [], 'PERMISSIVE', {}],
  ['the mesh', [policy('istio-system', 'STRICT')], 'STRICT', {}],
  ['the namespace before the mesh', [policy('istio-system', 'STRICT'), policy('shop', 'DISABLE')], 'DISABLE', {}],
  ['the workload before the namespace', [policy('shop', 'DISABLE'), own('STRICT')], 'STRICT', {}],
  ['UNSET inherits', [policy('istio-system', 'STRICT'), policy('shop', 'UNSET'), own('UNSET')], 'STRICT', {}],
  ['the port before the workload', [own('STRICT', { 8080: 'DISABLE', 9090: 'UNSET' })], 'STRICT', { 8080: 'DISABLE' }],
  [
    'another workload’s policy is not its own',
    [policy('shop', 'STRICT', { selector: { app: 'web' } })],
    'PERMISSIVE',
    {},
  ],
  ['another namespace’s neither', [policy('data', 'STRICT')], 'PERMISSIVE', {}],
  ['ports without a selector are not read', [policy('shop', 'STRICT', { ports: { 8080: 'DISABLE' } })], 'STRICT', {}],
] as const)('%s', (_name, policies, mode, ports) => {
  expect(effectiveMtls(policies, cart)).toMatchObject({ mode, ports })
})

test('of two at one level the older counts', () => {
  const older = policy('shop', 'STRICT', { name: 'z', createdAt: '2024-01-01T00:00:00Z' })
  const newer = policy('shop', 'DISABLE', { name: 'a', createdAt: '2025-01-01T00:00:00Z' })
  expect(effectiveMtls([newer, older], cart).mode).toBe('STRICT')
})

test('the root namespace can be another one, and its own workloads are under the mesh’s policy', () => {
  expect(effectiveMtls([policy('root', 'STRICT')], cart, 'root').mode).toBe('STRICT')
  expect(effectiveMtls([policy('root', 'STRICT')], { namespace: 'root', labels: {} }, 'root')).toMatchObject({
    mode: 'STRICT',
    from: [{ name: 'root-STRICT' }],
  })
})
