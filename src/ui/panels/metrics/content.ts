import {
  added,
  countOf,
  countsOf,
  meanOf,
  overallQuantile,
  overallSuccess,
  quantileOf,
  requestsOf,
  restOf,
  successOf,
  type Tolerance,
  totalOf,
  type AnswerKind,
  type Buckets,
  type Requests,
  type Values,
} from '../../../mesh/panels.ts'
import { clientKinds, serverKinds, type Group } from '../../../mesh/ranking.ts'
import type { Labels, Series } from '../../../mesh/samples.ts'
import { label } from '../../../mesh/telemetry.ts'
import type { Ink, Line } from '../../charts/line.ts'
import { rankInk } from '../../charts/line.ts'
import { strings } from './strings.ts'
import type { PanelId } from './words.ts'

/** How a panel's numbers read. */
export type Quantity = 'ratio' | 'rate' | 'count' | 'duration' | 'bytes'

/** What a panel draws: lines on its steps and how to read them. */
export interface Content {
  readonly lines: readonly Line[]
  readonly quantity: Quantity
  readonly unit: string
  /** What the legend's numbers are while nothing is pointed at. */
  readonly overall: 'mean' | 'total' | 'span'
  readonly scale: 'zero' | 'whole' | 'bytes' | 'one' | 'log'
  /** Whether the lines add up to a whole, so that each has a share of it. */
  readonly isShared: boolean
  readonly degradedBelow?: number | undefined
  readonly failingBelow?: number | undefined
}

/** How 4xx and 5xx are told. */
export interface Telling {
  readonly unit: 'counts' | 'rates'
  /** Seconds. */
  readonly step: number
  /** The step in words: `30 s`. */
  readonly stepText: string
  /** Where the success panel draws its lines. */
  readonly tolerance: Tolerance
}

/** The panels that are drawn from requests grouped by outcome. */
export type RequestPanel = Extract<PanelId, 'success' | 'volume' | '4xx' | '5xx'>

/** What a request panel draws of all requests together. */
export function requestSummary(panel: RequestPanel, series: readonly Series[], telling: Telling): Content {
  const requests = requestsOf(series)
  switch (panel) {
    case 'success':
      return successContent(
        [
          line('success', strings.lines.success, 'line', 'traffic', successOf(requests.total, requests.errors), {
            overall: overallSuccess(requests.total, requests.errors),
          }),
        ],
        telling,
      )
    case 'volume':
      return volumeContent([line('requests', strings.lines.requests, 'area', 'traffic', requests.total)])
    case '4xx':
      return responseContent(
        kindLines(requests, [
          ['http4xx', 'neutral'],
          ['grpcClient', 'others'],
          ['clientLeft', 'client'],
        ]),
        telling,
      )
    case '5xx':
      return responseContent(
        kindLines(requests, [
          ['http5xx', 'failing'],
          ['grpcServer', 'failingSoft'],
          ['noResponse', 'failingHatched'],
          ['injected', 'injected'],
        ]),
        telling,
      )
  }
}

/** Which group a series belongs to; `undefined` where it cannot be told. */
export type GroupOf = (labels: Labels) => Group | undefined

/** What a request panel draws of the ten groups, and of all others together; `all` is grouped by outcome, `ten` by group too. */
export function requestDetail(
  panel: RequestPanel,
  groups: readonly Group[],
  ten: readonly Series[],
  all: readonly Series[],
  telling: Telling,
  groupOf: GroupOf,
): Content {
  const whole = requestsOf(all)
  const seriesOf = byGroup(ten, groupOf)
  const read = groups.map((group) => ({ group, requests: requestsOf(seriesOf(group)) }))
  const rest = (valuesOf: (requests: Requests) => Values) =>
    restOf(
      valuesOf(whole),
      read.map(({ requests }) => valuesOf(requests)),
    )
  const drawn = (valuesOf: (requests: Requests) => Values) => [
    ...read.map(({ group, requests }, place) =>
      line(group.id, group.title, 'line', rankInk(place), valuesOf(requests)),
    ),
    ...othersLine(rest(valuesOf)),
  ]
  switch (panel) {
    case 'success': {
      const total = rest(({ total: one }) => one)
      const errors = rest(({ errors: one }) => one)
      const others = line('others', strings.lines.others, 'line', 'others', successOf(total, errors), {
        overall: overallSuccess(total, errors),
      })
      return successContent(
        [
          ...read.map(({ group, requests }, place) =>
            line(group.id, group.title, 'line', rankInk(place), successOf(requests.total, requests.errors), {
              overall: overallSuccess(requests.total, requests.errors),
            }),
          ),
          ...(others.overall === undefined ? [] : [others]),
        ],
        telling,
      )
    }
    case 'volume':
      return volumeContent(drawn(({ total }) => total))
    case '4xx':
      return responseContent(drawn(ofKinds(clientKinds)), telling)
    case '5xx':
      return responseContent(drawn(ofKinds(serverKinds)), telling)
  }
}

/** The quantiles of all requests' durations. */
export function durationSummary(buckets: Buckets): Content {
  const quantile = (id: string, share: number, ink: Ink) =>
    line(id, id, 'line', ink, quantileOf(share, buckets), {
      overall: overallQuantile(share, buckets),
      isNamedAtEnd: true,
    })
  return durationContent(
    [
      quantile('p99', 0.99, 'q99'),
      quantile('p95', 0.95, 'q95'),
      quantile('p90', 0.9, 'q90'),
      quantile('p50', 0.5, 'q50'),
    ],
    strings.units.duration,
  )
}

/** One quantile of the ten slowest groups, and of all others together; `overall` tells each its quantile over the span. */
export function durationDetail(
  quantile: string,
  groups: readonly Group[],
  ten: readonly Series[],
  rest: readonly Series[],
  overall: (group: Group) => number | undefined,
  groupOf: GroupOf,
): Content {
  const others = totalOf(rest)
  const seriesOf = byGroup(ten, groupOf)
  return durationContent(
    [
      ...groups.map((group, place) =>
        line(group.id, group.title, 'line', rankInk(place), totalOf(seriesOf(group)), { overall: overall(group) }),
      ),
      ...(others.some((value) => value !== undefined)
        ? [line('others', strings.lines.others, 'line', 'others', others, { overall: undefined })]
        : []),
    ],
    strings.units.durationOf(quantile),
  )
}

/** The panels of counters that come in directions. */
export type DirectedPanel = Extract<PanelId, 'tcp' | 'connections' | 'messages'>

const directionsOf: Readonly<Record<DirectedPanel, readonly (keyof typeof strings.lines)[]>> = {
  tcp: ['sent', 'received'],
  connections: ['opened', 'closed'],
  messages: ['sent', 'received'],
}

/** What a directed panel draws of all traffic together: one line for each direction. */
export function directedSummary(panel: DirectedPanel, series: readonly Series[]): Content {
  const inks: readonly Ink[] = ['traffic', 'back']
  return directedContent(
    panel,
    directionsOf[panel].flatMap((direction, place) => {
      const of = ofDirections(series, [direction])
      return of.length === 0
        ? []
        : [line(direction, strings.lines[direction], 'line', inks[place] ?? 'neutral', totalOf(of))]
    }),
  )
}

/** What a directed panel draws of the ten groups, both directions together (connections: those opened), and of all others. */
export function directedDetail(
  panel: DirectedPanel,
  groups: readonly Group[],
  ten: readonly Series[],
  all: readonly Series[],
  groupOf: GroupOf,
): Content {
  const directions = panel === 'connections' ? ['opened'] : directionsOf[panel]
  const seriesOf = byGroup(ten, groupOf)
  const read = groups.map((group) => ({ group, values: totalOf(ofDirections(seriesOf(group), directions)) }))
  const rest = restOf(
    totalOf(ofDirections(all, directions)),
    read.map(({ values }) => values),
  )
  return directedContent(panel, [
    ...read.map(({ group, values }, place) => line(group.id, group.title, 'line', rankInk(place), values)),
    ...othersLine(rest),
  ])
}

/** The series that tell of one of these directions. */
export function ofDirections(series: readonly Series[], directions: readonly string[]): readonly Series[] {
  return series.filter(({ labels }) => directions.includes(labels[label.direction] ?? ''))
}

/** Whether there is anything to draw. */
export function isEmpty({ lines }: Content): boolean {
  return !lines.some(({ values }) => values.some((value) => value !== undefined))
}

/** The series of each group. */
function byGroup(series: readonly Series[], groupOf: GroupOf): (group: Group) => readonly Series[] {
  const lists = new Map<string, Series[]>()
  for (const each of series) {
    const group = groupOf(each.labels)
    if (group === undefined) continue
    const list = lists.get(group.id)
    if (list === undefined) lists.set(group.id, [each])
    else list.push(each)
  }
  return ({ id }) => lists.get(id) ?? []
}

function ofKinds(kinds: readonly AnswerKind[]): (requests: Requests) => Values {
  return (requests) => added(kinds.map((kind) => requests.of(kind)))
}

function othersLine(values: Values): readonly Line[] {
  const isAnything = values.some((value) => value !== undefined && value > 0)
  return isAnything ? [line('others', strings.lines.others, 'line', 'others', values)] : []
}

/** A line for each kind there was; the first is always there, since its zero says something. */
function kindLines(requests: Requests, kinds: readonly (readonly [AnswerKind, Ink])[]): readonly Line[] {
  return kinds.flatMap(([kind, ink], index) =>
    index > 0 && !requests.has(kind)
      ? []
      : [line(kind, strings.lines[kind === 'success' ? 'requests' : kind], 'bars', ink, requests.of(kind))],
  )
}

function successContent(lines: readonly Line[], { tolerance }: Telling): Content {
  return {
    lines,
    quantity: 'ratio',
    unit: strings.units.percent,
    overall: 'span',
    scale: 'one',
    isShared: false,
    degradedBelow: tolerance.degraded,
    failingBelow: tolerance.failing,
  }
}

function volumeContent(lines: readonly Line[]): Content {
  return { lines, quantity: 'rate', unit: strings.units.requests, overall: 'mean', scale: 'zero', isShared: true }
}

function responseContent(lines: readonly Line[], { unit, step, stepText }: Telling): Content {
  if (unit === 'rates') {
    return { lines, quantity: 'rate', unit: strings.units.responses, overall: 'mean', scale: 'zero', isShared: true }
  }
  return {
    lines: lines.map((each) => ({
      ...each,
      values: countsOf(each.values, step),
      overall: countOf(each.values, step),
    })),
    quantity: 'count',
    unit: strings.units.responsesPer(stepText),
    overall: 'total',
    scale: 'whole',
    isShared: true,
  }
}

function durationContent(lines: readonly Line[], unit: string): Content {
  return { lines, quantity: 'duration', unit, overall: 'span', scale: 'log', isShared: false }
}

function directedContent(panel: DirectedPanel, lines: readonly Line[]): Content {
  return panel === 'tcp'
    ? { lines, quantity: 'bytes', unit: strings.units.bytes, overall: 'mean', scale: 'bytes', isShared: true }
    : {
        lines,
        quantity: 'rate',
        unit: strings.units[panel],
        overall: 'mean',
        scale: 'zero',
        isShared: panel === 'messages',
      }
}

function line(
  id: string,
  name: string,
  shape: Line['shape'],
  ink: Ink,
  values: Values,
  more: { readonly overall?: number | undefined; readonly isNamedAtEnd?: boolean } = {},
): Line {
  return {
    id,
    label: name,
    shape,
    ink,
    values,
    overall: 'overall' in more ? more.overall : meanOf(values),
    ...(more.isNamedAtEnd === true ? { isNamedAtEnd: true } : {}),
  }
}
