/**
 * What moved between two runs of the bench. Figures of time are first divided by each run's own yardstick (a fixed piece of work, timed
 * in the same run), so that a slower machine is not taken for slower code; ratios, counts, bytes and exponents are compared as they are.
 * Wall time that stands in a ratio beside its limit is not compared: its ratio is.
 */
export interface Move {
  /** For example `pages/200/click`. */
  readonly figure: string
  readonly before: number
  readonly after: number
  /** After through before, on the yardsticks' scale for times; `Infinity` for what came out of nothing. */
  readonly times: number
  readonly verdict: 'worse' | 'better' | 'gone' | 'new'
}

/** A run's JSON: rows by part, and the yardstick. Other keys are not compared. */
export interface Run {
  readonly yardstickMs: number
  readonly [part: string]: unknown
}

/** Less than this, either way, is the machine's mood. */
const noise = { time: 1.35, count: 1.02 }

const parts = ['engine', 'growth', 'questions', 'viewers', 'scopes', 'command', 'memory', 'pages', 'panels'] as const
/** What tells one row of a part from another. */
const keys = ['workloads', 'question', 'looking', 'namespaces', 'labels', 'level'] as const
/** Figures without a unit of time, by name: bytes, counts, exponents and what is itself a ratio of one run. */
const isCount =
  /^(nodes|edges|series|queries|samples|requests|bytes|megabytes|kilobytes|questions|heap|growth)|ratio$|Megabytes$/i
/** Wall time of programs that ran beside each other: only their ratio says something. */
const isWall = /^(questions|command|scopes)\/.*(Ms|\/ms|workedSeconds)$/
/** More of these is better. */
const isMoreBetter = /perSecond|framesPer/i

/** The figures that moved by more than noise, worst first, then what only one of the two has. */
export function compareRuns(before: Run, after: Run): readonly Move[] {
  const [old, now] = [figuresOf(before), figuresOf(after)]
  const moves: Move[] = []
  for (const figure of new Set([...old.keys(), ...now.keys()])) {
    if (isWall.test(figure)) continue
    const [was, is] = [old.get(figure), now.get(figure)]
    if (was === undefined || is === undefined) {
      const verdict = was === undefined ? 'new' : 'gone'
      moves.push({ figure, before: was ?? Number.NaN, after: is ?? Number.NaN, times: Number.NaN, verdict })
      continue
    }
    const name = figure.slice(figure.lastIndexOf('/') + 1)
    const isTimed = !isCount.test(name) && !figure.startsWith('growth/')
    const slower = after.yardstickMs / before.yardstickMs
    const scale = isMoreBetter.test(name) ? slower : isTimed ? 1 / slower : 1
    const times = was === is ? 1 : (is * scale) / was
    const limit = isTimed || name.endsWith('atio') ? noise.time : noise.count
    if (times < limit && times > 1 / limit) continue
    const isWorse = isMoreBetter.test(name) ? times < 1 : times > 1
    moves.push({ figure, before: was, after: is, times, verdict: isWorse ? 'worse' : 'better' })
  }
  const order = ['worse', 'better', 'gone', 'new']
  return moves.sort(
    (a, b) =>
      order.indexOf(a.verdict) - order.indexOf(b.verdict) ||
      Math.abs(Math.log(b.times)) - Math.abs(Math.log(a.times)) ||
      a.figure.localeCompare(b.figure),
  )
}

/** Every number of a run by its path. What a run could not measure (null in JSON) is not there. */
function figuresOf(run: Run): ReadonlyMap<string, number> {
  const figures = new Map<string, number>()
  for (const part of parts) {
    const value = run[part]
    const rows: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value]
    for (const row of rows) {
      const entries = Object.entries(row as Readonly<Record<string, unknown>>)
      const named = new Map(entries)
      const key = keys.flatMap((name) => (named.has(name) ? [text(named.get(name))] : []))
      for (const [name, number] of entries) {
        if (typeof number !== 'number' || (keys as readonly string[]).includes(name)) continue
        figures.set([part, ...key, name].join('/'), number)
      }
    }
  }
  return figures
}

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : 'all'
