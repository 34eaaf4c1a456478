import type { MeshGraph } from '../../../mesh/graph.ts'
import { troublesOf } from './details.ts'
import { NameLink } from './parts.tsx'
import { graphStrings } from './strings.ts'
import { fullName } from './view.ts'
import classes from './WorstFive.module.css'

interface Props {
  readonly graph: MeshGraph
  readonly onSelect: (id: string) => void
  /** Opens the details of the whole graph, where all of them are. */
  readonly onShowAll: () => void
}

const most = 5

/** On a narrow screen, before the picture: the five worst with the reason of each, and how many more there are. */
export function WorstFive({ graph, onSelect, onShowAll }: Props) {
  const strings = graphStrings.worst
  const troubles = troublesOf(graph)
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const nameOf = (id: string) => {
    const node = nodes.get(id)
    return node === undefined ? id : fullName(node)
  }
  return (
    <section className={classes['list']} aria-label={strings.title}>
      <h2 className={classes['title']}>{strings.title}</h2>
      {troubles.length === 0 && <p className={classes['reason']}>{graphStrings.panel.nothingWrong}</p>}
      <ol>
        {troubles.slice(0, most).map(({ id, state, node, edge, reasons }) => (
          <li key={id}>
            <NameLink
              state={state}
              name={
                node !== undefined
                  ? `${fullName(node)} · ${node.namespace}`
                  : graphStrings.edge(nameOf(edge?.source ?? id), nameOf(edge?.target ?? id))
              }
              onClick={() => onSelect(id)}
            />
            {reasons[0] !== undefined && <p className={classes['reason']}>{reasons[0]}</p>}
          </li>
        ))}
      </ol>
      {troubles.length > most && (
        <button type="button" className={classes['more']} onClick={onShowAll}>
          {strings.more(troubles.length - most)}
        </button>
      )}
    </section>
  )
}
