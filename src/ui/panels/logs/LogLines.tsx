import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'

import { levelOf } from '../../../mesh/accessLog.ts'
import { shownText, type LogLine } from './lines.ts'
import classes from './Logs.module.css'
import { strings } from './strings.ts'

interface Props {
  readonly lines: readonly LogLine[]
  readonly chosen: number | undefined
  readonly onChoose: (line: LogLine) => void
}

/** Pixels, as the style sheet has it. */
const rowHeight = 20

/** The lines of a log, the newest in view; of 100,000 only those in view are drawn. */
export function LogLines({ lines, chosen, onChoose }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called here and handed to nobody
  const virtualizer = useVirtualizer({
    count: lines.length,
    estimateSize: () => rowHeight,
    overscan: 20,
    getScrollElement: () => scroller.current,
    initialRect: { width: 1000, height: 480 },
  })
  const { length } = lines
  useEffect(() => {
    virtualizer.scrollToIndex(length - 1)
    // The virtualizer is the same for the component's life.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [length])
  return (
    <div className={classes['scroller']} ref={scroller} tabIndex={0} role="region" aria-label={strings.table}>
      <ol style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const line = lines[index]
          return line === undefined ? null : (
            <li
              key={line.index}
              style={{ transform: `translateY(${start}px)` }}
              aria-setsize={length}
              aria-posinset={index + 1}
              data-level={levelOf(line.text)}
              data-chosen={line.index === chosen || undefined}
            >
              <button type="button" aria-pressed={line.index === chosen} onClick={() => onChoose(line)}>
                <span aria-hidden>{line.index + 1}</span>
                {shownText(line.text)}
              </button>
            </li>
          )
        })}
      </ol>
    </div>
  )
}
