/**
 * Tops of things in a column, in their order, without overlap and at least `gap` apart, between `low` and `high`, as near to their
 * wishes as that allows (least squares; the pool-adjacent-violators algorithm). Where they do not fit, they start at `low`.
 */
export function spread(
  things: readonly { readonly wish: number; readonly size: number }[],
  gap: number,
  low: number,
  high: number,
): readonly number[] {
  // Without its predecessors' heights each wish is a plain number, and "in order, apart" is "not decreasing".
  const pools: { sum: number; count: number }[] = []
  const offsets: number[] = []
  let offset = 0
  for (const { wish, size } of things) {
    offsets.push(offset)
    pools.push({ sum: wish - offset, count: 1 })
    offset += size + gap
    for (;;) {
      const last = pools.at(-1)
      const before = pools.at(-2)
      if (last === undefined || before === undefined || before.sum / before.count <= last.sum / last.count) break
      pools.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count })
    }
  }
  const latest = Math.max(low, high - (offset - gap))
  return pools
    .flatMap(({ sum, count }) => Array.from({ length: count }, () => Math.min(Math.max(sum / count, low), latest)))
    .map((top, index) => top + (offsets[index] ?? 0))
}

/** A sorted copy: by code units, so that every machine has the same order. */
export function inOrder<T>(list: readonly T[], key: (item: T) => string): T[] {
  return [...list].sort((a, b) => {
    const [ka, kb] = [key(a), key(b)]
    return ka < kb ? -1 : ka > kb ? 1 : 0
  })
}
