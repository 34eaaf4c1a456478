import { csvField } from '../../../mesh/export.ts'
import { encryptedShare, type MtlsPair, type Sender } from '../../../mesh/mtlsReport.ts'
import type { StrictVerdict } from '../../../mesh/strict.ts'

const head = [
  'from_namespace',
  'from_workload',
  'to_namespace',
  'to_workload',
  'encrypted_share',
  'share_of',
  'encrypted_requests_per_second',
  'plain_requests_per_second',
  'encrypted_tcp_bytes_per_second',
  'plain_tcp_bytes_per_second',
  'plaintext_protocol',
  'plaintext_rate_now',
  'plaintext_last_seen',
  'mode',
  'may_go_strict',
  'looked_back_seconds',
]

/** The report as comma-separated values (RFC 4180): a row for each pair of namespaces, and one for each sender of plain text in it. */
export function mtlsCsv(pairs: readonly MtlsPair[], verdicts: readonly StrictVerdict[], lookedBack: number): string {
  const verdictOf = new Map(verdicts.map((verdict) => [verdict.namespace, verdict]))
  const rows = pairs.flatMap((pair) => {
    const { from, to, requests, tcp, plaintext } = pair
    const share = encryptedShare(pair)
    const verdict = verdictOf.get(to)
    const end = [verdict?.mode.mode ?? '', verdict?.answer ?? '', String(lookedBack)]
    const whole = [
      from.kind === 'namespace' ? from.name : from.kind,
      '',
      to,
      '',
      share === undefined ? '' : String(share.ratio),
      share?.of ?? '',
      ...[requests.encrypted, requests.plain, tcp.encrypted, tcp.plain].map(String),
      '',
      '',
      '',
      ...end,
    ]
    const senders = plaintext.map(({ from: sender, to: callee, protocol, rate, lastSeen }) => [
      ...senderFields(sender),
      callee.namespace,
      callee.name,
      ...['', '', '', '', '', ''],
      protocol,
      rate === undefined ? '' : String(rate),
      lastSeen === undefined ? '' : new Date(lastSeen * 1000).toISOString(),
      ...end,
    ])
    return [whole, ...senders]
  })
  return [head, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('')
}

function senderFields(sender: Sender): readonly [namespace: string, workload: string] {
  switch (sender.kind) {
    case 'workload':
      return [sender.namespace, sender.name]
    case 'namespace':
      return [sender.namespace, '']
    default:
      return [sender.kind, '']
  }
}
