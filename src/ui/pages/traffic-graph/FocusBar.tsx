import { Button, NativeSelect } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'

import type { MeshGraph } from '../../../mesh/graph.ts'
import { actionStrings } from './actionStrings.ts'
import classes from './FocusBar.module.css'
import { crumbOf, focusAfter, trailOf, type PartChoice } from './focusPart.ts'
import { directions, hopCounts } from './words.ts'

interface Props {
  /** The whole graph, for names and counts. */
  readonly graph: MeshGraph
  readonly shown: number
  readonly choice: PartChoice
  /** One with whom it talks to directly: hops and direction say nothing. */
  readonly isOctopus: boolean
  readonly onChoose: (patch: Partial<PartChoice>) => void
}

/** Says which part of the graph is shown, and leads back: breadcrumbs, hops and direction. Nothing while the whole graph is shown. */
export function FocusBar({ graph, shown, choice, isOctopus, onChoose }: Props) {
  const { focus, hops, direction, unhealthy } = choice
  const trail = trailOf(focus)
  if (trail.length === 0 && !unhealthy) return null
  const strings = actionStrings.focus
  return (
    <nav className={classes['bar']} aria-label={strings.label}>
      <ol className={classes['crumbs']}>
        <li>
          <button type="button" onClick={() => onChoose({ focus: undefined, unhealthy: false })}>
            {strings.whole}
          </button>
        </li>
        {unhealthy && (
          <Crumb isLast={trail.length === 0} text={strings.unhealthy} onClick={() => onChoose({ focus: undefined })} />
        )}
        {trail.map((id, index) => (
          <Crumb
            key={id}
            isLast={index === trail.length - 1}
            text={crumbOf(graph, id)}
            onClick={() => onChoose({ focus: focusAfter(focus, id) })}
          />
        ))}
      </ol>
      {trail.length > 0 && !isOctopus && (
        <>
          <NativeSelect
            size="xs"
            aria-label={strings.hops}
            value={hops}
            data={hopCounts.map((value) => ({ value, label: `${strings.hops}: ${value}` }))}
            onChange={(event) => {
              const chosen = hopCounts.find((each) => each === event.currentTarget.value)
              if (chosen !== undefined) onChoose({ hops: chosen })
            }}
          />
          <NativeSelect
            size="xs"
            aria-label={strings.direction}
            value={direction}
            data={directions.map((value) => ({ value, label: strings.directions[value] }))}
            onChange={(event) => {
              const chosen = directions.find((each) => each === event.currentTarget.value)
              if (chosen !== undefined) onChoose({ direction: chosen })
            }}
          />
        </>
      )}
      <span className={classes['count']} role="status">
        {shown > 0 ? strings.of(shown, graph.nodes.length) : trail.length > 0 ? strings.gone : strings.nothingUnhealthy}
      </span>
      <Button size="compact-xs" variant="default" onClick={() => onChoose({ focus: undefined, unhealthy: false })}>
        {strings.showAll}
      </Button>
    </nav>
  )
}

function Crumb({
  isLast,
  text,
  onClick,
}: {
  readonly isLast: boolean
  readonly text: string
  readonly onClick: () => void
}) {
  return (
    <li>
      <IconChevronRight size={14} stroke={1.5} aria-hidden />
      {isLast ? (
        <span aria-current="true">{text}</span>
      ) : (
        <button type="button" onClick={onClick}>
          {text}
        </button>
      )}
    </li>
  )
}
