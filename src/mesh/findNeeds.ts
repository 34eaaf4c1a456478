import type { Expression } from './findExpression.ts'

/** What a graph may have been drawn without, and an expression asks about. */
export type Need = 'responseTime' | 'throughput' | 'idle' | 'waypoints' | 'operations'

const needOf: Readonly<Record<string, Need>> = {
  responsetime: 'responseTime',
  avg: 'responseTime',
  p50: 'responseTime',
  p95: 'responseTime',
  p99: 'responseTime',
  throughput: 'throughput',
  idle: 'idle',
  waypoint: 'waypoints',
  operation: 'operations',
}

/** What has to be in the graph for an expression to find it; sorted, each once. */
export function needsOf(expression: Expression): readonly Need[] {
  const inside = (each: Expression): readonly Need[] => {
    if (each.kind === 'not') return inside(each.part)
    if ('parts' in each) return each.parts.flatMap(inside)
    if (!('operand' in each)) return []
    const need = Object.hasOwn(needOf, each.operand) ? needOf[each.operand] : undefined
    return need === undefined ? [] : [need]
  }
  return [...new Set(inside(expression))].sort()
}
