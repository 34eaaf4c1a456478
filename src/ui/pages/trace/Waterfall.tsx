import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, type CSSProperties } from 'react'

import type { Span } from '../../../mesh/traces/trace.ts'
import { duration, inWords } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { strings } from '../../panels/traces/strings.ts'
import classes from './TracePage.module.css'
import { spanName } from './spanName.ts'
import type { WaterfallRow } from './waterfall.ts'

interface Props {
  readonly rows: readonly WaterfallRow[]
  /** Seconds of the whole trace. */
  readonly total: number
  readonly chosen: string | undefined
  readonly onChoose: (span: Span) => void
  readonly onFold: (id: string) => void
}

/** Pixels, as the style sheet has it. */
const rowHeight = 28
/** Deeper calls are not moved further in: nothing would be left of their names. */
const deepest = 16
const { page: words } = strings

/** The spans as bars over time, callers above what they called. Of thousands only the lines in view are drawn. */
export function Waterfall({ rows, total, chosen, onChoose, onFold }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called here and handed to nobody
  const virtualizer = useVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    getScrollElement: () => scroller.current,
    initialRect: { width: 1000, height: 600 },
  })
  const place = rows.findIndex(({ span }) => span.id === chosen)
  useEffect(() => {
    if (place >= 0) virtualizer.scrollToIndex(place, { align: 'auto' })
    // The virtualizer is the same for the component's life.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [place])
  return (
    <div className={classes['waterfall']}>
      <div className={classes['axis']} aria-hidden>
        <span>{words.service}</span>
        <span className={classes['ticks']}>
          {[0, 0.25, 0.5, 0.75, 1].map((share) => (
            <span
              key={share}
              style={{ left: `${share * 100}%` }}
              data-last={share === 1 || undefined}
              data-between={share === 0.25 || share === 0.5 || share === 0.75 || undefined}
            >
              {inWords(duration(share * total))}
            </span>
          ))}
        </span>
      </div>
      <div
        className={classes['scroller']}
        style={{ '--rows': `${virtualizer.getTotalSize()}px` } as CSSProperties}
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={words.spans}
      >
        <ul style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]
            return row === undefined ? null : (
              <li
                key={row.span.id}
                style={{ transform: `translateY(${start}px)` }}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                data-health={row.span.isError ? 'failing' : undefined}
                data-blank={row.span.isBlank === true || undefined}
                data-chosen={row.span.id === chosen || undefined}
              >
                <Line row={row} isChosen={row.span.id === chosen} onChoose={onChoose} onFold={onFold} />
              </li>
            )
          })}
        </ul>
      </div>
    </div>
  )
}

interface LineProps extends Pick<Props, 'onChoose' | 'onFold'> {
  readonly row: WaterfallRow
  readonly isChosen: boolean
}

function Line({ row: { span, depth, below, isFolded, left, width }, isChosen, onChoose, onFold }: LineProps) {
  const name = spanName(span)
  const took = inWords(duration(span.duration))
  const Arrow = isFolded ? IconChevronRight : IconChevronDown
  return (
    <>
      <span className={classes['label']} style={{ paddingLeft: Math.min(depth, deepest) * 14 }}>
        {below > 0 ? (
          <button
            type="button"
            className={classes['fold']}
            aria-label={isFolded ? words.unfoldOne(name, below) : words.foldOne(name)}
            aria-expanded={!isFolded}
            onClick={() => onFold(span.id)}
          >
            <Arrow size={13} stroke={1.8} aria-hidden />
          </button>
        ) : (
          <span className={classes['fold']} />
        )}
        {span.isError && <HealthMark state="failing" size={12} isDecorative />}
        <button
          type="button"
          className={classes['choose']}
          aria-pressed={isChosen}
          aria-label={words.bar(name, took, span.isError)}
          title={name}
          onClick={() => onChoose(span)}
        >
          {name}
        </button>
      </span>
      <span className={classes['track']} aria-hidden onClick={() => onChoose(span)}>
        <span
          className={classes['bar']}
          data-kind={span.kind}
          style={{ left: `${left * 100}%`, width: `max(2px, ${width * 100}%)` }}
        />
        <span className={classes['took']} style={{ left: `calc(${(left + width) * 100}% + 6px)` }}>
          {took}
        </span>
      </span>
    </>
  )
}
