import type { DoctorSeverity } from '../../../mesh/doctor/codes.ts'
import type { Affected, Confidence } from '../../../mesh/doctor/finding.ts'

/** What the doctor says wherever it speaks. */
export const strings = {
  severity: { failure: 'Failure', warning: 'Warning', note: 'Note' } satisfies Record<DoctorSeverity, string>,
  confidence: {
    certain: 'certain: seen itself',
    likely: 'likely: nothing else explains it',
    possible: 'possible: one of several causes',
  } satisfies Record<Confidence, string>,
  affected: {
    requests: 'request rates',
    errors: 'errors',
    latency: 'response times',
    tcp: 'TCP',
    mtls: 'mTLS',
    names: 'names',
  } satisfies Record<Affected, string>,
  affects: (what: readonly string[]) => `Makes doubtful: ${what.join(', ')}`,
  evidence: 'Evidence',
  objects: 'Objects',
  query: 'Query',
  fix: 'What to do',
  copyFix: 'Copy what to paste',
  copyQuery: 'Copy the query',
  source: 'Documentation',
  askOwner: 'Only a cluster owner can change this: send them this page’s address.',
  whySilent: 'Why there is nothing',
  examining: 'The doctor is looking why',
  toDoctor: 'All that the doctor finds',
  trust: (count: number) =>
    count === 1 ? 'The doctor doubts these numbers' : `The doctor doubts these numbers for ${count} reasons`,
  monitorsRefused: 'The Prometheus operator’s objects may not be listed: who is scraped by configuration is not known.',
  refused: (kind: string, status: number) => `${kind} (${status === 403 ? 'not allowed' : `HTTP ${status}`})`,
} as const

/** Health's shapes stand for severities, with their words beside them. */
export const markOf = { failure: 'failing', warning: 'degraded', note: 'idle' } as const
