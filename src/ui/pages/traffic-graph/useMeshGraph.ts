import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import type { MeshGraph } from '../../../mesh/graph.ts'
import type { HealthPolicy } from '../../../mesh/health.ts'
import { levelFor, type Query } from '../../../mesh/queries.ts'
import { readMesh, type Telemetry } from '../../../mesh/read.ts'
import { telemetryQuery, type Answer, type Subject } from '../../queries/telemetry.ts'
import { objectsQuery } from '../../queries/objects.ts'
import { withIdleKinds } from './idleKinds.ts'
import { graphStrings } from './strings.ts'
import type { GraphChoices } from './words.ts'

type QuestionName = 'requests' | 'tcp' | 'grpc-messages' | 'mtls' | 'response-time' | 'throughput'

/** The graph on the screen, and what is to be said about it. */
export interface ShownGraph {
  /** The newest graph of this scope and these choices; older than it should be while `error` is set. */
  readonly graph: MeshGraph | undefined
  /** The PromQL behind it. */
  readonly queries: readonly Query[]
  readonly notes: readonly string[]
  /** Why the newest question for requests has no answer. */
  readonly error: Error | null
  /** The questions that failed while the graph could be drawn without them. */
  readonly failed: readonly { readonly question: QuestionName; readonly cause: string }[]
  readonly isRefreshing: boolean
  readonly retry: () => void
}

interface Kept {
  readonly subject: string
  readonly graph: MeshGraph
  readonly queries: readonly Query[]
  readonly notes: readonly string[]
}

interface Capable {
  readonly cluster: { readonly capabilities: { readonly kubernetes: { readonly allowed: boolean } } }
}

/**
 * Asks the graph's questions at the view's instant and reads the answers as one graph. A new graph appears only when all answers of its
 * instant are there (or have failed), so that numbers of two moments are never mixed; until then, and after a failure, the last
 * one stays.
 */
export function useMeshGraph(view: Subject & Capable, choices: GraphChoices, policy: HealthPolicy): ShownGraph {
  const { labels, statistic, protocols } = choices
  const isIdle = choices.idle.length > 0
  const withIdle = isIdle ? { withIdle: true } : {}
  const withTime = labels.includes('responseTime')
  const withThroughput = labels.includes('throughput')
  const withTcp = protocols.includes('tcp')
  const requests = useQuery(telemetryQuery({ ask: 'requests', ...withIdle }, view))
  const tcp = useQuery({
    ...telemetryQuery({ ask: 'tcp', direction: choices.tcp, ...withIdle }, view),
    enabled: withTcp,
  })
  const messages = choices.grpc === 'requests' ? undefined : choices.grpc
  const withMessages = messages !== undefined && protocols.includes('grpc')
  const grpc = useQuery({
    ...telemetryQuery({ ask: 'grpc-messages', direction: messages ?? 'total', ...withIdle }, view),
    enabled: withMessages,
  })
  const mtls = useQuery(telemetryQuery({ ask: 'mtls' }, view))
  const time = useQuery({
    ...telemetryQuery({ ask: 'response-time', statistic, ...levelFor(choices.graphType) }, view),
    enabled: withTime,
  })
  const throughput = useQuery({
    ...telemetryQuery({ ask: 'throughput', direction: choices.throughput }, view),
    enabled: withThroughput,
  })
  const { data: known } = useQuery({
    ...objectsQuery(view.cluster.name),
    enabled: view.cluster.capabilities.kubernetes.allowed,
  })
  const asked: readonly (readonly [QuestionName, UseQueryResult<Answer>])[] = [
    ['requests', requests],
    ...(withTcp ? [['tcp', tcp] as const] : []),
    ...(withMessages ? [['grpc-messages', grpc] as const] : []),
    ['mtls', mtls],
    ...(withTime ? [['response-time', time] as const] : []),
    ...(withThroughput ? [['throughput', throughput] as const] : []),
  ]

  const { cluster, namespaces, project, window } = view
  const subject = JSON.stringify([cluster.name, namespaces, project, window.seconds, choices])
  const isSettled = asked.every(([, query]) => query.isError || (query.isSuccess && !query.isPlaceholderData))
  const answers = {
    requests: freshOf(requests),
    tcp: withTcp ? freshOf(tcp) : undefined,
    grpcMessages: withMessages ? freshOf(grpc) : undefined,
    mtls: freshOf(mtls),
    time: withTime ? freshOf(time) : undefined,
    throughput: withThroughput ? freshOf(throughput) : undefined,
  }
  const made = useMemo((): Kept | undefined => {
    if (!isSettled || answers.requests === undefined) return undefined
    const given = Object.values(answers).filter((answer) => answer !== undefined)
    return {
      subject,
      graph: withIdleKinds(
        readMesh(telemetryOf(answers, statistic), known?.objects, {
          graphType: choices.graphType,
          window: { seconds: window.seconds, at: answers.requests.time ?? window.at },
          namespaces: answers.requests.namespaces ?? namespaces,
          reporter: choices.reporter,
          serviceNodes: choices.serviceNodes,
          waypoints: choices.waypoints,
          idleEdges: isIdle,
          http: protocols.includes('http'),
          grpc: !protocols.includes('grpc') ? 'none' : withMessages ? 'messages' : 'requests',
          policy,
        }),
        choices.idle,
      ),
      queries: given.flatMap(({ queries }) => queries),
      notes: [
        ...new Set([...(withMessages ? [graphStrings.countsMessages] : []), ...given.flatMap(({ notes }) => notes)]),
      ],
    }
    // `subject` stands for scope, window length and choices; the answers for the instant.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [
    isSettled,
    subject,
    policy,
    known,
    answers.requests,
    answers.tcp,
    answers.grpcMessages,
    answers.mtls,
    answers.time,
    answers.throughput,
  ])

  const [kept, setKept] = useState<Kept>()
  if (made !== undefined && made !== kept) setKept(made)
  const shown = made ?? (kept?.subject === subject ? kept : undefined)
  return {
    graph: shown?.graph,
    queries: shown?.queries ?? [],
    notes: shown?.notes ?? [],
    error: requests.error,
    failed: asked.flatMap(([question, { error }]) =>
      error === null || question === 'requests' ? [] : [{ question, cause: error.message }],
    ),
    isRefreshing: !isSettled && shown !== undefined,
    retry: () => {
      for (const [, query] of asked) if (query.isError) void query.refetch()
    },
  }
}

/** The answer about the very instant that was asked for. */
function freshOf({ data, isPlaceholderData, isError }: UseQueryResult<Answer>): Answer | undefined {
  return data === undefined || isPlaceholderData || isError ? undefined : asBefore(data)
}

const known = new WeakMap<Answer['samples'], Answer>()

/**
 * The same object for an answer that says the same again: react-query keeps the identity of equal parts, but how long it took differs each
 * time. So an unchanged answer makes no new graph, and nothing below is drawn again.
 */
function asBefore(answer: Answer): Answer {
  const before = known.get(answer.samples)
  const isSame =
    before !== undefined &&
    (['time', 'namespaces', 'queries', 'notes', 'skipped'] as const).every((part) => before[part] === answer[part])
  if (isSame) return before
  known.set(answer.samples, answer)
  return answer
}

interface Answers {
  readonly requests: Answer | undefined
  readonly tcp: Answer | undefined
  readonly grpcMessages: Answer | undefined
  readonly mtls: Answer | undefined
  readonly time: Answer | undefined
  readonly throughput: Answer | undefined
}

function telemetryOf(
  { requests, tcp, grpcMessages, mtls, time, throughput }: Answers,
  statistic: GraphChoices['statistic'],
): Telemetry {
  return {
    ...(requests === undefined ? {} : { requests: requests.samples }),
    ...(tcp === undefined ? {} : { tcp: tcp.samples }),
    ...(grpcMessages === undefined ? {} : { grpcMessages: grpcMessages.samples }),
    ...(mtls === undefined ? {} : { mtls: mtls.samples }),
    ...(time === undefined ? {} : { responseTime: { statistic, samples: time.samples } }),
    ...(throughput === undefined ? {} : { throughput: throughput.samples }),
    skipped: [requests, tcp, grpcMessages, mtls, time, throughput].flatMap((answer) => answer?.skipped ?? []),
  }
}
