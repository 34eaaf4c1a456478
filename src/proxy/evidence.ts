import { isObject } from '../clients/json.ts'
import { decodeVector } from '../clients/prometheus/decode.ts'
import type { TelemetryEvidence } from '../mesh/doctor/evidence.ts'
import {
  duplicatesIn,
  type EvidenceName,
  evidenceQueries,
  histogramsIn,
  historyIn,
  missingLabelsIn,
  reportsIn,
} from '../mesh/doctor/evidenceQueries.ts'
import type { Query } from '../mesh/queries.ts'
import type { Sample } from '../mesh/samples.ts'
import type { Scope, Window } from '../mesh/scope.ts'
import { label } from '../mesh/telemetry.ts'
import { RefusalError } from './errors.ts'
import { runQuery } from './run.ts'
import type { Upstream } from './upstream.ts'

export interface FoundEvidence {
  readonly evidence: TelemetryEvidence
  readonly queries: readonly Query[]
  /** What could not be asked. */
  readonly notes: readonly string[]
  /** What Prometheus says against its own answers. */
  readonly warnings: readonly string[]
}

const mostNames = 10

/**
 * What the doctor needs of Prometheus, for this scope. A question that one server does not answer (an older one, another engine) leaves
 * its part of the evidence out, with a note; a viewer who may not see every namespace is told of no target, no rule and no job by name.
 */
export async function evidenceOf(
  prometheus: Upstream,
  scope: Scope,
  window: Window,
  now: () => number,
  signal: AbortSignal | undefined,
): Promise<FoundEvidence> {
  const clocks = await clocksOf(prometheus, now, signal)
  // Istio's series at this moment, by Prometheus's own clock: Meshboard's may be what is wrong.
  const at = clocks.prometheus ?? window.at
  const queries = evidenceQueries(scope, window)
  const notes: string[] = []
  const heard = new Set<string>()
  const answers = new Map<EvidenceName, readonly Sample[]>()
  const ask = async (name: EvidenceName, { name: full, promql }: Query): Promise<void> => {
    try {
      const { result, warnings } = await runQuery(prometheus, promql, at, ofItsOwn(signal))
      for (const warning of warnings) heard.add(warning)
      answers.set(name, decodeVector({ resultType: 'vector', result }).samples)
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      const why = scope.seesAll ? `: ${error.refusal.message}` : ''
      notes.push(`Prometheus did not answer ${full}${why}`)
    }
  }
  const [rules] = await Promise.all([
    // Rules carry no cluster: where something tells clusters apart they may be another one's.
    scope.seesAll && scope.matchers.length === 0 ? recordingRulesOf(prometheus, signal) : undefined,
    ...[...queries].map(([name, query]) => ask(name, query)),
  ])
  const has = <T>(name: EvidenceName, read: (samples: readonly Sample[]) => T): T | undefined => {
    const samples = answers.get(name)
    return samples === undefined ? undefined : read(samples)
  }
  const evidence: { -readonly [Key in keyof TelemetryEvidence]?: TelemetryEvidence[Key] | undefined } = {
    newestSample: has('newest', (samples) => Math.max(...samples.map(({ value }) => value))),
    history: has('history', historyIn),
    reportersNow: has('reporters', reportersIn),
    reports: has('reports', reportsIn),
    moved: has('moved', ([sample]) => sample?.value ?? 0),
    missingLabels: has('labels', missingLabelsIn),
    duplicates: has('duplicates', (samples) => duplicatesIn(samples, answers.get('duplicated-pods') ?? [])),
    histograms: has('histograms', histogramsIn),
    recordingRules: rules,
    targets: has('targets', (samples) => ({
      down: samples.find(({ labels }) => labels['state'] === 'down')?.value ?? 0,
      all: samples.find(({ labels }) => labels['state'] === 'all')?.value ?? 0,
      examples: (answers.get('targets-down') ?? []).map(
        ({ labels }) => `${labels['pod'] ?? labels['instance'] ?? ''} of job ${labels['job'] ?? ''} does not answer.`,
      ),
    })),
  }
  return {
    evidence: {
      clocks,
      ...Object.fromEntries(
        Object.entries(evidence).filter(([, value]) => value !== undefined && value !== Number.NEGATIVE_INFINITY),
      ),
    },
    queries: [...queries.values()],
    notes,
    warnings: [...heard],
  }
}

/** Anybody's pod can make up another word. */
function reportersIn(samples: readonly Sample[]): readonly string[] {
  const known = ['destination', 'source', 'waypoint']
  return known.filter((reporter) => samples.some(({ labels }) => labels[label.reporter] === reporter))
}

/** Both clocks at one moment, half the way there taken off. */
async function clocksOf(
  prometheus: Upstream,
  now: () => number,
  signal: AbortSignal | undefined,
): Promise<TelemetryEvidence['clocks']> {
  const before = now()
  const form = new URLSearchParams({ query: 'vector(time())' })
  const { status, json } = await prometheus({ path: 'api/v1/query', form, signal })
  const meshboard = (before + now()) / 2
  const data = status === 200 && isObject(json) ? json['data'] : undefined
  const result: unknown = isObject(data) ? data['result'] : undefined
  const [sample] = Array.isArray(result) ? decodeVector({ resultType: 'vector', result }).samples : []
  return { meshboard, ...(sample === undefined ? {} : { prometheus: sample.value }) }
}

/** `undefined` where this server lists no rules. */
async function recordingRulesOf(
  prometheus: Upstream,
  signal: AbortSignal | undefined,
): Promise<TelemetryEvidence['recordingRules'] | undefined> {
  try {
    const query = new URLSearchParams({ type: 'record' })
    const { status, json } = await prometheus({ path: 'api/v1/rules', query, signal })
    const data = status === 200 && isObject(json) ? json['data'] : undefined
    const groups: readonly unknown[] = isObject(data) && Array.isArray(data['groups']) ? data['groups'] : []
    if (data === undefined) return undefined
    const names = groups.flatMap((group) => {
      const rules: readonly unknown[] = isObject(group) && Array.isArray(group['rules']) ? group['rules'] : []
      return rules.flatMap((rule) => {
        if (!isObject(rule) || rule['type'] !== 'recording' || typeof rule['query'] !== 'string') return []
        return /\bistio_(request|response|tcp)/.test(rule['query']) && typeof rule['name'] === 'string'
          ? [rule['name']]
          : []
      })
    })
    return { count: names.length, names: [...new Set(names)].slice(0, mostNames) }
  } catch (error) {
    if (error instanceof RefusalError) return undefined
    throw error
  }
}

/** A dozen questions listen to one signal at once; Node would call that a leak. This also runs in browsers, where nobody can be told. */
function ofItsOwn(signal: AbortSignal | undefined): AbortSignal | undefined {
  return signal === undefined ? undefined : AbortSignal.any([signal])
}
