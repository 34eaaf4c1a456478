import { at, isObject } from './config/reading.ts'

/** One line of a proxy's access log; what was not logged (`-`) is absent. */
export interface AccessLogEntry {
  /** RFC 3339. */
  readonly at: string
  readonly method?: string
  readonly path?: string
  readonly protocol?: string
  /** 0: no response. */
  readonly code?: number
  readonly flags?: string
  readonly details?: string
  readonly upstreamFailure?: string
  /** Bytes. */
  readonly received?: number
  readonly sent?: number
  /** Seconds. */
  readonly duration?: number
  readonly requestId?: string
  readonly authority?: string
  readonly upstreamHost?: string
  readonly upstreamCluster?: string
  readonly downstream?: string
}

const textFormat =
  /^\[([^\]]+)\] "(\S+) (\S*) ?([^"]*)" (\d+|-) (\S+) (\S+) (\S+) "([^"]*)" (\d+|-) (\d+|-) (\d+|-) (\S+) "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)" (\S+) (\S+) (\S+) (\S+)/

/**
 * The fields of a line in Istio's default access log, as text or as JSON; `undefined` for any other line.
 * https://istio.io/latest/docs/tasks/observability/logs/access-log/#default-access-log-format
 */
export function accessLogOf(line: string): AccessLogEntry | undefined {
  if (line.startsWith('{')) return jsonEntry(line)
  const found = textFormat.exec(line)
  if (found === null) return undefined
  const [
    ,
    when = '',
    method,
    path,
    protocol,
    code,
    flags,
    details,
    ,
    failure,
    received,
    sent,
    took,
    ,
    ,
    ,
    id,
    authority,
    host,
    cluster,
    ,
    ,
    remote,
  ] = found
  return entryOf({
    when,
    method,
    path,
    protocol,
    code,
    flags,
    details,
    failure,
    received,
    sent,
    took,
    id,
    authority,
    host,
    cluster,
    remote,
  })
}

function jsonEntry(line: string): AccessLogEntry | undefined {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return undefined
  }
  if (!isObject(json)) return undefined
  const field = (name: string): string | undefined => {
    const value = at(json, name)
    return typeof value === 'string' ? value : typeof value === 'number' ? `${value}` : undefined
  }
  const when = field('start_time')
  if (when === undefined) return undefined
  return entryOf({
    when,
    method: field('method'),
    path: field('path'),
    protocol: field('protocol'),
    code: field('response_code'),
    flags: field('response_flags'),
    details: field('response_code_details'),
    failure: field('upstream_transport_failure_reason'),
    received: field('bytes_received'),
    sent: field('bytes_sent'),
    took: field('duration'),
    id: field('request_id'),
    authority: field('authority'),
    host: field('upstream_host'),
    cluster: field('upstream_cluster'),
    remote: field('downstream_remote_address'),
  })
}

type Written = Readonly<
  Record<
    | 'method'
    | 'path'
    | 'protocol'
    | 'code'
    | 'flags'
    | 'details'
    | 'failure'
    | 'received'
    | 'sent'
    | 'took'
    | 'id'
    | 'authority'
    | 'host'
    | 'cluster'
    | 'remote',
    string | undefined
  >
> & { readonly when: string }

function entryOf(written: Written): AccessLogEntry {
  const text = (value: string | undefined) => (value === undefined || value === '-' || value === '' ? undefined : value)
  const number = (value: string | undefined) => (value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined)
  const took = number(written.took)
  return defined({
    at: written.when,
    method: text(written.method),
    path: text(written.path),
    protocol: text(written.protocol),
    code: number(written.code),
    flags: text(written.flags),
    details: text(written.details),
    upstreamFailure: text(written.failure),
    received: number(written.received),
    sent: number(written.sent),
    duration: took === undefined ? undefined : took / 1000,
    requestId: text(written.id),
    authority: text(written.authority),
    upstreamHost: text(written.host),
    upstreamCluster: text(written.cluster),
    downstream: text(written.remote),
  })
}

type Loose = { readonly [K in keyof AccessLogEntry]: AccessLogEntry[K] | undefined }

function defined(loose: Loose & { readonly at: string }): AccessLogEntry {
  // What is undefined is left out: then every value is of its field's type.
  return Object.fromEntries(
    Object.entries(loose).filter(([, value]) => value !== undefined),
  ) as unknown as AccessLogEntry
}

/** How a line of any log reads at a glance. */
export type LogLevel = 'error' | 'warning' | undefined

/** Whether a line tells of a failure: by its level, or, in an access log, by its code and Envoy's flags. */
export function levelOf(line: string): LogLevel {
  if (line.startsWith('[')) {
    const code = /^\[[^\]]+\] "[^"]*" (\d+|-) (\S+)/.exec(line)
    if (code !== null) {
      const [, status = '', flags = '-'] = code
      if (status.startsWith('5') || (status === '0' && flags !== 'DC')) return 'error'
      return status.startsWith('4') || flags !== '-' ? 'warning' : undefined
    }
  }
  if (/\b(ERROR|FATAL|PANIC|critical|error)\b/.test(line.slice(0, 200))) return 'error'
  return /\b(WARN|WARNING|warning)\b/.test(line.slice(0, 200)) ? 'warning' : undefined
}
