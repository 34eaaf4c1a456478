/**
 * Sorts in place, equal ones staying in order. Of the few that belong to one pair or edge the native sort spends more on its own
 * copies than on sorting, and there are as many pairs as a mesh has calls (see bench/engine.ts).
 */
export function sortFew<T>(list: T[], compare: (a: T, b: T) => number): void {
  if (list.length > 12) {
    list.sort(compare)
    return
  }
  for (let end = 1; end < list.length; end++) {
    const item = list[end] as T
    let at = end
    for (; at > 0 && compare(list[at - 1] as T, item) > 0; at--) list[at] = list[at - 1] as T
    list[at] = item
  }
}
