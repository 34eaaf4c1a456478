import type { Direction, EndKind } from '../../../mesh/callEnd.ts'
import type { Attainment, Objective } from '../../../mesh/objective.ts'
import type { Change } from '../../../mesh/changes.ts'
import type { EndGrouping } from '../../../mesh/groups.ts'
import type { ReporterChoice } from '../../../mesh/scope.ts'
import { count, inWords, percent, shortSpan } from '../../format.ts'
import type { Comparison, PanelId } from './words.ts'

/** A ratio near 1 with as many digits as tell it from 1. */
const share = (ratio: number): string => `${Number((ratio * 100).toFixed(ratio > 0.999 ? 4 : 2))}\u00a0%`

/** `1.2 h`, `6.9 d`: a history's length need not be exact. */
const roundSpan = (seconds: number): string =>
  seconds < 5400
    ? `${Math.round(seconds / 60)} min`
    : seconds < 172_800
      ? `${Number((seconds / 3600).toFixed(1))} h`
      : `${Number((seconds / 86_400).toFixed(1))} d`

const times = (factor: number): string => `${factor < 10 ? Number(factor.toFixed(1)) : Math.round(factor)} times`

/** Everything the metrics page says, beside the shared strings. */
export const strings = {
  title: 'Traffic Metrics',
  scopeOf: (project: string) => `Project: ${project}`,
  endOf: (kind: EndKind, namespace: string) =>
    kind === 'namespace'
      ? 'Namespace'
      : `${{ service: 'Service', workload: 'Workload', app: 'App' }[kind]} in ${namespace}`,
  toScope: 'All of the scope',
  toGraph: 'Show in the graph',
  asOf: (from: string, to: string, step: string) => `${from} to ${to}, step ${step}`,

  toolbar: {
    label: 'What the panels show',
    level: 'Level',
    summary: 'Summary',
    detail: 'Detail',
    unit: 'Responses as',
    counts: 'Counts',
    rates: 'Per second',
    reporter: 'Reporter',
    reporterNames: { auto: 'Auto', source: 'Source', destination: 'Destination' } satisfies Record<
      ReporterChoice,
      string
    >,
    reporterHints: {
      auto: 'Each call once: the caller’s report, else the callee’s',
      source: 'Only what the callers’ proxies report',
      destination: 'Only what the callees’ proxies and waypoints report',
    } satisfies Record<ReporterChoice, string>,
    quantile: 'Duration',
    direction: 'Direction',
    directions: { inbound: 'Inbound', outbound: 'Outbound' } satisfies Record<Direction, string>,
    by: 'Split by',
    byNames: {
      none: 'Nothing',
      peer: 'Peer',
      version: 'Version',
      code: 'Code',
      flags: 'Flags',
      protocol: 'Protocol',
      mtls: 'mTLS',
    } satisfies Record<EndGrouping | 'none', string>,
    compare: 'Compare with',
    compareNames: {
      none: 'Nothing',
      '1h': '1 hour before',
      '1d': '1 day before',
      '1w': '1 week before',
    } satisfies Record<Comparison, string>,
    exportAll: 'Export',
    zone: 'Time zone',
    local: (offset: string) => `Local, ${offset}`,
    utc: 'UTC',
  },

  titles: {
    success: 'Success Rate',
    volume: 'Request Volume',
    '4xx': '4xx Response Count',
    '5xx': '5xx Response Count',
    duration: 'Request Duration',
    tcp: 'TCP Traffic',
    connections: 'TCP Connections',
    messages: 'gRPC Messages',
  } satisfies Record<PanelId, string>,
  project5xx: 'Project 5xx Response Count',

  units: {
    percent: 'percent of requests',
    requests: 'requests per second',
    responses: 'responses per second',
    responsesPer: (step: string) => `responses per ${step}`,
    duration: 'seconds, log scale',
    durationOf: (quantile: string) => `${quantile} in seconds, log scale`,
    bytes: 'bytes per second',
    connections: 'connections per second',
    messages: 'messages per second',
  },

  lines: {
    success: 'Success',
    requests: 'Requests',
    http4xx: '4xx',
    grpcClient: 'gRPC, caller’s fault',
    clientLeft: 'Client left',
    http5xx: '5xx',
    grpcServer: 'gRPC, server’s fault',
    noResponse: 'No response',
    injected: 'Injected',
    others: 'others',
    sent: 'Sent',
    received: 'Received',
    opened: 'Opened',
    closed: 'Closed',
  },
  was: (value: string) => `was ${value}`,
  degradedBelow: 'Degraded below',
  failingBelow: 'Failing below',
  overall: { mean: 'mean of the span', total: 'total of the span', span: 'over the span' },
  legendHint: 'Click hides or shows it, Shift and click or a double click shows it alone.',

  panel: {
    expand: (title: string) => `Expand ${title}`,
    shrink: (title: string) => `Shrink ${title}`,
    more: (title: string) => `More for ${title}`,
    promql: 'PromQL',
    table: 'Show as a table',
    chart: 'Show as a chart',
    showAll: 'Show all lines',
    png: 'Export PNG',
    csv: 'Export CSV',
    json: 'Export JSON',
    loading: (title: string) => `${title} is loading`,
    failed: 'This panel has no answer',
    onlyThis: 'The other panels are not affected.',
    noEarlier: (cause: string) => `The period before is missing. ${cause}`,
    stale: (asOf: string, cause: string) => `From ${asOf}. ${cause}`,
    retry: 'Retry',
    close: 'Close',
    instant: 'Time',
    tableCaption: (title: string, unit: string) => `${title}, ${unit}, newest first`,
    promqlTitle: (title: string) => `PromQL of ${title}`,
    explore: 'Open in Explore',
    promqlNone: 'Nothing has been asked for this panel yet.',
    empty: {
      success: 'No requests, so there is no success rate.',
      volume: 'No requests.',
      '4xx': 'No 4xx responses.',
      '5xx': 'No 5xx responses, nothing without a response.',
      duration: 'No requests were timed.',
      tcp: 'No TCP traffic.',
      connections: 'No TCP connections.',
      messages: 'No gRPC messages.',
    } satisfies Record<PanelId, string>,
  },

  objective: {
    title: 'Objective',
    meant: (ratio: number, seconds: number) =>
      `${inWords(percent(ratio))} of requests succeed in ${shortSpan(seconds)}`,
    attained: ({ ratio }: Attainment, seconds: number, { seconds: meant }: Objective) =>
      `${share(ratio)} succeeded in the last ${roundSpan(seconds)}${seconds < meant * 0.99 ? ', all the history there is' : ''}.`,
    budget: ({ requests, failed, allowed, left }: Attainment) =>
      left >= 0
        ? `${inWords(percent(left))} of the error budget is left: ${inWords(count(failed))} of ${inWords(count(requests))} requests failed, ${inWords(count(allowed))} may.`
        : `The error budget is overspent: ${inWords(count(failed))} of ${inWords(count(requests))} requests failed, ${times(failed / allowed)} the ${inWords(count(allowed))} that may.`,
    loading: 'Its attainment is being asked for.',
    silent: 'Nothing was asked of it in this time.',
    failed: (cause: string) => `Its attainment could not be found out. ${cause}`,
    malformed: (annotation: string, service: string, text: string) =>
      `The annotation ${annotation} of ${service} says “${text}”, which cannot be read: it should be like 99.9% in 30d.`,
  },

  changes: {
    count: (count: number) => (count === 1 ? '1 change in this span' : `${count} changes in this span`),
    mark: 'Mark them in the charts',
    how: ({ what, by }: Change) =>
      `${{ rolledOut: 'rolled out', created: 'created', changed: 'changed' }[what]}${by === undefined ? '' : ` by ${by}`}`,
    text: (change: Change): string =>
      `${change.object} ${change.namespace}/${change.name} ${strings.changes.how(change)}`,
    more: (count: number) => `and ${count} before`,
    unread: (kinds: readonly string[]) =>
      `Changes of ${kinds.slice(0, 3).join(', ')}${kinds.length > 3 ? ` and ${kinds.length - 3} more kinds` : ''} are missing: you may not list them here.`,
  },

  notes: {
    clipped: (from: string) => `Nothing was recorded for this scope before ${from}; the panels begin there.`,
    tooLong: 'At most 30 days can be drawn: these are the last 30 of the range.',
    outside: (namespace: string) =>
      `${namespace} is not in the chosen scope: only its calls that touch the scope are counted.`,
    serviceOutbound: 'A service makes no calls itself: these are the calls of the workloads that answer for it.',
    mtls: 'Only the callee knows whether a call came encrypted: its report goes first here, so failures that only callers saw are missing.',
    nothingEarlier: (before: string) =>
      `Nothing was recorded for this scope ${before}: there is nothing to compare with.`,
    manyEarlier: (before: string) =>
      `The legend tells each line’s number ${before}; its line is drawn where no more than four are shown.`,
    endsNow: 'The range reaches into the future: it is drawn up to now.',
    forced: {
      source: 'Only the callers’ reports are counted: calls of callers outside the mesh are missing.',
      destination: 'Only the callees’ reports are counted: requests that never arrived are missing.',
    },
  },

  future: {
    title: 'The range lies in the future',
    text: (from: string) => `It begins at ${from}. Choose one that has begun.`,
  },
  unrecorded: {
    title: 'Nothing was recorded in this range',
    text: (from: string, to: string, retention: string | undefined) =>
      `Prometheus holds nothing of the mesh between ${from} and ${to}. ${retention === undefined ? 'It may be older than what is kept there.' : `What is older than ${retention} is not kept there.`}`,
  },
  empty: {
    title: 'No traffic here',
    text: (namespaces: readonly string[]) =>
      namespaces.length === 0
        ? 'The mesh has traffic, but none that touches this scope in this range.'
        : `The mesh has traffic, but none touches ${namespaces.join(', ')} in this range: nothing calls there or from there, or there is no namespace of that name.`,
  },
  emptyEnd: (name: string, direction: Direction) => ({
    title: direction === 'inbound' ? 'No inbound traffic' : 'No outbound traffic',
    text:
      direction === 'inbound'
        ? `Nothing called ${name} in this range, as far as the scope and your rights reach.`
        : `${name} called nothing in this range, as far as the scope and your rights reach.`,
  }),
}
