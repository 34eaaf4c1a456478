import type { Query } from '../queries.ts'
import { duration } from '../phrases.ts'
import type { EvidenceName } from './evidenceQueries.ts'
import type { DoctorFinding } from './finding.ts'

/** What the doctor found, as the command line prints it. */
export interface Report {
  /** Unix seconds. */
  readonly time: number
  /** Seconds. */
  readonly window: number
  readonly namespaces: readonly string[]
  /** Its address. */
  readonly prometheus: string
  readonly prometheusVersion?: string
  readonly withKubernetes: boolean
  readonly findings: readonly DoctorFinding[]
  readonly queries: ReadonlyMap<EvidenceName, Query>
}

/** For machines: stable names, the query's text in place of its name. */
export function doctorJson({ queries, findings, ...rest }: Report): string {
  const told = findings.map(({ query, ...finding }) => {
    const promql = query === undefined ? undefined : queries.get(query)?.promql
    return { ...finding, ...(promql === undefined ? {} : { query: promql }) }
  })
  return `${JSON.stringify({ ...rest, findings: told }, null, 2)}\n`
}

/** For people: the worst first, each with its evidence and what to paste. */
export function doctorText({ time, window, namespaces, prometheus, ...rest }: Report): string {
  const { prometheusVersion, withKubernetes, findings, queries } = rest
  const version = prometheusVersion === undefined ? 'Prometheus' : `Prometheus ${prometheusVersion}`
  const scope = namespaces.length === 0 ? 'all namespaces' : namespaces.join(', ')
  const head = [
    `${version} at ${prometheus}, ${scope}, the ${duration(window)} to ${new Date(time * 1000).toISOString().slice(0, 19)}Z`,
    ...(withKubernetes ? [] : ['Without --kubeconfig nothing is said of pods, injection and monitors.']),
    '',
  ]
  if (findings.length === 0) return [...head, 'Nothing was found.', ''].join('\n')
  const counts = (['failure', 'warning', 'note'] as const).flatMap((severity) => {
    const count = findings.filter((each) => each.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`]
  })
  return [...head, ...findings.flatMap((finding) => paragraph(finding, queries)), `${counts.join(', ')}.`, ''].join(
    '\n',
  )
}

function paragraph(
  { severity, code, title, confidence, message, evidence, query, objects = [], fix }: DoctorFinding,
  queries: Report['queries'],
): readonly string[] {
  const promql = query === undefined ? undefined : queries.get(query)?.promql
  const inset = (text: string) => text.split('\n').map((line) => `    ${line}`)
  return [
    `${severity.toUpperCase()} ${code} ${title} (${confidence})`,
    ...inset(message),
    ...evidence.flatMap((each) => inset(`- ${each}`)),
    ...objects.flatMap(({ kind, namespace, name }) =>
      inset(`- ${kind} ${name}${kind === 'Namespace' ? '' : ` in ${namespace}`}`),
    ),
    ...(promql === undefined ? [] : inset(`Query: ${promql}`)),
    ...inset(`What to do: ${fix.say}`),
    ...(fix.paste === undefined ? [] : inset(fix.paste).map((line) => `  ${line}`)),
    '',
  ]
}
