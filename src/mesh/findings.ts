import { flagKinds } from './flags.ts'
import { outcomesOf } from './golden.ts'
import type { GraphEdge, Protocol } from './graph.ts'
import type { Culprit } from './origin.ts'
import { amount, answerWords, duration, listed, percent } from './phrases.ts'
import type { HealthRule, Rules } from './policy.ts'
import { severity, worse } from './verdict.ts'
import type { Health, HealthState } from './verdict.ts'

/** What one protocol's traffic, or the replicas, say. */
export interface Finding {
  readonly state: HealthState
  readonly reasons: readonly string[]
  readonly culprits: readonly Culprit[]
}

/** One finding per protocol that has traffic on these edges. */
export function judge(
  edges: readonly GraphEdge[],
  direction: 'inbound' | 'outbound' | 'either',
  rules: Rules | undefined,
  window: number,
): readonly Finding[] {
  const only = edges[0]
  if (only === undefined) return []
  if (edges.length === 1) return hasTraffic(only) ? [findingOf(only.protocol, direction, edges, rules, window)] : []
  const findings: Finding[] = []
  for (const protocol of ['http', 'grpc', 'tcp'] as const) {
    const mine = edges.filter((edge) => edge.protocol === protocol && hasTraffic(edge))
    if (mine.length > 0) findings.push(findingOf(protocol, direction, mine, rules, window))
  }
  return findings
}

/** The worst finding's state; all reasons, the worst first. */
export function merged(findings: readonly Finding[]): Health {
  const only = findings[0]
  if (only !== undefined && findings.length === 1) return { state: only.state, reasons: only.reasons }
  const sorted = findings.toSorted((a, b) => severity(a.state) - severity(b.state))
  return { state: sorted[0]?.state ?? 'unknown', reasons: sorted.flatMap(({ reasons }) => reasons) }
}

/** Whether there is anything to judge: calls, or connections that came to nothing. */
export function hasTraffic({ rate, failedConnections }: GraphEdge): boolean {
  return rate > 0 || failedConnections !== undefined
}

/** All responses with one code and one flag string. */
interface Answer {
  readonly code: string
  readonly flags?: string | undefined
  /** Per second. */
  readonly rate: number
}

/** The edges' responses by code and flags, hosts laid together. */
function answersOf(edges: readonly GraphEdge[]): readonly Answer[] {
  const single = edges.length === 1 ? edges[0]?.responses : undefined
  const only = single?.length === 1 ? single[0] : undefined
  if (only !== undefined) return only.rate > 0 ? [only] : []
  const answers: Answer[] = []
  const byKey = new Map<string, Answer & { rate: number }>()
  for (const { responses } of edges) {
    for (const { code, flags, rate } of responses) {
      if (rate <= 0) continue
      const key = flags === undefined ? code : `${code} ${flags}`
      const known = byKey.get(key)
      if (known !== undefined) {
        known.rate += rate
        continue
      }
      const answer = { code, flags, rate }
      byKey.set(key, answer)
      answers.push(answer)
    }
  }
  return answers
}

/** What one rule claimed. */
interface Claim {
  readonly rule: HealthRule
  readonly answers: Answer[]
  rate: number
}

function findingOf(
  protocol: Protocol,
  direction: 'inbound' | 'outbound' | 'either',
  edges: readonly GraphEdge[],
  rules: Rules | undefined,
  window: number,
): Finding {
  const answers = answersOf(edges)
  const total = edges.reduce((sum, { rate }) => sum + rate, 0)
  const claims: Claim[] = []
  for (const answer of answers) {
    const { code, flags, rate } = answer
    const rule =
      direction === 'either'
        ? (rules?.claim(protocol, 'inbound', code, flags) ?? rules?.claim(protocol, 'outbound', code, flags))
        : rules?.claim(protocol, direction, code, flags)
    if (rule === undefined) continue
    const claim = claims.find((one) => one.rule === rule)
    if (claim === undefined) claims.push({ rule, answers: [answer], rate })
    else {
      claim.answers.push(answer)
      claim.rate += rate
    }
  }
  const failure = failureOf(protocol, direction, edges, rules)
  if (failure === undefined) return conclude({ protocol, answers, claims, total, window })
  if (total <= 0) return failure
  const flow = conclude({ protocol, answers, claims, total, window })
  return {
    state: worse(failure.state, flow.state),
    reasons: [...failure.reasons, claims.length === 0 ? flowWords(total) : flow.reasons].flat(),
    culprits: [...failure.culprits, ...flow.culprits],
  }
}

/**
 * What TCP connections that came to nothing say; `undefined` without any. They move no bytes, and how many were tried is not known: only
 * a rule that tolerates none of them finds fault.
 */
function failureOf(
  protocol: Protocol,
  direction: 'inbound' | 'outbound' | 'either',
  edges: readonly GraphEdge[],
  rules: Rules | undefined,
): Finding | undefined {
  const byFlags = new Map<string, number>()
  for (const { flags, rate } of protocol === 'tcp' ? edges.flatMap((edge) => edge.failedConnections ?? []) : []) {
    byFlags.set(flags, (byFlags.get(flags) ?? 0) + rate)
  }
  if (byFlags.size === 0) return undefined
  const verdicts = [...byFlags].map(([flags, rate]): Finding => {
    const rule =
      direction === 'either'
        ? (rules?.claim('tcp', 'inbound', '-', flags) ?? rules?.claim('tcp', 'outbound', '-', flags))
        : rules?.claim('tcp', direction, '-', flags)
    const state = rule?.failing === 0 ? 'failing' : rule?.degraded === 0 ? 'degraded' : 'healthy'
    const what = `${amount(rate)} TCP connections/s failed with ${answerWords('tcp', '-', flags)}`
    return {
      state,
      reasons: [`${what}${state === 'healthy' ? ', which counts against nobody' : '; tolerance none'}.`],
      culprits: state === 'healthy' ? [] : [{ protocol: 'tcp', code: '-', flags, rate, isConnections: true }],
    }
  })
  return {
    state: verdicts.reduce<HealthState>((found, verdict) => worse(found, verdict.state), 'unknown'),
    reasons: verdicts.flatMap(({ reasons }) => reasons),
    culprits: verdicts.flatMap(({ culprits }) => culprits),
  }
}

interface Evidence {
  readonly protocol: Protocol
  readonly answers: readonly Answer[]
  readonly claims: readonly Claim[]
  readonly total: number
  readonly window: number
}

function conclude({ protocol, answers, claims, total, window }: Evidence): Finding {
  const outcomes = outcomesOf(protocol, answers)
  const isSilent = outcomes.total <= 0 || atLeast(outcomes.noAnswer, outcomes.total)
  if (protocol !== 'tcp' && isSilent) {
    const what = `${amount(total)} ${nouns[protocol]}/s`
    return {
      state: 'unknown',
      reasons: [`None of ${what} tells how it ended, so its success is not measurable.`],
      culprits: [],
    }
  }
  if (claims.length === 0) {
    const reasons = [successWords(protocol, outcomes, total), ...asides(protocol, answers, outcomes, total)]
    return { state: 'healthy', reasons, culprits: [] }
  }
  const verdicts = claims
    .map((claim) => verdictOf(claim, { protocol, total, window }))
    .sort((a, b) => severity(a.state) - severity(b.state))
  return {
    state: verdicts.reduce<HealthState>((found, verdict) => worse(found, verdict.state), 'unknown'),
    reasons: [...verdicts.flatMap(({ reasons }) => reasons), ...asides(protocol, answers, outcomes, total)],
    culprits: verdicts
      .filter((verdict) => verdict.state === 'failing' || verdict.state === 'degraded')
      .flatMap(({ culprits }) => culprits),
  }
}

const nouns: Readonly<Record<Protocol, string>> = { http: 'requests', grpc: 'gRPC requests', tcp: 'TCP bytes' }

function flowWords(total: number): string {
  return `${amount(total)} B/s of TCP flow (TCP has no success rate).`
}

function successWords(
  protocol: Protocol,
  outcomes: { readonly success: number; readonly total: number },
  total: number,
): string {
  if (protocol === 'tcp') return `${flowWords(total).slice(0, -1)} and no connection failed.`
  if (outcomes.success >= outcomes.total) return `All of ${amount(total)} ${nouns[protocol]}/s succeeded.`
  return `None of ${amount(total)} ${nouns[protocol]}/s failed.`
}

/** What is worth saying though it counts against nobody. */
function asides(
  protocol: Protocol,
  answers: readonly Answer[],
  outcomes: { readonly injected: number; readonly clientLeft: number; readonly noAnswer: number },
  total: number,
): readonly string[] {
  if (outcomes.injected + outcomes.clientLeft + outcomes.noAnswer === 0) return []
  const injected = answers.filter(({ flags }) => flagKinds(flags).includes('injected'))
  const kinds = [...new Set(injected.map(({ code, flags }) => answerWords(protocol, code, flags)))].slice(0, 3)
  return [
    outcomes.injected > 0
      ? `${percent(outcomes.injected / total)} of ${nouns[protocol]} met an injected fault, ${listed(kinds)}: on purpose, so it fails nobody.`
      : undefined,
    outcomes.clientLeft > 0
      ? `${percent(outcomes.clientLeft / total)} of clients left before the answer (DC), which is no error.`
      : undefined,
    outcomes.noAnswer > 0 && protocol !== 'tcp'
      ? `${percent(outcomes.noAnswer / total)} of ${nouns[protocol]} had no response and no flag that says why.`
      : undefined,
  ].filter((sentence) => sentence !== undefined)
}

function verdictOf(
  { rule, ...claim }: Claim,
  { protocol, total, window }: { readonly protocol: Protocol; readonly total: number; readonly window: number },
): Finding {
  const ratio = claim.rate / total
  const answers = claim.answers.toSorted((a, b) => b.rate - a.rate)
  const state = reaches(ratio, rule.failing) ? 'failing' : reaches(ratio, rule.degraded) ? 'degraded' : 'healthy'
  const bound = state === 'failing' ? rule.failing : rule.degraded
  const what = `${percent(ratio)} of ${nouns[protocol]} ${fateOf(protocol, answers, total)}`
  const tolerance = bound === undefined ? '' : `; tolerance ${bound === 0 ? 'none' : percent(bound)}`
  const count = total * window
  if (state !== 'healthy' && protocol !== 'tcp' && !atLeast(count, rule.minRequests)) {
    const few = `only ${amount(count)} in ${duration(window)}, and fewer than ${amount(rule.minRequests)} say nothing`
    return { state: 'unknown', reasons: [`${what}, but there were ${few}.`], culprits: [] }
  }
  const culprits = answers.map(({ code, flags, rate }) => ({ protocol, code, flags, rate }))
  return { state, reasons: [`${what}${tolerance}.`], culprits }
}

/** "failed with 503 UF"; of several, the share of each. */
function fateOf(
  protocol: Protocol,
  answers: readonly { readonly code: string; readonly flags?: string | undefined; readonly rate: number }[],
  total: number,
): string {
  const verb =
    protocol === 'tcp'
      ? 'went over connections that failed'
      : answers.every(({ code, flags }) => isRefusal(protocol, code, flags))
        ? 'were refused'
        : answers.every(({ code }) => /^[1-4]\d\d$/.test(code))
          ? 'were answered'
          : 'failed'
  const [first, ...others] = answers.map(({ code, flags }) => answerWords(protocol, code, flags))
  if (others.length === 0) return `${verb} with ${first ?? ''}`
  const parts = answers
    .slice(0, 3)
    .map(({ code, flags, rate }) => `${percent(rate / total)} with ${answerWords(protocol, code, flags)}`)
  return `${verb}, ${listed(answers.length > 3 ? [...parts, 'the rest with others'] : parts)}`
}

function isRefusal(protocol: Protocol, code: string, flags: string | undefined): boolean {
  if (code === '401' || code === '403' || code === '429') return true
  if (protocol === 'grpc' && (code === '7' || code === '16')) return true
  return flagKinds(flags).length > 0 && flagKinds(flags).every((kind) => kind === 'refused')
}

/** Whether the ratio reaches the bound; a bound of 0 means "any at all", an absent one never. */
function reaches(ratio: number, bound: number | undefined): boolean {
  return bound !== undefined && ratio > 0 && atLeast(ratio, bound)
}

/** `a >= b`, forgiving what sums of rates lose to floating point. */
function atLeast(a: number, b: number): boolean {
  return a >= b * (1 - 1e-9)
}
