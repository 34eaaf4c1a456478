import { at, listAt, mapAt, namedOf, textsAt } from '../config/reading.ts'
import type { StringMap } from '../config/objects.ts'

/** The Prometheus operator's objects, as far as they decide who is scraped: https://prometheus-operator.dev/docs/api-reference/api/ */
export interface Monitoring {
  readonly prometheuses: readonly PrometheusObject[]
  /** Only those that scrape Envoy's statistics. */
  readonly monitors: readonly Monitor[]
}

export interface PrometheusObject {
  readonly namespace: string
  readonly name: string
  readonly ignoresNamespaceSelectors: boolean
  readonly podMonitors: Selection
  readonly serviceMonitors: Selection
}

/** Which monitors a Prometheus takes. Absent labels: none of that kind; an empty map: all. */
interface Selection {
  readonly labels?: Selector
  /** Absent: those of its own namespace; an empty selector: of every namespace. */
  readonly namespaces?: Selector
}

interface Selector {
  readonly matchLabels: StringMap
  /** Expressions are not evaluated: who has them may be chosen. */
  readonly hasExpressions: boolean
}

export interface Monitor {
  readonly kind: 'PodMonitor' | 'ServiceMonitor'
  readonly namespace: string
  readonly name: string
  readonly labels: StringMap
  /** `any`, or the namespaces it looks in. */
  readonly looksIn: 'any' | readonly string[]
}

/** As Kubernetes names them. */
export const monitoringKinds = {
  prometheuses: 'prometheuses.monitoring.coreos.com',
  podMonitors: 'podmonitors.monitoring.coreos.com',
  serviceMonitors: 'servicemonitors.monitoring.coreos.com',
} as const

/** Decodes lists as the API server gave them; unreadable parts are left out. */
export function monitoringOf(lists: {
  readonly prometheuses: readonly unknown[]
  readonly podMonitors: readonly unknown[]
  readonly serviceMonitors: readonly unknown[]
}): Monitoring {
  return {
    prometheuses: lists.prometheuses.map((item) => {
      const { namespace, name } = namedOf(item)
      return {
        namespace,
        name,
        ignoresNamespaceSelectors: at(item, 'spec', 'ignoreNamespaceSelectors') === true,
        podMonitors: selectionOf(item, 'podMonitor'),
        serviceMonitors: selectionOf(item, 'serviceMonitor'),
      }
    }),
    monitors: [
      ...lists.podMonitors.flatMap((item) => monitorOf('PodMonitor', item)),
      ...lists.serviceMonitors.flatMap((item) => monitorOf('ServiceMonitor', item)),
    ],
  }
}

function selectionOf(item: unknown, of: string): Selection {
  const labels = selectorOf(at(item, 'spec', `${of}Selector`))
  const namespaces = selectorOf(at(item, 'spec', `${of}NamespaceSelector`))
  return { ...(labels === undefined ? {} : { labels }), ...(namespaces === undefined ? {} : { namespaces }) }
}

function selectorOf(value: unknown): Selector | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return {
    matchLabels: mapAt(value, 'matchLabels') ?? {},
    hasExpressions: listAt(value, 'matchExpressions').length > 0,
  }
}

/** Envoy's statistics are known by their path, their port and its name: https://istio.io/latest/docs/ops/integrations/prometheus/ */
function monitorOf(kind: Monitor['kind'], item: unknown): readonly Monitor[] {
  const spec = JSON.stringify(at(item, 'spec') ?? {})
  if (!/stats\/prometheus|envoy-prom|15090|15020/.test(spec)) return []
  const { namespace, name } = namedOf(item)
  const isAny = at(item, 'spec', 'namespaceSelector', 'any') === true
  const names = textsAt(item, 'spec', 'namespaceSelector', 'matchNames')
  return [
    {
      kind,
      namespace,
      name,
      labels: mapAt(item, 'metadata', 'labels') ?? {},
      looksIn: isAny ? 'any' : names.length > 0 ? names : [namespace],
    },
  ]
}

/** Whether some Prometheus takes this monitor. A namespace's labels are not looked at: a selector on them may choose it. */
export function isChosen(monitor: Monitor, prometheuses: readonly PrometheusObject[]): boolean {
  return prometheuses.some((prometheus) => {
    const { labels, namespaces } = monitor.kind === 'PodMonitor' ? prometheus.podMonitors : prometheus.serviceMonitors
    if (labels === undefined) return false
    const hasLabels = Object.entries(labels.matchLabels).every(([name, value]) => monitor.labels[name] === value)
    return (
      (hasLabels || labels.hasExpressions) && (namespaces !== undefined || prometheus.namespace === monitor.namespace)
    )
  })
}

/** A version as two numbers; `undefined` where it is none. */
export function versionOf(text: string | undefined): readonly [major: number, minor: number] | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(text ?? '') ?? []
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)]
}

/** The text of a Prometheus retention (`15d`, `15d or 10GiB`, `1w2d`) in seconds; `undefined` where it names no time. */
export function retentionSeconds(text: string | undefined): number | undefined {
  const [time = ''] = (text ?? '').split(' ')
  if (!/^(\d+(ms|[ywdhms]))+$/.test(time)) return undefined
  const units: Readonly<Record<string, number>> = {
    y: 365 * 86_400,
    w: 604_800,
    d: 86_400,
    h: 3600,
    m: 60,
    s: 1,
    ms: 0.001,
  }
  return [...time.matchAll(/(\d+)(ms|[ywdhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  )
}
