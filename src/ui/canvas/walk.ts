import type { Drawing } from './drawing.ts'
import { sizes, type Places, type Point } from './geometry.ts'

export type Step = 'right' | 'left' | 'up' | 'down'

/**
 * The node a keyboard step leads to from `from`: right to whom it calls, left to who calls it (the busiest edge first), up and down to
 * the nearest node of about the same column. Without a start the top left one; `from` itself where there is nobody.
 */
export function walk(
  drawing: Pick<Drawing, 'nodes' | 'edges'>,
  places: Places,
  from: string | undefined,
  step: Step,
): string | undefined {
  const start = from === undefined ? undefined : places.get(from)
  if (from === undefined || start === undefined) return topLeft(drawing, places)
  if (step === 'right' || step === 'left') {
    const near = drawing.edges
      .filter(({ source, target }) => source !== target && (step === 'right' ? source : target) === from)
      .sort((a, b) => b.rank - a.rank)
      .map(({ source, target }) => (step === 'right' ? target : source))
    return near.find((id) => places.has(id)) ?? from
  }
  const sign = step === 'down' ? 1 : -1
  const away = (place: Point) => (place.y - start.y) * sign
  const cost = (place: Point) => away(place) + Math.max(Math.abs(place.x - start.x) - sizes.column / 2, 0) * 4
  return (
    drawing.nodes
      .flatMap(({ id }) => {
        const place = places.get(id)
        return place === undefined || id === from || away(place) <= 0 ? [] : [{ id, cost: cost(place) }]
      })
      .sort((a, b) => a.cost - b.cost)[0]?.id ?? from
  )
}

function topLeft({ nodes }: Pick<Drawing, 'nodes'>, places: Places): string | undefined {
  return nodes
    .flatMap(({ id }) => {
      const place = places.get(id)
      return place === undefined ? [] : [{ id, ...place }]
    })
    .sort((a, b) => a.x - b.x || a.y - b.y)[0]?.id
}
