import { shellWord } from '../../../mesh/shellWord.ts'
import { count, inWords } from '../../format.ts'

/** What the log view says. */
export const strings = {
  title: 'Logs',
  pod: 'Pod',
  container: 'Container',
  lines: 'Lines',
  last: (lines: number) => `Last ${inWords(count(lines))}`,
  previous: 'Of the container before',
  filter: 'Text in a line',
  onlyTrouble: 'Errors and warnings only',
  refresh: 'Read again',
  download: 'Download',
  loading: 'The log is loading',
  failed: 'The log could not be read',
  forbidden: (namespace: string) =>
    `Logs take the permission to get pods/log in ${namespace}: kubectl auth can-i get pods --subresource=log --namespace=${shellWord(namespace)}`,
  goneFor: (gone: string, shown: string) => `The pod ${gone} is gone, or is not of this: here is ${shown}.`,
  noPods: 'No pod is running, or you may not list them: there is no log to read.',
  empty: 'The container has written nothing.',
  filtered: (all: number) => `None of ${inWords(count(all))} lines passes the filter.`,
  shown: (shown: number, all: number) =>
    shown === all ? `${inWords(count(all))} lines` : `${inWords(count(shown))} of ${inWords(count(all))} lines`,
  table: 'Lines of the log',
  decoded: 'What the line says',
  choose: 'Choose a line of the proxy’s access log to see its fields.',
  notDecoded: 'This line is not in Istio’s default access-log format.',
  fields: {
    at: 'Time',
    request: 'Request',
    code: 'Response code',
    noResponse: '0 (no response)',
    flags: 'Envoy’s flags',
    details: 'Why that code',
    upstreamFailure: 'Connection to the callee',
    duration: 'Took',
    received: 'Bytes received',
    sent: 'Bytes sent',
    authority: 'Asked for',
    upstreamCluster: 'Envoy’s cluster',
    upstreamHost: 'Answered by',
    downstream: 'Caller',
    requestId: 'Request id',
  },
}
