import { quoted } from './findExpression.ts'
import type { Operand } from './findOperand.ts'
import { operands } from './findOperands.ts'
import { parseFind, type Hope } from './findParse.ts'
import { unitNames } from './findUnits.ts'
import type { MeshGraph } from './graph.ts'

/** One way to go on: `text` takes the place of what stands from `from` to the caret. */
export interface Completion {
  readonly from: number
  readonly text: string
  /** A line about it; empty for values, which speak for themselves. */
  readonly help: string
}

const mostShown = 40
const longestValue = 300

/**
 * How an expression can go on at the end of a text (that is, what stands before the caret): operands, operators, `and` and `or`, and the
 * values seen in the graph, best first, at most forty. Empty where nothing can follow.
 */
export function completionsOf(before: string, graph: MeshGraph): readonly Completion[] {
  const found = parseFind(before).hopes.flatMap((hope) => {
    const typed = before.slice(hope.from)
    return ranked(offersOf(hope, typed, graph), typed).map(({ text, help }) => ({ from: hope.from, text, help }))
  })
  const seen = new Set<string>()
  return found
    .filter(({ from, text }) => {
      const key = `${from} ${text}`
      if (seen.has(key) || before.slice(from) === text.trimEnd()) return false
      seen.add(key)
      return true
    })
    .slice(0, mostShown)
}

interface Offer {
  readonly text: string
  readonly help: string
  /** Other words that lead to it. */
  readonly aliases?: readonly string[]
}

function offersOf(hope: Hope, typed: string, graph: MeshGraph): readonly Offer[] {
  switch (hope.what) {
    case 'operand':
      return [
        ...operands.map(operandOffer),
        { text: 'label:', help: 'a label of the node' },
        { text: 'not ', help: 'everything else' },
      ]
    case 'flag':
      return operands.filter(({ kind }) => kind === 'flag').map(operandOffer)
    case 'labelKey':
      return distinct(graph.nodes.flatMap(({ labels }) => Object.keys(labels ?? {}))).map((key) => ({
        text: `${/^[\w./-]+$/.test(key) ? key : JSON.stringify(key)} `,
        help: '',
      }))
    case 'operator':
      return hope.operand?.kind === 'number' ? numberOperators : textOperators
    case 'value':
      return valueOffers(hope, typed, graph)
    case 'joint':
      return [
        { text: 'and ', help: 'both' },
        { text: 'or ', help: 'either' },
      ]
  }
}

const textOperators: readonly Offer[] = [
  { text: '= ', help: 'is' },
  { text: '!= ', help: 'is not' },
  { text: 'contains ', help: 'has it inside (*=)' },
  { text: 'startswith ', help: 'begins with it (^=)' },
  { text: 'endswith ', help: 'ends with it ($=)' },
  { text: 'not contains ', help: 'does not have it inside' },
]
const numberOperators: readonly Offer[] = [
  { text: '> ', help: 'more than' },
  { text: '>= ', help: 'at least' },
  { text: '< ', help: 'less than' },
  { text: '<= ', help: 'at most' },
  { text: '= ', help: 'is (within half a percent)' },
  { text: '!= ', help: 'is not' },
]

function operandOffer({ names: [name, ...aliases], kind, help }: Operand): Offer {
  return { text: kind === 'flag' ? name : `${name} `, help, aliases }
}

function valueOffers({ operand, labelKey }: Hope, typed: string, graph: MeshGraph): readonly Offer[] {
  if (labelKey !== undefined) {
    const texts = graph.nodes.map(({ labels = {} }) => (Object.hasOwn(labels, labelKey) ? labels[labelKey] : undefined))
    return textOffers(texts)
  }
  if (operand === undefined || operand.kind === 'flag') return []
  if (operand.kind === 'number') {
    const [digits] = /^[\d.]+/.exec(typed) ?? []
    const { quantity } = operand
    const help = {
      duration: 'duration',
      bytes: 'bytes per second',
      rate: 'per second or minute',
      share: 'percent',
      count: '',
    }
    if (digits !== undefined)
      return unitNames(quantity).map((unit) => ({ text: `${digits}${unit}`, help: help[quantity] }))
    return [{ text: 'NaN', help: 'no activity' }]
  }
  if (operand.names[0] === 'node') return textOffers(['app', 'service', 'workload', 'operation', 'unknown'])
  if (operand.of === 'node') return textOffers(graph.nodes.flatMap((node) => operand.read(node)))
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  return textOffers(
    graph.edges.flatMap((edge) => operand.read({ edge, source: byId.get(edge.source), target: byId.get(edge.target) })),
  )
}

const textOffers = (texts: readonly (string | undefined)[]): readonly Offer[] =>
  distinct(texts).map((text) => ({ text: quoted(text), help: '' }))

function distinct(texts: readonly (string | undefined)[]): readonly string[] {
  const known = texts.filter((text) => text !== undefined && text !== '' && text.length <= longestValue)
  return [...new Set(known)].filter((text) => text !== undefined).sort()
}

/** What starts with the typed letters, then what an alias leads to, then what has them inside. */
function ranked(offers: readonly Offer[], typed: string): readonly Offer[] {
  const wanted = typed.toLowerCase().replace(/^["']/, '')
  const nearness = ({ text, aliases = [] }: Offer): number => {
    const own = text.toLowerCase().replace(/^["']/, '')
    if (own.startsWith(wanted)) return 0
    if (aliases.some((alias) => alias.startsWith(wanted))) return 1
    return own.includes(wanted) ? 2 : 3
  }
  return [0, 1, 2].flatMap((rank) => offers.filter((offer) => nearness(offer) === rank))
}
