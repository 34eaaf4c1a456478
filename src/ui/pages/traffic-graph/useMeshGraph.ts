import { useQueries, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'

import type { MeshObjects } from '../../../mesh/config/objects.ts'
import type { MeshGraph } from '../../../mesh/graph.ts'
import type { HealthPolicy } from '../../../mesh/health.ts'
import { type InstantQuestion, levelFor, type Query } from '../../../mesh/queries.ts'
import { objectsQuery } from '../../queries/objects.ts'
import type { Subject } from '../../queries/telemetry.ts'
import { isOpened, openedQuery, readerFor } from './reader/answers.ts'
import { LostAnswerError, type OpenedAnswer, type ReadingOrder } from './reader/reading.ts'
import { graphStrings } from './strings.ts'
import type { GraphChoices } from './words.ts'

type GraphQuestion = Exclude<InstantQuestion, { readonly ask: 'plaintext' }>
type QuestionName = GraphQuestion['ask']

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
  readonly order: Order
  readonly graph: MeshGraph
  readonly notes: readonly string[]
}

const nothing: readonly string[] = []

interface Capable {
  readonly cluster: { readonly capabilities: { readonly kubernetes: { readonly allowed: boolean } } }
}

/**
 * Asks the graph's questions at the view's instant and has the answers read as one graph, off the main thread. A new graph appears only
 * when all answers of its instant are there (or have failed), so that numbers of two moments are never mixed; until then, and after a
 * failure, the last one stays.
 */
export function useMeshGraph(view: Subject & Capable, choices: GraphChoices, policy: HealthPolicy): ShownGraph {
  const client = useQueryClient()
  const reader = readerFor(client)
  const questions = useMemo(() => questionsOf(choices), [choices])
  const combine = useCallback(
    (results: readonly UseQueryResult<OpenedAnswer>[]) => settledOf(questions, results),
    [questions],
  )
  const { isSettled, answers, errors } = useQueries({
    queries: questions.map((question) => openedQuery(reader, question, view)),
    combine,
  })
  const { data: known } = useQuery({
    ...objectsQuery(view.cluster.name),
    enabled: view.cluster.capabilities.kubernetes.allowed,
  })

  const { cluster, namespaces, project, window } = view
  const subject = JSON.stringify([cluster.name, namespaces, project, window.seconds, choices])
  // Equal answers to an equal subject are no reason for another graph, hence a key of contents and not of objects.
  const key = answers === undefined ? undefined : JSON.stringify([subject, fingerprintsOf(answers)])
  const order = useMemo(
    (): Order | undefined =>
      answers?.requests === undefined
        ? undefined
        : { subject, policy, objects: known?.objects, ...orderOf(view, choices, policy, answers) },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `key` stands for scope, choices and answers
    [key, policy, known],
  )

  const [kept, setKept] = useState<Kept>()
  const [broken, setBroken] = useState<{ readonly order: Order; readonly error: Error }>()
  useEffect(() => {
    if (order === undefined) return undefined
    let isWanted = true
    reader.read(order.reading, order.objects).then(
      (graph) => {
        if (isWanted) setKept({ subject: order.subject, order, graph, notes: notesOf(order, graph) })
      },
      (error: unknown) => {
        if (!isWanted) return
        if (error instanceof LostAnswerError) void client.resetQueries({ queryKey: ['telemetry'], predicate: isOpened })
        else setBroken({ order, error: error instanceof Error ? error : new Error(String(error)) })
      },
    )
    return () => {
      isWanted = false
    }
  }, [client, reader, order])

  // While answers that are already here are read another way, what was shown before stays for that moment.
  const shown = kept !== undefined && (kept.subject === subject || order !== undefined) ? kept : undefined
  return {
    graph: shown?.graph,
    queries: shown?.order.queries ?? [],
    notes: shown?.notes ?? nothing,
    error:
      errors.find(({ question }) => question === 'requests')?.error ??
      (broken?.order === order ? (broken?.error ?? null) : null),
    failed: errors.flatMap(({ question, error }) =>
      question === 'requests' ? [] : [{ question, cause: error.message }],
    ),
    isRefreshing: shown !== undefined && (!isSettled || (order !== undefined && shown.order !== order)),
    retry: () =>
      void client.refetchQueries({
        queryKey: ['telemetry'],
        type: 'active',
        predicate: ({ state }) => state.status === 'error',
      }),
  }
}

/** What the answers say; where operations were asked for also that none is told, or what is not told of those that are. */
function notesOf({ reading: { answers }, notes }: Order, graph: MeshGraph): readonly string[] {
  if (answers.operations === undefined) return notes
  if (!graph.nodes.some(({ kind }) => kind === 'operation')) return [graphStrings.noOperations, ...notes]
  const isMeasured = answers.responseTime !== undefined || answers.throughput !== undefined
  return isMeasured ? [graphStrings.operationsApart, ...notes] : notes
}

type Answers = Readonly<Partial<Record<QuestionName, OpenedAnswer>>>

/** What one graph is read from, and what is said of it. */
interface Order {
  readonly subject: string
  readonly policy: HealthPolicy
  readonly objects: MeshObjects | undefined
  readonly reading: ReadingOrder
  readonly queries: readonly Query[]
  readonly notes: readonly string[]
}

function questionsOf({
  idle,
  labels,
  protocols,
  tcp,
  grpc,
  statistic,
  graphType,
  throughput,
  operations,
}: GraphChoices): readonly GraphQuestion[] {
  const withIdle = idle.length > 0 ? { withIdle: true } : {}
  return [
    { ask: 'requests', ...withIdle },
    ...(protocols.includes('tcp') ? [{ ask: 'tcp', direction: tcp, ...withIdle } as const] : []),
    ...(grpc !== 'requests' && protocols.includes('grpc')
      ? [{ ask: 'grpc-messages', direction: grpc, ...withIdle } as const]
      : []),
    { ask: 'mtls' },
    ...(labels.includes('responseTime') ? [{ ask: 'response-time', statistic, ...levelFor(graphType) } as const] : []),
    ...(labels.includes('throughput') ? [{ ask: 'throughput', direction: throughput } as const] : []),
    // A service graph has no workloads for operations to stand before.
    ...(operations && graphType !== 'service' ? [{ ask: 'operations' } as const] : []),
  ]
}

/** The answers once all are there or have failed; not before, so that the page is drawn once and not for each. */
function settledOf(questions: readonly GraphQuestion[], results: readonly UseQueryResult<OpenedAnswer>[]) {
  const isSettled = results.every(({ isError, isSuccess }) => isError || isSuccess)
  const asked = questions.flatMap(({ ask: question }, at) => {
    const result = results[at]
    return result === undefined
      ? []
      : [{ question, data: result.isError ? undefined : result.data, error: result.error }]
  })
  const answers: Answers | undefined = isSettled
    ? Object.fromEntries(asked.flatMap(({ question, data }) => (data === undefined ? [] : [[question, data]])))
    : undefined
  return {
    isSettled,
    answers,
    errors: asked.flatMap(({ question, error }) => (error === null ? [] : [{ question, error }])),
  }
}

const fingerprintsOf = (answers: Answers) =>
  Object.entries(answers).map(([question, { fingerprint }]) => [question, fingerprint])

function orderOf(
  { namespaces, window }: Subject,
  choices: GraphChoices,
  policy: HealthPolicy,
  answers: Answers,
): Pick<Order, 'reading' | 'queries' | 'notes'> {
  const { requests, tcp, mtls, throughput, operations } = answers
  const [messages, time] = [answers['grpc-messages'], answers['response-time']]
  const isCountingMessages = choices.grpc !== 'requests' && choices.protocols.includes('grpc')
  const given = [requests, tcp, messages, mtls, time, throughput, operations].filter((answer) => answer !== undefined)
  return {
    reading: {
      answers: {
        requests: requests?.number ?? 0,
        ...(messages === undefined ? {} : { grpcMessages: messages.number }),
        ...(tcp === undefined ? {} : { tcp: tcp.number }),
        ...(time === undefined ? {} : { responseTime: time.number }),
        ...(throughput === undefined ? {} : { throughput: throughput.number }),
        ...(mtls === undefined ? {} : { mtls: mtls.number }),
        ...(operations === undefined ? {} : { operations: operations.number }),
      },
      statistic: choices.statistic,
      idle: choices.idle,
      options: {
        graphType: choices.graphType,
        window: { seconds: window.seconds, at: requests?.time ?? window.at },
        namespaces: requests?.namespaces ?? namespaces,
        reporter: choices.reporter,
        serviceNodes: choices.serviceNodes,
        waypoints: choices.waypoints,
        idleEdges: choices.idle.length > 0,
        http: choices.protocols.includes('http'),
        grpc: !choices.protocols.includes('grpc') ? 'none' : isCountingMessages ? 'messages' : 'requests',
        policy,
      },
    },
    queries: given.flatMap(({ queries }) => queries),
    notes: [
      ...new Set([
        ...(isCountingMessages ? [graphStrings.countsMessages] : []),
        ...given.flatMap(({ notes }) => notes),
      ]),
    ],
  }
}
