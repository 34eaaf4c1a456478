import type { GraphOptions } from '../read.ts'
import type { Labels, Sample } from '../samples.ts'

/** A workload as a test names it: `namespace/name`, with the rest where it matters. */
export interface End {
  readonly name: string
  readonly cluster?: string
  readonly app?: string
  readonly version?: string
}

export interface Call {
  readonly reporter?: 'source' | 'destination' | 'waypoint'
  /** `undefined` is an unmeshed caller. */
  readonly from?: End | string
  /** `undefined` never reached a workload. */
  readonly to?: End | string
  /** `namespace/name`; by default the destination's app in its namespace. */
  readonly service?: string
  readonly host?: string
  readonly protocol?: 'http' | 'grpc'
  readonly code?: string
  readonly grpcStatus?: string
  readonly flags?: string
  /** Laid over the rest; `undefined` takes a label away. */
  readonly labels?: Readonly<Record<string, string | undefined>>
}

/** A sample of `istio_requests_total` with the labels Istio 1.2x gives it. */
export function requests(rate: number, call: Call): Sample {
  const protocol = call.protocol ?? 'http'
  return {
    value: rate,
    labels: labelsOf(call, {
      request_protocol: protocol,
      response_code: call.code ?? '200',
      grpc_response_status: protocol === 'grpc' ? (call.grpcStatus ?? '0') : undefined,
      response_flags: call.flags ?? '-',
    }),
  }
}

/** A sample of TCP bytes; `isZtunnel` marks the node proxy's report. */
export function tcp(
  rate: number,
  call: Call & { readonly isZtunnel?: boolean; readonly direction?: 'sent' | 'received' },
): Sample {
  return {
    value: rate,
    labels: labelsOf(call, {
      response_flags: call.flags ?? '-',
      app: call.isZtunnel === true ? 'ztunnel' : undefined,
      direction: call.direction ?? 'sent',
    }),
  }
}

/** A sample of a metric of the pair as a whole: response time, throughput, mTLS. */
export function measured(value: number, call: Call): Sample {
  return { value, labels: labelsOf(call, { request_protocol: call.protocol ?? 'http' }) }
}

function labelsOf(call: Call, own: Readonly<Record<string, string | undefined>>): Labels {
  const from = endOf(call.from)
  const to = endOf(call.to)
  const [serviceNamespace, serviceName] =
    call.service === undefined ? (to === undefined ? [] : [to.namespace, to.app]) : split(call.service)
  const host =
    call.host ?? (serviceName === undefined ? undefined : `${serviceName}.${serviceNamespace}.svc.cluster.local`)
  const labels: Record<string, string | undefined> = {
    reporter: call.reporter ?? 'source',
    source_cluster: from?.cluster ?? 'unknown',
    source_workload_namespace: from?.namespace ?? 'unknown',
    source_workload: from?.name ?? 'unknown',
    source_canonical_service: from?.app ?? 'unknown',
    source_canonical_revision: from?.version ?? (from === undefined ? 'unknown' : 'latest'),
    destination_cluster: to?.cluster ?? 'unknown',
    destination_workload_namespace: to?.namespace ?? 'unknown',
    destination_workload: to?.name ?? 'unknown',
    destination_canonical_service: to?.app ?? 'unknown',
    destination_canonical_revision: to?.version ?? (to === undefined ? 'unknown' : 'latest'),
    destination_service: host ?? 'unknown',
    destination_service_name: serviceName ?? 'unknown',
    destination_service_namespace: serviceNamespace ?? 'unknown',
    ...own,
    ...call.labels,
  }
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])),
  )
}

function endOf(
  end: End | string | undefined,
): (Required<Omit<End, 'version'>> & Pick<End, 'version'> & { namespace: string }) | undefined {
  if (end === undefined) return undefined
  const given = typeof end === 'string' ? { name: end } : end
  const [namespace, name] = split(given.name)
  return {
    namespace,
    name,
    cluster: given.cluster ?? 'east',
    app: given.app ?? name.replace(/-v\d+$/, ''),
    ...(given.version === undefined ? {} : { version: given.version }),
  }
}

function split(name: string): readonly [namespace: string, name: string] {
  const at = name.indexOf('/')
  return at < 0 ? ['shop', name] : [name.slice(0, at), name.slice(at + 1)]
}

/** The page's defaults at workload level, over all namespaces. */
export const plain: GraphOptions = {
  graphType: 'workload',
  window: { seconds: 300, at: 1_700_000_000 },
  namespaces: [],
  reporter: 'auto',
  serviceNodes: false,
  waypoints: false,
  idleEdges: false,
  http: true,
  grpc: 'requests',
  policy: [],
}
