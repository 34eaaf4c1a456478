import type { MeshGraph } from '../../../mesh/graph.ts'
import { byteRate, percent, rate } from '../../format.ts'
import { totalsOf, type Trouble } from './details.ts'
import { EdgeTable, Figures, NameLink } from './parts.tsx'
import classes from './SidePanel.module.css'
import { Section } from './Section.tsx'
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
  const totals = totalsOf(graph.edges)
  const busiest = [...graph.edges].sort((a, b) => weightOf(b) - weightOf(a)).slice(0, 6)
  return (
    <>
      <Section title={strings.wrong}>
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
      <Figures
        figures={[
          { label: strings.requests, quantity: rate(totals.requests) },
          { label: strings.errors, quantity: percent(totals.errorRatio) },
          { label: strings.tcp, quantity: byteRate(totals.tcp) },
          { label: strings.mtls, quantity: percent(totals.mtls) },
        ]}
      />
      <Section title={strings.busiest}>
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
