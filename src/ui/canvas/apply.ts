import type { Core } from 'cytoscape'

import type { SceneElement } from './scene.ts'

/**
 * Patches the drawing to `next` by id: gone elements leave, known ones get what changed of their data and place, new ones arrive.
 * Safe because an edge id fixes its two ends. Gives how many arrived, changed and left. Replaces `cy.json({ elements })`, which
 * removes one element at a time (7 s against 0.4 s at 3,000 nodes and 12,000 edges).
 */
export function apply(
  cy: Core,
  next: readonly SceneElement[],
): { readonly arrived: number; readonly changed: number; readonly left: number } {
  const wanted = new Map(next.map((element) => [element.data.id, element]))
  const gone = cy.elements().filter((element) => {
    const kept = wanted.get(element.id())
    return kept === undefined || kept.classes !== element.data('kind')
  })
  const left = gone.length
  const arrived: SceneElement[] = []
  let changed = 0

  cy.batch(() => {
    gone.remove()
    for (const element of next) {
      const known = cy.getElementById(element.data.id)
      if (known.empty()) {
        arrived.push(element)
        continue
      }
      const before = known.data() as Readonly<Record<string, unknown>>
      const fresh = Object.entries(element.data).filter(([name, value]) => before[name] !== value)
      if (fresh.length > 0) known.data(Object.fromEntries(fresh))
      const { position } = element
      const stands = position === undefined ? undefined : known.position()
      const hasMoved = position !== undefined && (stands?.x !== position.x || stands.y !== position.y)
      if (hasMoved) known.position({ ...position })
      if (fresh.length > 0 || hasMoved) changed++
    }
    cy.add(
      arrived.map(({ group, classes, data, position }) => ({
        group,
        classes,
        data: { ...data, kind: classes },
        grabbable: classes === 'node',
        ...(position === undefined ? {} : { position: { ...position } }),
      })),
    )
  })
  return { arrived: arrived.length, changed, left }
}
