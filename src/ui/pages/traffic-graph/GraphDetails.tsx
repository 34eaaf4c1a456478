import type { MeshGraph } from '../../../mesh/graph.ts'
import { countedOnce, totalsOf, type Trouble } from './details.ts'
import { EdgeTable, NameLink } from './parts.tsx'
import { useGraphPromql } from './Promql.tsx'
import { Section } from './Section.tsx'
import classes from './SidePanel.module.css'
import { Signals } from './Signals.tsx'
import { graphStrings } from './strings.ts'
import { fullName, weightOf } from './view.ts'

interface Props {
  readonly graph: MeshGraph
  readonly troubles: readonly Trouble[]
  readonly onSelect: (id: string) => void
}

/** The whole graph: what is wrong first, then its sums and its busiest edges. */
export function GraphDetails({ graph, troubles, onSelect }: Props) {
  const strings = graphStrings.panel
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const nameOf = (id: string) => {
    const node = nodes.get(id)
    return node === undefined ? id : fullName(node)
  }
  const ofRequests = useGraphPromql('requests', 'tcp', 'operations')
  const calls = countedOnce(graph)
  const totals = totalsOf(calls)
  const promql = useGraphPromql('requests', 'tcp', 'mtls', 'response-time', 'operations')
  const busiest = [...calls].sort((a, b) => weightOf(b) - weightOf(a)).slice(0, 6)
  return (
    <>
      <Section title={strings.wrong} promql={ofRequests}>
        {troubles.length === 0 && <p className={classes['quiet']}>{strings.nothingWrong}</p>}
        <ul className={classes['troubles']}>
          {troubles.map(({ id, state, node, edge, reasons }) => (
            <li key={id} data-health={state}>
              <NameLink
                state={state}
                name={
                  node !== undefined
                    ? `${fullName(node)} · ${node.namespace}`
                    : edge === undefined
                      ? id
                      : graphStrings.edge(nameOf(edge.source), nameOf(edge.target))
                }
                onClick={() => onSelect(id)}
              />
              {reasons.slice(0, 2).map((reason) => (
                <p key={reason}>{reason}</p>
              ))}
            </li>
          ))}
        </ul>
      </Section>
      <Signals graph={graph} selection={undefined} totals={totals} state="healthy" />
      <Section title={strings.busiest} promql={promql}>
        <EdgeTable
          caption={strings.call}
          edges={busiest}
          nameOf={({ source, target }) => graphStrings.edge(nameOf(source), nameOf(target))}
          onSelect={onSelect}
        />
      </Section>
    </>
  )
}
