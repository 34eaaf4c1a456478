import type { Pod } from '../../clients/kubernetes/wire.ts'
import { faultNamed, occurrence } from '../mesh/faults.ts'
import { flows } from '../mesh/flows.ts'
import type { Flow, Outcome, Workload } from '../mesh/model.ts'
import { allWorkloads } from '../mesh/workloads.ts'
import { randomOf } from '../traces/random.ts'
import type { ObjectStore } from './objectStore.ts'
import { decide, type Person } from './rbac.ts'
import { rightsIn } from './rights.ts'
import { StatusError } from './status.ts'

/** Lines of a log that is kept: what a kubelet still has of a busy container. */
const mostKept = 100_000
/** Seconds between two lines. */
const step = 0.25

export interface LogPlace {
  readonly namespace: string
  readonly pod: string
}

/** What a path asks the log of; undefined for any other path. */
export function logPlaceIn(pathname: string): LogPlace | undefined {
  const [, namespace, pod] = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/log$/.exec(pathname) ?? []
  return namespace === undefined || pod === undefined ? undefined : { namespace, pod }
}

/** The log as the API server would give it, where the person may read it; throws the `StatusError` that it would answer. */
export function answerLog(
  store: ObjectStore,
  { namespace, pod: name }: LogPlace,
  { query, person, now }: { readonly query: URLSearchParams; readonly person: Person; readonly now: number },
): string {
  const action = { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace, name }
  const details = { name, kind: 'pods' }
  if (!decide(rightsIn(store), person, action).allowed) {
    const message = `pods "${name}" is forbidden: User "${person.name}" cannot get resource "pods/log" in API group "" in the namespace "${namespace}"`
    throw new StatusError(403, 'Forbidden', message, details)
  }
  const pod = store.find('pods', namespace, name) as Pod | undefined
  const workload = workloadOfPod(namespace, name)
  if (pod === undefined || workload === undefined)
    throw new StatusError(404, 'NotFound', `pods "${name}" not found`, details)
  const containers = containersWithLogs(pod)
  const container = query.get('container') ?? containers[0] ?? ''
  const bad = (message: string) => new StatusError(400, 'BadRequest', message)
  if (!containers.includes(container)) throw bad(`container ${container} is not valid for pod ${name}`)
  if (query.get('previous') === 'true')
    throw bad(`previous terminated container "${container}" in pod "${name}" not found`)
  if (pod.status?.phase === 'Pending')
    throw bad(`container "${container}" in pod "${name}" is waiting to start: ContainerCreating`)
  const number = (word: string) => (query.has(word) ? Number(query.get(word)) : undefined)
  return logOf(
    { namespace, pod: name, container, tailLines: number('tailLines'), sinceSeconds: number('sinceSeconds'), now },
    { workload, ip: pod.status?.podIP ?? '10.42.0.2' },
  )
}

interface LogRequest extends LogPlace {
  readonly container: string
  readonly tailLines: number | undefined
  readonly sinceSeconds: number | undefined
  /** Unix seconds. */
  readonly now: number
}

/** The names of a pod's containers that have a log, the one that is meant where nobody names any first. */
function containersWithLogs({ spec }: Pod): readonly string[] {
  return [
    ...(spec?.containers ?? []).map(({ name }) => name),
    ...(spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  ]
}

/** The last lines of a container: the same for the same pod and instant, whoever asks. Proxies write Istio's default access log. */
function logOf(
  { namespace, pod, container, tailLines, sinceSeconds, now }: LogRequest,
  known: { readonly workload: Workload; readonly ip: string },
): string {
  const { workload } = known
  const isProxy = container === 'istio-proxy'
  const calls = flows.filter(
    ({ source, destination, protocol }) => protocol !== 'tcp' && (source === workload || destination === workload),
  )
  const wanted = Math.min(
    mostKept,
    tailLines ?? mostKept,
    sinceSeconds === undefined ? mostKept : Math.floor(sinceSeconds / step),
  )
  const last = Math.floor(now / step)
  const lines: string[] = []
  for (let index = last - wanted + 1; index <= last; index++) {
    const random = randomOf(`${namespace}/${pod}/${container}/${index}`)
    const seconds = index * step + random() * step
    const flow = calls[Math.floor(random() * calls.length)]
    lines.push(
      isProxy && flow !== undefined
        ? accessLine(flow, workload, known.ip, seconds, random)
        : appLine(workload, flow, seconds, random),
    )
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

/** The workload that a pod of that name belongs to. */
function workloadOfPod(namespace: string, pod: string): Workload | undefined {
  return allWorkloads
    .filter((each) => each.namespace === namespace && pod.startsWith(`${each.name}-`))
    .toSorted((a, b) => b.name.length - a.name.length)[0]
}

/** https://istio.io/latest/docs/tasks/observability/logs/access-log/#default-access-log-format */
function accessLine(flow: Flow, workload: Workload, ip: string, seconds: number, random: () => number): string {
  const isOutbound = flow.source === workload
  const isFaulty = flow.fault !== undefined && occurrence(faultNamed(flow.fault), seconds).isActive
  const outcome = outcomeOf(flow, isFaulty, random())
  const { code, flags } = !isOutbound && typeof outcome.atDestination === 'object' ? outcome.atDestination : outcome
  const { medianMs } = isFaulty ? (outcome.faultyLatency ?? outcome.latency) : outcome.latency
  const took = Math.max(1, Math.round(medianMs * (0.6 + random())))
  const port = flow.destination?.port ?? 443
  const method = flow.protocol === 'grpc' ? 'POST' : 'GET'
  const path = flow.protocol === 'grpc' ? `/${flow.service.name}.v1/Call` : `/${flow.service.name}`
  const protocol = flow.protocol === 'grpc' ? 'HTTP/2' : 'HTTP/1.1'
  const details = code === 0 ? 'downstream_remote_disconnect' : flags === '-' ? 'via_upstream' : detailsOf(flags)
  const hex = Math.floor(random() * 2 ** 48)
    .toString(16)
    .padStart(12, '0')
  const upstream = isOutbound ? `outbound|${port}||${flow.service.host}` : `inbound|${port}||`
  const host = flags === 'UH' ? '-' : isOutbound ? `10.42.1.${20 + Math.floor(random() * 30)}:${port}` : `${ip}:${port}`
  return [
    `[${new Date(seconds * 1000).toISOString()}]`,
    `"${method} ${path} ${protocol}"`,
    code,
    flags,
    details,
    '-',
    flags === 'UF' ? '"delayed_connect_error:_111"' : '"-"',
    flow.requestBytes,
    code === 0 ? 0 : flow.responseBytes,
    took,
    flags === '-' ? Math.max(1, took - 1) : '-',
    '"-"',
    '"demo-client/1.0"',
    `"${hex.slice(0, 8)}-${hex.slice(8)}-4000-a000-${hex}"`,
    `"${flow.service.host}:${port}"`,
    `"${host}"`,
    upstream,
    `${ip}:41000`,
    `${ip}:${port}`,
    `10.42.2.${10 + Math.floor(random() * 30)}:53210`,
    isOutbound ? '-' : `outbound_.${port}_._.${flow.service.host}`,
    'default',
  ].join(' ')
}

const detailsByFlag: Readonly<Record<string, string>> = {
  UF: 'upstream_reset_before_response_started{connection_failure}',
  UH: 'no_healthy_upstream',
  UT: 'response_timeout',
  DC: 'downstream_remote_disconnect',
}
const detailsOf = (flags: string): string => detailsByFlag[flags] ?? 'via_upstream'

function outcomeOf({ outcomes }: Flow, isFaulty: boolean, random: number): Outcome {
  const [first] = outcomes
  if (first === undefined) throw new Error('A call over HTTP has an outcome.')
  const shareOf = ({ share, faultyShare }: Outcome) => (isFaulty ? (faultyShare ?? share) : share)
  const total = outcomes.reduce((sum, one) => sum + shareOf(one), 0)
  let left = random * total
  for (const one of outcomes) {
    left -= shareOf(one)
    if (left < 0) return one
  }
  return first
}

function appLine(workload: Workload, flow: Flow | undefined, seconds: number, random: () => number): string {
  const at = new Date(seconds * 1000).toISOString()
  const dice = random()
  const about =
    flow === undefined
      ? 'idle'
      : flow.source === workload
        ? `call ${flow.service.name}`
        : `request from ${flow.source.app}`
  if (dice < 0.02) return `${at} WARN  ${workload.app}: retrying ${about}`
  if (dice < 0.03) return `${at} ERROR ${workload.app}: ${about} failed: deadline exceeded`
  return `${at} INFO  ${workload.app}: ${about} done in ${Math.round(2 + random() * 60)} ms`
}
