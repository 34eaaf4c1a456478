import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import type { MeshGraph } from '../../../mesh/graph.ts'
import { graphOf, inventoryOf, type ListKind } from '../../../mesh/inventory.ts'
import type { Query } from '../../../mesh/queries.ts'
import type { Grouping, SeriesQuestion } from '../../../mesh/rangeQueries.ts'
import { readMesh } from '../../../mesh/read.ts'
import type { Labels } from '../../../mesh/samples.ts'
import { label } from '../../../mesh/telemetry.ts'
import { useHealthPolicy } from '../../healthPolicy.ts'
import { objectsQuery, type KnownObjects } from '../../queries/objects.ts'
import { seriesQuery, totalsQuery, type SeriesSubject } from '../../queries/series.ts'
import { telemetryQuery, type Answer } from '../../queries/telemetry.ts'
import { useView, type View } from '../../view.tsx'
import type { ListedRow } from './listRows.ts'

/** A list's rows and what is to be said about them. */
export interface Inventory {
  /** `undefined` until the first answer. */
  readonly rows: readonly ListedRow[] | undefined
  readonly graph: MeshGraph | undefined
  readonly objects: KnownObjects | undefined
  readonly queries: readonly Query[]
  readonly notes: readonly string[]
  /** Why the newest question for requests has no answer; together with rows they are stale. */
  readonly error: Error | null
  /** Why Kubernetes' part is missing. */
  readonly objectsError: Error | null
  readonly retry: () => void
}

/** What series of each list are grouped by, and the labels that name the group. */
const groups: Readonly<Record<ListKind, { readonly by: Grouping; readonly labels: readonly string[] }>> = {
  namespaces: { by: 'namespace', labels: [label.destinationNamespace] },
  apps: { by: 'app', labels: [label.destinationNamespace, label.destinationCanonicalService] },
  workloads: { by: 'workload', labels: [label.destinationNamespace, label.destinationWorkload] },
  services: { by: 'service', labels: [label.serviceNamespace, label.serviceName] },
}

/** Points of a sparkline. */
const sparkSteps = 30
/** Seconds. */
const leastStep = 30
const leastRate = 60

/**
 * One list of the view's scope. A constant number of questions, whatever the number of namespaces and rows: requests, TCP, mTLS, bytes of
 * requests and of responses, a quantile and a rate over time by row, and one for all Kubernetes objects. `only`: of that namespace.
 */
export function useInventory(kind: ListKind, only?: string): Inventory {
  const whole = useView()
  const policy = useHealthPolicy()
  const view = only === undefined ? whole : { ...whole, namespaces: [only], project: undefined }
  const { cluster, namespaces, project, window } = view
  const asked = {
    requests: useQuery(telemetryQuery({ ask: 'requests' }, view)),
    tcp: useQuery(telemetryQuery({ ask: 'tcp', direction: 'total' }, view)),
    mtls: useQuery(telemetryQuery({ ask: 'mtls' }, view)),
    sent: useQuery(telemetryQuery({ ask: 'throughput', direction: 'request' }, view)),
    received: useQuery(telemetryQuery({ ask: 'throughput', direction: 'response' }, view)),
  }
  const known = useQuery({ ...objectsQuery(cluster.name), enabled: cluster.capabilities.kubernetes.allowed })
  const { by } = groups[kind]
  const p95 = useQuery(
    totalsQuery({ ask: 'series-duration', statistic: 'p95', by: [by], reporter: 'auto' }, subjectOf(view)),
  )
  const sparks = useQuery(seriesQuery(sparkQuestion(by), subjectOf(view)))

  const subject = JSON.stringify([cluster.name, namespaces, project, window.seconds, kind])
  const all = Object.values(asked)
  const isSettled = all.every((query) => query.isError || (query.isSuccess && !query.isPlaceholderData))
  const fresh = {
    requests: freshOf(asked.requests),
    tcp: freshOf(asked.tcp),
    mtls: freshOf(asked.mtls),
    sent: freshOf(asked.sent),
    received: freshOf(asked.received),
  }
  const isReadingObjects = known.isPending && known.fetchStatus !== 'idle'
  const made = useMemo(() => {
    const { requests, tcp, mtls, sent, received } = fresh
    if (!isSettled || requests === undefined || isReadingObjects) return undefined
    const given = Object.values(fresh).filter((answer) => answer !== undefined)
    const objects = known.data?.objects
    const graph = readMesh(
      {
        requests: requests.samples,
        ...(tcp === undefined ? {} : { tcp: tcp.samples }),
        ...(mtls === undefined ? {} : { mtls: mtls.samples }),
        throughput: [sent, received].flatMap((answer) => answer?.samples ?? []),
        skipped: given.flatMap(({ skipped }) => skipped),
      },
      objects,
      {
        ...graphOf(kind),
        window: { seconds: window.seconds, at: requests.time ?? window.at },
        namespaces: requests.namespaces ?? namespaces,
        reporter: 'auto',
        waypoints: false,
        idleEdges: true,
        http: true,
        grpc: 'requests',
        policy,
      },
    )
    return {
      subject,
      graph,
      rows: inventoryOf(kind, graph, objects, policy),
      queries: given.flatMap(({ queries }) => queries),
      notes: [...new Set(given.flatMap(({ notes }) => notes))],
    }
    // `subject` stands for scope, window length and list; the answers for the instant.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [
    isSettled,
    subject,
    policy,
    known.data,
    isReadingObjects,
    fresh.requests,
    fresh.tcp,
    fresh.mtls,
    fresh.sent,
    fresh.received,
  ])

  const [kept, setKept] = useState<typeof made>()
  if (made !== undefined && made !== kept) setKept(made)
  const shown = made ?? (kept?.subject === subject ? kept : undefined)
  const rows = useMemo(
    () => (shown === undefined ? undefined : withMeasures(shown.rows, kind, p95.data?.samples, sparks.data?.series)),
    [shown, kind, p95.data, sparks.data],
  )
  return {
    rows,
    graph: shown?.graph,
    objects: known.data,
    queries: [...(shown?.queries ?? []), ...(p95.data?.queries ?? []), ...(sparks.data?.queries ?? [])],
    notes: shown?.notes ?? [],
    error: asked.requests.error,
    objectsError: known.error,
    retry: () => {
      for (const query of [...all, known, p95, sparks]) if (query.isError) void query.refetch()
    },
  }
}

function sparkQuestion(by: Grouping): SeriesQuestion {
  return { ask: 'series-requests', by: [by], reporter: 'auto' }
}

/** The view as series take it, with so many points as a sparkline shows apart. */
export function subjectOf({ cluster, namespaces, project, window, span }: View): SeriesSubject {
  const step = Math.max(leastStep, Math.ceil(window.seconds / sparkSteps))
  return {
    cluster,
    namespaces,
    project,
    window,
    grain: { step, rateWindow: Math.max(step, leastRate) },
    chosen: JSON.stringify(span),
  }
}

/** The answer about the very instant that was asked for. */
function freshOf({ data, isPlaceholderData, isError }: UseQueryResult<Answer>): Answer | undefined {
  return isPlaceholderData || isError ? undefined : data
}

interface Valued {
  readonly labels: Labels
}

function withMeasures(
  rows: Inventory['rows'] & object,
  kind: ListKind,
  p95: readonly (Valued & { readonly value: number })[] | undefined,
  series: readonly (Valued & { readonly points: readonly { readonly value: number | undefined }[] })[] | undefined,
): readonly ListedRow[] {
  const keyOf = ({ labels }: Valued) => JSON.stringify(groups[kind].labels.map((name) => labels[name] ?? ''))
  const quantiles = new Map((p95 ?? []).map((sample) => [keyOf(sample), sample.value]))
  const sparks = new Map((series ?? []).map((each) => [keyOf(each), each.points.map(({ value }) => value)]))
  return rows.map((row) => {
    const key = JSON.stringify(kind === 'namespaces' ? [row.name] : [row.namespace, row.name])
    const quantile = quantiles.get(key)
    const spark = sparks.get(key)
    return {
      ...row,
      ...(quantile === undefined ? {} : { p95: quantile }),
      ...(spark === undefined ? {} : { spark }),
    }
  })
}
