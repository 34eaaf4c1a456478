import type { Span } from '../../../mesh/traces/trace.ts'
import { strings } from '../../panels/traces/strings.ts'

/** What a line calls a span: its service, and what it called or was asked. */
export function spanName({ isBlank, namespace, service, operation }: Span): string {
  if (isBlank === true) return namespace === undefined ? strings.otherTeam : strings.otherTeamIn(namespace)
  // Istio's operations repeat the host's cluster domain, which says nothing.
  const short = operation.replace('.svc.cluster.local', '').replace(/\/\*$/, '')
  return short === '' ? service : `${service} · ${short}`
}
