import { colourOf, dashOf, type Ink } from './line.ts'

/** The little sample of a line, or of a bar, beside its name. */
export function LineKey({ ink, isBlock = false }: { readonly ink: Ink; readonly isBlock?: boolean }) {
  const colour = colourOf(ink)
  if (isBlock) {
    return (
      <svg width="10" height="10" aria-hidden>
        <rect
          x="0.5"
          y="0.5"
          width="9"
          height="9"
          rx="1"
          fill={ink === 'failingHatched' ? 'none' : colour}
          stroke={colour}
        />
        {ink === 'failingHatched' && <path d="M1 6L6 1M1 9L9 1M4 9L9 4" stroke={colour} strokeWidth="1.3" />}
      </svg>
    )
  }
  return (
    <svg width="16" height="10" aria-hidden>
      <path
        d="M0 5h16"
        stroke={colour}
        strokeWidth="2"
        {...(dashOf(ink) === undefined ? {} : { strokeDasharray: dashOf(ink) ?? '' })}
      />
    </svg>
  )
}
