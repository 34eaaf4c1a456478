interface Point {
  readonly x: number
  readonly y: number
}

interface SparkPaths {
  readonly line: string
  readonly area: string
  /** Where the line ends, if its last step was measured. */
  readonly last: Point | undefined
}

/** SVG paths of a sparkline that starts at zero: its line and the area under it, broken at gaps; empty where nothing was measured. */
export function sparkPaths(
  values: readonly (number | undefined)[],
  { width, height }: { readonly width: number; readonly height: number },
): SparkPaths {
  const inset = 2
  const most = Math.max(...values.map((value) => value ?? 0), 0)
  const points = values.map((value, index): Point | undefined =>
    value === undefined || !Number.isFinite(value)
      ? undefined
      : {
          x: round(inset + (index / Math.max(values.length - 1, 1)) * (width - 2 * inset)),
          y: round(height - inset - (most > 0 ? Math.max(value, 0) / most : 0) * (height - 2 * inset)),
        },
  )
  const runs = runsOf(points)
  const lineOf = (run: readonly Point[]) => `M${run.map(({ x, y }) => `${x} ${y}`).join('L')}`
  return {
    line: runs.map((run) => (run.length === 1 ? `${lineOf(run)}h.01` : lineOf(run))).join(''),
    area: runs
      .filter((run) => run.length > 1)
      .map((run) => `${lineOf(run)}V${height}H${run[0]?.x ?? 0}z`)
      .join(''),
    last: points.at(-1),
  }
}

const round = (value: number) => Number(value.toFixed(2))

function runsOf(points: readonly (Point | undefined)[]): readonly (readonly Point[])[] {
  const runs: Point[][] = []
  let run: Point[] = []
  for (const point of [...points, undefined]) {
    if (point !== undefined) run.push(point)
    else if (run.length > 0) {
      runs.push(run)
      run = []
    }
  }
  return runs
}
