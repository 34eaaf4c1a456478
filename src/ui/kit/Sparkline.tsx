import classes from './Sparkline.module.css'
import { sparkPaths } from './sparkPaths.ts'

interface Props {
  /** Even steps in time; a gap where nothing was measured. */
  readonly values: readonly (number | undefined)[]
  /** What it shows, for those who cannot see it. */
  readonly label: string
  readonly tone?: 'traffic' | 'failing' | 'degraded'
}

const width = 88
const height = 24

/** A line as small as a word: how a number came to be what it is. Starts at zero; gaps stay gaps; nothing where nothing was measured. */
export function Sparkline({ values, label, tone = 'traffic' }: Props) {
  const { line, area, last } = sparkPaths(values, { width, height })
  if (line === '') return null
  return (
    <svg
      className={classes['spark']}
      data-tone={tone}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <path className={classes['area']} d={area} />
      <path className={classes['line']} d={line} />
      {last !== undefined && <circle className={classes['last']} cx={last.x} cy={last.y} r="2" />}
    </svg>
  )
}
