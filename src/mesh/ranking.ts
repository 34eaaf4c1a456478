import type { ServiceName } from './callEnd.ts'
import { answerOf, type AnswerKind } from './panels.ts'
import type { Labels, Sample } from './samples.ts'
import { isKnown, label } from './telemetry.ts'

/** What a panel's services are ranked by. */
export type Measure = 'volume' | 'success' | 'clientErrors' | 'serverErrors'

export const clientKinds: readonly AnswerKind[] = ['http4xx', 'grpcClient']
export const serverKinds: readonly AnswerKind[] = ['http5xx', 'grpcServer', 'noResponse', 'injected']

/** How many services or other groups a panel draws apart. */
const most = 10

/** What a line of a panel stands for. */
export interface Group {
  /** Its own among the groups of a panel. */
  readonly id: string
  readonly title: string
}

/** The service that labels name, as a group; `undefined` where they do not tell one. */
export function serviceGroup(labels: Labels): (Group & ServiceName) | undefined {
  const service = serviceOf(labels)
  return service && { ...service, id: `${service.namespace}/${service.name}`, title: serviceTitle(service) }
}

/**
 * The ten groups that matter most for a measure over a whole span, from rates grouped by outcome too: the largest, or the worst; only
 * those that have any of it, but for success, where the quiet rest is filled up by volume. What is in no group is in none. The order of
 * the samples does not matter.
 */
export function topGroups<T extends Group>(
  samples: readonly Sample[],
  measure: Measure,
  groupOf: (labels: Labels) => T | undefined,
): readonly T[] {
  const ranked = [...tally(samples, groupOf)].map((each) => ({ ...each, score: scoreOf(each, measure) }))
  return ranked
    .filter(({ score }) => score > 0 || measure === 'success')
    .sort((a, b) => b.score - a.score || b.total - a.total || order(a.group, b.group))
    .slice(0, most)
    .map(({ group }) => group)
}

/** The ten with the highest value, samples of one group added up: the slowest, where there is one sample for each. */
export function highestGroups<T extends Group>(
  samples: readonly Sample[],
  groupOf: (labels: Labels) => T | undefined,
): readonly T[] {
  return [...tally(samples, groupOf)]
    .sort((a, b) => b.total - a.total || order(a.group, b.group))
    .slice(0, most)
    .map(({ group }) => group)
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

interface Tally<T> {
  readonly group: T
  total: number
  errors: number
  client: number
  server: number
}

function tally<T extends Group>(
  samples: readonly Sample[],
  groupOf: (labels: Labels) => T | undefined,
): Iterable<Tally<T>> {
  const groups = new Map<string, Tally<T>>()
  for (const { labels, value } of samples) {
    const group = groupOf(labels)
    if (group === undefined) continue
    const known = groups.get(group.id) ?? { group, total: 0, errors: 0, client: 0, server: 0 }
    groups.set(group.id, known)
    const { kind, isError } = answerOf(labels)
    known.total += value
    if (isError) known.errors += value
    if (clientKinds.includes(kind)) known.client += value
    if (serverKinds.includes(kind)) known.server += value
  }
  return groups.values()
}

function scoreOf({ total, errors, client, server }: Omit<Tally<unknown>, 'group'>, measure: Measure): number {
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

function order(a: Group, b: Group): number {
  return a.title < b.title ? -1 : a.title > b.title ? 1 : a.id < b.id ? -1 : 1
}
