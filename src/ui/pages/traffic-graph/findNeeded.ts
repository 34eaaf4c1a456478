import type { Need } from '../../../mesh/findNeeds.ts'
import { idleKinds, type GraphChoices } from './words.ts'

/** What of `needs` the graph was not asked for. */
export function missingIn(needs: readonly Need[], choices: GraphChoices): readonly Need[] {
  return needs.filter((need) => {
    if (need === 'idle') return choices.idle.length < idleKinds.length
    if (need === 'waypoints' || need === 'operations') return !choices[need]
    return !choices.labels.includes(need)
  })
}

/** The choices that put what is missing into the graph. */
export function patchFor(
  missing: readonly Need[],
  { labels }: Pick<GraphChoices, 'labels'>,
): Partial<Pick<GraphChoices, 'labels' | 'idle' | 'waypoints' | 'operations'>> {
  const wanted = missing.filter((need) => need === 'responseTime' || need === 'throughput')
  return {
    ...(wanted.length > 0 && { labels: [...new Set([...labels, ...wanted])] }),
    ...(missing.includes('idle') && { idle: idleKinds }),
    ...(missing.includes('waypoints') && { waypoints: true }),
    ...(missing.includes('operations') && { operations: true }),
  }
}
