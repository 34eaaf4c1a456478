import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import type { MeshGraph } from '../../../mesh/graph.ts'
import { graphOf, inventoryOf, type ListKind } from '../../../mesh/inventory.ts'
import type { Query } from '../../../mesh/queries.ts'
import { readMesh } from '../../../mesh/read.ts'
import { useHealthPolicy } from '../../healthPolicy.ts'
import { objectsQuery, type KnownObjects } from '../../queries/objects.ts'
import { seriesQuery, totalsQuery, type SeriesSubject } from '../../queries/series.ts'
import { telemetryQuery, type Answer } from '../../queries/telemetry.ts'
import { useView, type View } from '../../view.tsx'
import type { ListedRow } from './listRows.ts'
import { groups, withMeasures } from './rowMeasures.ts'

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
  /** Reads Kubernetes' part again, whatever came of it. */
  readonly retryObjects: () => void
}

/** Points of a sparkline. */
const sparkSteps = 30
/** Seconds. */
const leastStep = 30
const leastRate = 60

interface Wanted {
  /** Of that namespace alone. */
  readonly only?: string
  /** Whether bytes are asked for over time, too. */
  readonly hasBytesOverTime?: boolean
}

/**
 * One list of the view's scope. A constant number of questions, whatever the number of namespaces and rows: requests, TCP, mTLS, bytes of
 * requests and of responses, a quantile, a rate and (where wanted, in two questions) bytes over time by row, and one for all Kubernetes
 * objects.
 */
export function useInventory(kind: ListKind, { only, hasBytesOverTime = false }: Wanted = {}): Inventory {
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
  const sparks = useQuery(seriesQuery({ ask: 'series-requests', by: [by], reporter: 'auto' }, subjectOf(view)))
  const bytes = useQuery({
    ...seriesQuery({ ask: 'series-throughput', by: [by], reporter: 'auto' }, subjectOf(view)),
    enabled: hasBytesOverTime,
  })
  const tcpBytes = useQuery({
    ...seriesQuery({ ask: 'series-tcp', by: [by], reporter: 'auto' }, subjectOf(view)),
    enabled: hasBytesOverTime,
  })

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
    () =>
      shown === undefined
        ? undefined
        : withMeasures(shown.rows, kind, {
            p95: p95.data?.samples,
            requests: sparks.data?.series,
            // One without the other would be a line beside a number that means both.
            bytes:
              bytes.data === undefined || tcpBytes.data === undefined
                ? undefined
                : [...bytes.data.series, ...tcpBytes.data.series],
          }),
    [shown, kind, p95.data, sparks.data, bytes.data, tcpBytes.data],
  )
  return {
    rows,
    graph: shown?.graph,
    objects: known.data,
    queries: [...(shown?.queries ?? []), ...[p95, sparks, bytes, tcpBytes].flatMap(({ data }) => data?.queries ?? [])],
    notes: shown?.notes ?? [],
    error: asked.requests.error,
    objectsError: known.error,
    retry: () => {
      for (const query of [...all, known, p95, sparks, bytes, tcpBytes]) if (query.isError) void query.refetch()
    },
    retryObjects: () => void known.refetch(),
  }
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
