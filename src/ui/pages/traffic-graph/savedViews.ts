import { isObject } from '../../../clients/json.ts'

/** An address of the page under a name of the viewer's own. */
export interface SavedView {
  readonly name: string
  /** The query string, without `?`. */
  readonly search: string
}

const key = 'meshboard.graph-views'
/** More are refused: a list is looked through by eye. */
export const mostViews = 50
const longestName = 80

/** What this browser keeps, by name; empty where it keeps nothing or nothing readable. */
export function savedViews(storage: Pick<Storage, 'getItem'>): readonly SavedView[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key) ?? '[]')
    if (!Array.isArray(kept)) return []
    return kept.flatMap((each: unknown) => {
      const { name, search } = isObject(each) ? each : {}
      return typeof name === 'string' && typeof search === 'string' && name !== '' ? [{ name, search }] : []
    })
  } catch {
    return []
  }
}

/** The list with a view added under a name, in the place of one of the same name; `undefined` for no name and for a full list. */
export function withView(views: readonly SavedView[], name: string, search: string): readonly SavedView[] | undefined {
  const trimmed = name.trim().slice(0, longestName)
  const others = views.filter((each) => each.name !== trimmed)
  if (trimmed === '' || others.length >= mostViews) return undefined
  return [...others, { name: trimmed, search: search.replace(/^\?/, '') }].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Keeps a list; false where the browser does not keep anything (private mode, no room). */
export function keepViews(storage: Pick<Storage, 'setItem'>, views: readonly SavedView[]): boolean {
  try {
    storage.setItem(key, JSON.stringify(views))
    return true
  } catch {
    return false
  }
}
