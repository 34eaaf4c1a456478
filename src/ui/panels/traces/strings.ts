import { count, inWords } from '../../format.ts'

/** What traces say of themselves. */
export const strings = {
  title: 'Traces',
  loading: 'Traces are loading',
  connect: {
    title: 'No trace store is connected',
    text: 'Name the address of Jaeger’s query API, or of Tempo’s Jaeger-compatible one, in Meshboard’s configuration:',
    config: 'clusters:\n  - name: …\n    traces: { url: http://jaeger-query.tracing:16686 }',
    member: 'Ask whoever runs Meshboard to connect Jaeger or Tempo.',
  },
  closed: 'Traces are closed to you',
  failed: 'Traces could not be read',
  none: {
    title: 'No trace in this window',
    text: (services: readonly string[]) =>
      services.length === 0
        ? 'The store knows no service of these names that you may see: proxies send what Istio’s sampling lets through, 1% unless told.'
        : `Nothing of ${services.join(', ')} was traced: proxies send what Istio’s sampling lets through, 1% unless told. A longer window may hold some.`,
  },
  summary: (traces: number, failed: number) =>
    `${inWords(count(traces))} traces${failed === 0 ? ', none failed' : `, ${inWords(count(failed))} failed`}`,
  cut: 'The newest of them; there are more.',
  more: (shown: number, all: number) => `Show all ${all} (${shown} shown)`,
  stale: (cause: string) => `These are of an earlier moment. ${cause}`,
  scatter: (traces: number, failed: number) =>
    `Duration of ${traces} traces over time, ${failed} of them failed; the table lists them all`,
  point: (duration: string, errors: number) => (errors === 0 ? duration : `${duration}, ${errors} errors`),
  start: 'Started',
  began: 'Began at',
  duration: 'Duration',
  spans: 'Spans',
  errors: 'Errors',
  services: 'Services',
  others: (blank: number) => `${blank} of other teams`,
  otherTeam: 'another team',
  otherTeamIn: (namespace: string) => `another team, in ${namespace}`,
  open: (id: string) => `Trace ${id}`,
  page: {
    title: 'Trace',
    noId: {
      title: 'This is not a trace’s id',
      text: 'The address should end in /traces/ with up to 32 hexadecimal digits.',
    },
    spans: 'Spans of the trace',
    summary: (duration: string, spans: number, errors: number) =>
      `${duration} · ${inWords(count(spans))} spans${errors === 0 ? '' : ` · ${inWords(count(errors))} failed`}`,
    toJaeger: 'Open in Jaeger',
    newTab: '(new tab)',
    nextError: 'Next error',
    fold: 'Fold all',
    unfold: 'Unfold all',
    foldOne: (name: string) => `Fold what ${name} called`,
    unfoldOne: (name: string, calls: number) => `Unfold ${calls} spans below ${name}`,
    service: 'Service and operation',
    timeline: 'Timeline',
    chosen: 'Span',
    choose: 'Choose a span to see what its proxy wrote.',
    blank: 'This span is another team’s: only when it was is shown.',
    at: 'Began after',
    took: 'Took',
    own: 'Of it by itself',
    status: 'Status',
    flags: 'Flags',
    kind: 'Side',
    kinds: { client: 'caller', server: 'callee', other: 'other' },
    toApp: 'Its app',
    tags: 'Tags',
    events: 'Events',
    views: { waterfall: 'Waterfall', graph: 'Over the graph' },
    viewsTitle: 'How the trace is shown',
    graph: {
      none: {
        title: 'The trace’s apps are not in the graph',
        text: 'Telemetry of the quarter of an hour around it knows none of them, or you may not see them.',
      },
      said: (ways: number) =>
        `The trace’s ${ways === 1 ? 'one way' : `${ways} ways`} from app to app, over the calls of the quarter of an hour around it. A click on one shows its first span.`,
      elsewhere: (spans: number) =>
        `${inWords(count(spans))} of its spans are of apps that telemetry does not know there.`,
      through: 'The trace went through here.',
      calls: (calls: number, longest: string, failed: number) =>
        [
          ...(calls > 1 ? [`${inWords(count(calls))} calls`, `longest ${longest}`] : [longest]),
          ...(failed > 0 ? [`${inWords(count(failed))} failed`] : []),
        ].join(' · '),
    },
    bar: (name: string, took: string, isError: boolean) => `${name}: ${took}${isError ? ', failed' : ''}`,
  },
}
