import { edgeOperands } from './findEdgeOperands.ts'
import { nodeOperands } from './findNodeOperands.ts'
import type { Operand } from './findOperand.ts'

/** The whole vocabulary, nodes before edges; `label:<key>` is grammar and not in it. */
export const operands: readonly Operand[] = [...nodeOperands, ...edgeOperands]

const byName = new Map(operands.flatMap((operand) => operand.names.map((name) => [name, operand] as const)))

/** The operand of a name or abbreviation in any case; `undefined` where there is none. */
export function operandNamed(name: string): Operand | undefined {
  return byName.get(name.toLowerCase())
}

/** The name nearest to a mistyped one; `undefined` where none is near. */
export function nearestOperand(name: string): string | undefined {
  const typed = name.toLowerCase().slice(0, 40)
  const near = [...byName.keys()]
    .map((known) => ({ known, distance: distanceBetween(typed, known) }))
    .filter(({ known, distance }) => distance <= Math.floor(Math.min(known.length, typed.length) / 3))
    .sort((a, b) => a.distance - b.distance || (a.known < b.known ? -1 : 1))
  return near[0]?.known
}

/** Letters to change, add, drop or swap with the next to get from one word to the other. */
function distanceBetween(from: string, to: string): number {
  let before: readonly number[] = []
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 0; i < from.length; i += 1) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j += 1) {
      const [diagonal = 0, above = 0, left = 0] = [row[j], row[j + 1], next[j]]
      const isSwapped = from[i] === to[j - 1] && from[i - 1] === to[j]
      const swapped = (isSwapped ? before[j - 1] : undefined) ?? Infinity
      next.push(Math.min(above + 1, left + 1, diagonal + (from[i] === to[j] ? 0 : 1), swapped + 1))
    }
    before = row
    row = next
  }
  return row[to.length] ?? 0
}
