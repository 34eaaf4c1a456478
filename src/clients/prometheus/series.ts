import type { CallEnd, ServiceName } from '../../mesh/callEnd.ts'
import type { ServiceFilter } from '../../mesh/countedOnce.ts'
import type { Peer } from '../../mesh/peers.ts'
import { stepsOf, type SeriesQuestion, type Steps } from '../../mesh/rangeQueries.ts'
import { type DecodedMatrix, type DecodedVector, decodeMatrix, decodeVector } from './decode.ts'
import { ask, scopeParameters, type Asked, type TelemetryPlace, type TelemetryScope } from './telemetry.ts'

/** How finely a span is asked for: seconds. */
export interface SeriesGrain {
  readonly step: number
  readonly rateWindow: number
}

export interface AskedSeries extends DecodedMatrix, Asked {
  readonly steps: Steps
}

/** The series that answer a named question over the scope's window, a gap at every step without a value. Throws an error of `errors.ts`. */
export async function askSeries(
  place: TelemetryPlace,
  question: SeriesQuestion,
  scope: TelemetryScope & { readonly at: number },
  { step, rateWindow }: SeriesGrain,
  signal?: AbortSignal,
): Promise<AskedSeries> {
  const parameters = new URLSearchParams({
    ...scopeParameters(scope),
    ...seriesParameters(question),
    step: `${step}`,
    rate: `${rateWindow}`,
  })
  const { data, asked } = await ask(place, question.ask, parameters, signal)
  const steps = stepsOf({ seconds: scope.window, at: scope.at }, step)
  return { ...decodeMatrix(data, steps), ...asked, steps }
}

/** The same question as one number for each group: the rate over the scope's whole window. Throws an error of `errors.ts`. */
export async function askTotals(
  place: TelemetryPlace,
  question: SeriesQuestion,
  scope: TelemetryScope,
  signal?: AbortSignal,
): Promise<DecodedVector & Asked> {
  const parameters = new URLSearchParams({ ...scopeParameters(scope), ...seriesParameters(question) })
  const { data, asked } = await ask(place, question.ask, parameters, signal)
  return { ...decodeVector(data), ...asked }
}

/** A series question's own parameters, in the words of the proxy's door. */
export function seriesParameters(question: SeriesQuestion): Readonly<Record<string, string>> {
  return {
    ...(question.by.length === 0 ? {} : { by: question.by.join(',') }),
    ...(question.reporter === 'auto' ? {} : { reporter: question.reporter }),
    ...('statistic' in question ? { statistic: question.statistic } : {}),
    ...(question.services === undefined ? {} : filterParameters(question.services)),
    ...(question.peers === undefined
      ? {}
      : { peers: question.peers.peers.map(peerText).join(','), ...(question.peers.isRest ? { rest: 'true' } : {}) }),
    ...(question.end === undefined ? {} : { of: endText(question.end), direction: question.end.direction }),
  }
}

/** `workload/shop-core/catalog-v1`, each part percent-encoded. */
export function endText({ kind, namespace, name }: Omit<CallEnd, 'direction'>): string {
  return `${kind}/${written({ namespace, name })}`
}

function peerText(peer: Peer): string {
  switch (peer.kind) {
    case 'unknown':
      return peer.kind
    case 'namespace':
      return `namespace/${encoded(peer.namespace)}`
    case 'workload':
    case 'service':
      return `${peer.kind}/${written(peer)}`
  }
}

function filterParameters({ names, isRest }: ServiceFilter): Readonly<Record<string, string>> {
  return { services: names.map(written).join(','), ...(isRest ? { rest: 'true' } : {}) }
}

/** `shop-core/catalog`, each half percent-encoded: any label value survives commas and slashes. */
function written({ namespace, name }: ServiceName): string {
  return `${encoded(namespace)}/${encoded(name)}`
}

/** Half a surrogate pair has no UTF-8 form, so that no label value of Prometheus can hold one. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
}
