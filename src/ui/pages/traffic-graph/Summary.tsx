import type { MeshGraph } from '../../../mesh/graph.ts'
import { clockTime } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { useView } from '../../view.tsx'
import { actionStrings } from './actionStrings.ts'
import { graphStrings as strings } from './strings.ts'
import classes from './TrafficGraphPage.module.css'
import { stateOf } from './view.ts'

interface Props {
  readonly graph: MeshGraph
  readonly isOnlyUnhealthy: boolean
  readonly onOnlyUnhealthy: (isOnly: boolean) => void
}

/** How many are failing and degraded (a click shows only those and what leads to them), and how large the graph is. */
export function Summary({ graph, isOnlyUnhealthy, onOnlyUnhealthy }: Props) {
  const { zone } = useView()
  const states = graph.nodes.map(stateOf)
  const count = (state: string) => states.filter((each) => each === state).length
  return (
    <div className={classes['summary']}>
      {count('failing') + count('degraded') > 0 && (
        <button
          type="button"
          className={classes['troubles']}
          aria-pressed={isOnlyUnhealthy}
          title={actionStrings.focus.showUnhealthy}
          onClick={() => onOnlyUnhealthy(!isOnlyUnhealthy)}
        >
          {(['failing', 'degraded'] as const).map(
            (state) =>
              count(state) > 0 && (
                <span key={state}>
                  <HealthMark state={state} isDecorative /> <b>{count(state)}</b> {strings[state]}
                </span>
              ),
          )}
        </button>
      )}
      <span className={classes['quiet']}>
        {strings.counts(graph.nodes.length, graph.edges.length, clockTime(graph.time, zone))}
      </span>
    </div>
  )
}
