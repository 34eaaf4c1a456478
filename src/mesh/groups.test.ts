import { expect, test } from 'vitest'

import { groupIn } from './groups.ts'

test.each([
  ['peer', 'inbound', { source_workload_namespace: 'shop', source_workload: 'web' }, 'web.shop'],
  ['peer', 'inbound', { source_workload_namespace: 'unknown', source_workload: 'unknown' }, 'unknown'],
  ['peer', 'inbound', { source_workload_namespace: 'theirs' }, 'somewhere in theirs'],
  ['peer', 'inbound', {}, undefined],
  ['peer', 'outbound', { destination_workload_namespace: 'shop', destination_workload: 'db-0' }, 'db-0.shop'],
  [
    'peer',
    'outbound',
    { destination_workload: 'unknown', destination_service_namespace: 'pay', destination_service_name: 'bank' },
    'bank.pay',
  ],
  ['version', 'inbound', { destination_canonical_revision: 'v2', source_canonical_revision: 'v9' }, 'v2'],
  ['version', 'outbound', { destination_canonical_revision: 'v2', source_canonical_revision: 'v9' }, 'v9'],
  ['code', 'inbound', { request_protocol: 'http', response_code: '404' }, '404'],
  ['code', 'inbound', { request_protocol: 'http', response_code: '0' }, 'no response'],
  [
    'code',
    'inbound',
    { request_protocol: 'grpc', response_code: '200', grpc_response_status: '14' },
    'gRPC UNAVAILABLE',
  ],
  ['code', 'inbound', { request_protocol: 'grpc', response_code: '503', grpc_response_status: '14' }, '503'],
  ['flags', 'inbound', { response_flags: 'UF' }, 'UF'],
  ['flags', 'inbound', {}, '-'],
  ['protocol', 'inbound', { request_protocol: 'tcp' }, 'tcp'],
  ['mtls', 'inbound', { connection_security_policy: 'mutual_tls' }, 'mTLS'],
  ['mtls', 'inbound', { connection_security_policy: 'none' }, 'plain text'],
  ['mtls', 'inbound', { connection_security_policy: 'unknown' }, 'unknown'],
] as const)('by %s, %s: %j is %s', (by, direction, labels, title) => {
  expect(groupIn(by, direction)(labels)?.title).toBe(title)
})
