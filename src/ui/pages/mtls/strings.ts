import type { StrictVerdict } from '../../../mesh/strict.ts'

/** What the mTLS report says. */
export const strings = {
  title: 'mTLS',
  lookback: 'Looked back',
  lookbackHint: 'How far back plain text is looked for',
  csv: 'Export CSV',
  checklist: 'May I go STRICT?',
  answers: {
    strict: 'STRICT already',
    no: 'Not yet',
    yes: 'Yes',
    unproven: 'Nothing against it yet',
    nothing: 'No proxy would enforce it',
  } satisfies Record<StrictVerdict['answer'], string>,
  answerText: {
    strict: 'The policy takes only mTLS.',
    no: 'Somebody would be cut off.',
    yes: 'Nobody would be cut off.',
    unproven: 'The evidence covers too little to say yes.',
    nothing: 'Nothing here runs behind a proxy.',
  } satisfies Record<StrictVerdict['answer'], string>,
  mode: 'Mode',
  modeUnknown: 'not readable',
  mixed: 'mixed',
  evidence: 'What it rests on',
  apply: 'To go STRICT, apply:',
  none: 'No namespace to judge',
  noneText: 'No proxy reports a call in this scope, and no workload of it could be read.',
  pairs: 'Calls by pair of namespaces',
  noPairs: 'No call was reported in the window, and no plain text in the time looked back.',
  columns: {
    from: 'From',
    to: 'To',
    share: 'Encrypted',
    rate: 'Calls',
    tcp: 'TCP',
    plain: 'Plain text',
    who: 'Who sends plain text, and when last',
    mode: 'Mode of the callee',
  },
  outside: 'outside the mesh',
  hidden: 'not yours to see',
  ofRequests: 'of requests',
  ofBytes: 'of TCP bytes',
  now: (rate: string) => `now, ${rate}`,
  last: (when: string) => `last ${when}`,
  noPlain: 'none seen',
  more: (count: number) => `and ${count} more`,
  history: (asked: string, had: string) =>
    `Plain text was looked for over ${asked}; Prometheus holds Istio’s metrics for at least ${had}.`,
  historyUnknown: (asked: string) =>
    `Plain text was looked for over ${asked}. How far back Istio’s metrics reach could not be found out.`,
  howExact: (grain: string) =>
    `“Last” is exact to ${grain}. Only callees know how a call was secured: what is not scraped is not counted.`,
  untold: (count: number) =>
    `${count} reports do not tell how the call was secured (connection_security_policy was dropped): they are left out.`,
  hiddenPeers: 'Who calls from namespaces you may not see is not named.',
} as const

export const lookbackNames = { '1h': 3600, '6h': 21_600, '1d': 86_400, '7d': 604_800 } as const
export type LookbackName = keyof typeof lookbackNames
