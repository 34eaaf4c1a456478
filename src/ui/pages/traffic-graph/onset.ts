import type { Values } from '../../../mesh/panels.ts'

/** From this share of failed requests on, errors are said to be there: where what is degraded begins by default. */
export const noticeable = 0.01

/** When errors came, or went, as far as the window tells. */
export type Onset =
  | { readonly kind: 'since'; readonly at: number }
  /** At every instant that was measured: they may be older than the window. */
  | { readonly kind: 'throughout' }
  | { readonly kind: 'over'; readonly at: number }

/**
 * Since when a share of errors has been noticeable without a break, or since when it is no longer; instants without traffic are no break.
 * `undefined` where it never was, and where fewer than two instants were measured.
 */
export function onsetOf(ratio: Values, times: readonly number[]): Onset | undefined {
  const measured = ratio.flatMap((value, index) => {
    const at = times[index]
    return value === undefined || at === undefined ? [] : [{ at, isBad: value >= noticeable }]
  })
  if (measured.length < 2 || !measured.some(({ isBad }) => isBad)) return undefined
  const isBadNow = measured.at(-1)?.isBad === true
  const last = measured.findLastIndex(({ isBad }) => isBad !== isBadNow)
  const turn = measured[last + 1]
  if (last === -1 || turn === undefined) return { kind: 'throughout' }
  return { kind: isBadNow ? 'since' : 'over', at: turn.at }
}
