import type { ServiceName } from './countedOnce.ts'
import { answerOf, type AnswerKind } from './panels.ts'
import type { Labels, Sample } from './samples.ts'
import { isKnown, label } from './telemetry.ts'

/** What a panel's services are ranked by. */
export type Measure = 'volume' | 'success' | 'clientErrors' | 'serverErrors'

export const clientKinds: readonly AnswerKind[] = ['http4xx', 'grpcClient']
export const serverKinds: readonly AnswerKind[] = ['http5xx', 'grpcServer', 'noResponse', 'injected']

/** How many services a panel draws apart. */
const most = 10

/**
 * The ten services that matter most for a measure over a whole span, from rates grouped by service and outcome: the largest, or the
 * worst; only those that have any of it, but for success, where the quiet rest is filled up by volume. Calls whose service the viewer
 * may not know are in none. The order of the samples does not matter.
 */
export function topServices(samples: readonly Sample[], measure: Measure): readonly ServiceName[] {
  const ranked = [...tally(samples)].map((service) => ({ service, score: scoreOf(service, measure) }))
  return ranked
    .filter(({ score }) => score > 0 || measure === 'success')
    .sort((a, b) => b.score - a.score || b.service.total - a.service.total || order(a.service, b.service))
    .slice(0, most)
    .map(({ service: { namespace, name } }) => ({ namespace, name }))
}

/** The ten with the highest value, from one sample for each service: the slowest. */
export function highestServices(samples: readonly Sample[]): readonly ServiceName[] {
  return samples
    .flatMap(({ labels, value }) => {
      const service = serviceOf(labels)
      return service === undefined ? [] : [{ ...service, value }]
    })
    .sort((a, b) => b.value - a.value || order(a, b))
    .slice(0, most)
    .map(({ namespace, name }) => ({ namespace, name }))
}

/** The service that labels name; `undefined` where they do not tell one. */
export function serviceOf(labels: Labels): ServiceName | undefined {
  const name = labels[label.serviceName]
  return isKnown(name) ? { namespace: labels[label.serviceNamespace] ?? '', name } : undefined
}

/** `catalog.shop-core`; the name alone where the namespace is not known. */
export function serviceTitle({ namespace, name }: ServiceName): string {
  return isKnown(namespace) ? `${name}.${namespace}` : name
}

interface Tally extends ServiceName {
  total: number
  errors: number
  client: number
  server: number
}

function tally(samples: readonly Sample[]): Iterable<Tally> {
  const services = new Map<string, Tally>()
  for (const { labels, value } of samples) {
    const service = serviceOf(labels)
    if (service === undefined) continue
    const key = `${service.namespace.length}:${service.namespace}${service.name}`
    const known = services.get(key) ?? { ...service, total: 0, errors: 0, client: 0, server: 0 }
    services.set(key, known)
    const { kind, isError } = answerOf(labels)
    known.total += value
    if (isError) known.errors += value
    if (clientKinds.includes(kind)) known.client += value
    if (serverKinds.includes(kind)) known.server += value
  }
  return services.values()
}

function scoreOf({ total, errors, client, server }: Tally, measure: Measure): number {
  switch (measure) {
    case 'volume':
      return total
    case 'success':
      return total > 0 ? errors / total : 0
    case 'clientErrors':
      return client
    case 'serverErrors':
      return server
  }
}

function order(a: ServiceName, b: ServiceName): number {
  const [one, other] = [serviceTitle(a), serviceTitle(b)]
  return one < other ? -1 : one > other ? 1 : 0
}
