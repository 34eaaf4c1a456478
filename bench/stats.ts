/** The middle of the values; `undefined` for none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[sorted.length % 2 === 0 ? half - 1 : half], sorted[half]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

/**
 * The exponent b of y = a x^b through the points, by least squares over logarithms: 1 is linear, 2 quadratic. `undefined` for fewer
 * than two points above nought.
 */
export function growth(points: readonly (readonly [x: number, y: number])[]): number | undefined {
  const logs = points.filter(([x, y]) => x > 0 && y > 0).map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  if (logs.length < 2) return undefined
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length
  const spread = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  return spread === 0 ? undefined : logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread
}

/** Runs a task several times and gives the middle of what it returned, name by name. */
export async function medians<Name extends string>(
  runs: number,
  task: () => Promise<Readonly<Record<Name, number>>>,
): Promise<Readonly<Record<Name, number>>> {
  const all: Readonly<Record<Name, number>>[] = []
  for (let run = 0; run < runs; run++) all.push(await task())
  const names = Object.keys(all[0] ?? {}) as Name[]
  const entries = names.map((name) => [name, median(all.map((each) => each[name])) ?? Number.NaN] as const)
  // One entry for each name of the task's own record.
  return Object.fromEntries(entries) as Record<Name, number>
}

/** Gives the milliseconds of processor time that this process took since it was last asked. */
export function cpuWatch(): () => number {
  let last = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(last)
    last = process.cpuUsage()
    return (user + system) / 1000
  }
}
