import type { Point } from './geometry.ts'
import type { Labels } from './labels.ts'

interface Seen {
  readonly pan: Point
  readonly width: number
  readonly height: number
}

/**
 * What can be read: `{ "<name>": <its size in CSS pixels>, ... }` for the names and titles that are written inside the view as they are
 * called, not shortened. A name that is written twice has its larger size.
 */
export function writtenIn(
  { titles, names, plates }: Labels,
  { pan, width, height }: Seen,
): Readonly<Record<string, number>> {
  const written = new Map<string, number>()
  const add = (name: string, text: string, size: number, { x, y }: Point) => {
    const isInside = x + pan.x >= 0 && x + pan.x <= width && y + pan.y >= 0 && y + pan.y <= height
    if (text === name && isInside) written.set(text, Math.max(written.get(text) ?? 0, size))
  }
  for (const title of titles) add(title.box.name, title.text, title.size, title)
  for (const title of plates) add(title.plate.name, title.text, title.size, title)
  for (const name of names) add(name.node.name ?? '', name.text + name.rest, name.size, name)
  written.delete('')
  return Object.fromEntries(written)
}
