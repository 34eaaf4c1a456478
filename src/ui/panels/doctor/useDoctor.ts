import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import type { Asked } from '../../../clients/prometheus/telemetry.ts'
import { HttpError } from '../../../clients/errors.ts'
import { diagnose } from '../../../mesh/doctor/diagnose.ts'
import type { Telemetry } from '../../../mesh/doctor/examined.ts'
import type { DoctorFinding } from '../../../mesh/doctor/finding.ts'
import { istioApiQuery } from '../../queries/cluster.ts'
import { doctorQuery, monitoringQuery, type DeepFacts } from '../../queries/doctor.ts'
import { objectsQuery } from '../../queries/objects.ts'
import { useView, type View } from '../../view.tsx'
import { strings } from './strings.ts'

export interface Examination {
  /** `undefined` until everything that can be read was read. */
  readonly findings: readonly DoctorFinding[] | undefined
  readonly facts: DeepFacts | undefined
  /** The queries that ran, by the names that findings use. */
  readonly queries: Asked['queries']
  readonly isLoading: boolean
  readonly retry: () => void
}

/** What the doctor finds in the view, or in `only` that namespace of it; nothing is asked while it is not enabled. */
export function useDoctor(isEnabled = true, only?: string): Examination {
  const whole = useView()
  const view: View = useMemo(
    () => (only === undefined ? whole : { ...whole, namespaces: [only], project: undefined }),
    [whole, only],
  )
  const { cluster, isOwner, window } = view
  const mayRead = isEnabled && cluster.capabilities.kubernetes.allowed
  const facts = useQuery({ ...doctorQuery(view), enabled: isEnabled, retry: false })
  const objects = useQuery({ ...objectsQuery(cluster.name), enabled: mayRead })
  const istioApi = useQuery({ ...istioApiQuery(cluster.name), enabled: mayRead })
  // A member may list them in no namespace but its own, where no Prometheus of the mesh is.
  const monitoring = useQuery({ ...monitoringQuery(cluster.name), enabled: mayRead && isOwner })

  const isSettled = [facts, objects, istioApi, monitoring].every(
    (query) => query.fetchStatus === 'idle' || query.data !== undefined || query.isError,
  )
  const telemetry = telemetryOf(facts.data, facts.error)
  const { seconds } = window
  const findings = useMemo(() => {
    if (!isSettled || telemetry === undefined) return undefined
    const known = objects.data
    return diagnose({
      telemetry,
      window: { seconds, at: 0 },
      namespaces: namespacesOf(view, known?.objects.namespaces),
      objects: known?.objects,
      hasIstioApi: istioApi.data,
      monitoring: monitoring.data?.monitoring ?? undefined,
      visible: known?.namespaces ?? cluster.namespaces ?? null,
      viewerAhead: facts.data?.viewerAhead,
      unread: [
        ...refusedOf(known?.missing ?? []),
        ...(objects.error === null ? [] : [objects.error.message]),
        ...(monitoring.data?.isRefused === true ? [strings.monitorsRefused] : []),
        ...(facts.data?.asked.notes ?? []).filter((note) => note.startsWith('Prometheus did not answer')),
      ],
    })
    // `telemetry` is made anew from the two that stand here.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [
    isSettled,
    facts.data,
    facts.error,
    objects.data,
    objects.error,
    istioApi.data,
    monitoring.data,
    view.namespaces,
    view.project,
    seconds,
    cluster.namespaces,
  ])

  return {
    findings,
    facts: facts.data,
    queries: facts.data?.asked.queries ?? [],
    isLoading: isEnabled && findings === undefined,
    retry: () => {
      for (const query of [facts, objects, istioApi, monitoring]) void query.refetch()
    },
  }
}

function telemetryOf(facts: DeepFacts | undefined, error: Error | null): Telemetry | undefined {
  if (facts !== undefined) return { kind: 'answered', facts, evidence: facts.evidence }
  if (error === null) return undefined
  const body = error instanceof HttpError && error.failure.kind === 'meshboard' ? error.failure.body.error : undefined
  return { kind: 'failed', message: error.message, hint: body?.hint }
}

function namespacesOf(
  { namespaces, project }: View,
  known: readonly { readonly name: string; readonly project?: string }[] | undefined,
): readonly string[] {
  if (project === undefined) return namespaces
  return (known ?? [])
    .filter((each) => each.project === project || each.project?.endsWith(`:${project}`) === true)
    .map(({ name }) => name)
}

/** One sentence for each kind that was refused, wherever. */
function refusedOf(missing: readonly { readonly kind: string; readonly status: number }[]): readonly string[] {
  return [...new Set(missing.map(({ kind, status }) => strings.refused(kind, status)))]
}
