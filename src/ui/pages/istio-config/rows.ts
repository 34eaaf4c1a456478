import { configStates, type ListedObject } from '../../../mesh/checks/listed.ts'
import { shortSpan } from '../../format.ts'
import type { ColumnName, ConfigChoice, ConfigOrder } from './words.ts'

/** The objects that pass the filters; text is looked for in name, namespace and hosts. */
export function filteredObjects(
  objects: readonly ListedObject[],
  { q = '', kind, state }: Pick<ConfigChoice, 'q' | 'kind' | 'state'>,
): readonly ListedObject[] {
  const wanted = q.trim().toLowerCase()
  return objects.filter(
    (one) =>
      (kind.length === 0 || kind.includes(one.kind)) &&
      (state.length === 0 || state.includes(one.state)) &&
      [one.name, one.namespace, ...one.hosts].some((text) => text.toLowerCase().includes(wanted)),
  )
}

/** In the chosen order; what has no value comes last either way, and equals are by name. */
export function sortedObjects(
  objects: readonly ListedObject[],
  { by, isDescending }: ConfigOrder,
): readonly ListedObject[] {
  const sign = isDescending ? -1 : 1
  return objects
    .map((one) => ({ one, value: valueOf[by](one) }))
    .sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        return Number(a.value === undefined) - Number(b.value === undefined) || byName(a.one, b.one)
      }
      return sign * compared(a.value, b.value) || byName(a.one, b.one)
    })
    .map(({ one }) => one)
}

const valueOf: Readonly<Record<ColumnName, (one: ListedObject) => string | number | undefined>> = {
  // Of two that are equally bad the one with more findings.
  state: ({ state, findings }) => configStates.indexOf(state) * 1e6 - findings.length,
  kind: ({ kind }) => kind,
  name: ({ name }) => name,
  namespace: ({ namespace }) => namespace,
  hosts: ({ hosts }) => hosts[0],
  why: ({ findings }) => findings[0]?.message,
  age: ({ createdAt }) => {
    const at = createdAt === undefined ? Number.NaN : Date.parse(createdAt)
    return Number.isNaN(at) ? undefined : -at
  },
}

const collator = new Intl.Collator('en', { numeric: true })

function compared(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
}

function byName(a: ListedObject, b: ListedObject): number {
  return (
    collator.compare(a.name, b.name) || collator.compare(a.namespace, b.namespace) || collator.compare(a.kind, b.kind)
  )
}

/** How old something is at an instant (unix seconds), in its largest whole unit; `undefined` where that is not known. */
export function ageOf(createdAt: string | undefined, at: number): string | undefined {
  const seconds = createdAt === undefined ? Number.NaN : at - Date.parse(createdAt) / 1000
  if (Number.isNaN(seconds)) return undefined
  const unit = [86_400, 3600, 60].find((size) => seconds >= size) ?? 1
  return shortSpan(Math.floor(Math.max(0, seconds) / unit) * unit)
}
