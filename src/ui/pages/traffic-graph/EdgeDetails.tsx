import type { GraphEdge, MeshGraph } from '../../../mesh/graph.ts'
import { byteRate, inWords, rate } from '../../format.ts'
import { codesOf, hostsOf, totalsOf, type Selection } from './details.ts'
import { mtlsWords } from './mtls.ts'
import { CodeTable, HostTable, Identities, NameLink, Reasons } from './parts.tsx'
import { PromqlButton, useGraphPromql } from './Promql.tsx'
import { Section } from './Section.tsx'
import classes from './SidePanel.module.css'
import { Signals } from './Signals.tsx'
import { graphStrings } from './strings.ts'
import { fullName, stateOf } from './view.ts'

interface Props {
  readonly graph: MeshGraph
  readonly selection: Extract<Selection, { readonly kind: 'edge' }>
  readonly onSelect: (id: string) => void
}

/** One edge: what is wrong, its figures, its ends, codes and flags, identities, and why a number deserves a second look. */
export function EdgeDetails({ graph, selection, onSelect }: Props) {
  const { edge, source, target } = selection
  const strings = graphStrings.panel
  const { protocol, marks, reported } = edge
  const ofThroughput = useGraphPromql('throughput')
  const ofMtls = useGraphPromql('mtls')
  const ofRequests = useGraphPromql('requests', 'tcp', 'operations')
  return (
    <>
      <Reasons state={stateOf(edge)} reasons={edge.health?.reasons ?? []} />
      <Signals graph={graph} selection={selection} totals={totalsOf([edge])} state={stateOf(edge)} />
      {edge.throughput !== undefined && (
        <p className={classes['quiet']}>
          {strings.throughput}: {inWords(byteRate(edge.throughput))}
          <PromqlButton of={strings.throughput} queries={ofThroughput} />
        </p>
      )}
      <Section title={strings.traffic} promql={edge.mtls === undefined ? [] : ofMtls}>
        <dl className={classes['facts']}>
          <dt>{strings.in}</dt>
          <dd>
            <NameLink state={stateOf(source)} name={fullName(source)} onClick={() => onSelect(source.id)} />
          </dd>
          <dt>{strings.out}</dt>
          <dd>
            <NameLink state={stateOf(target)} name={fullName(target)} onClick={() => onSelect(target.id)} />
          </dd>
          {edge.mtls !== undefined && (
            <>
              <dt>{strings.mtls}</dt>
              <dd>{mtlsWords(edge.mtls)}</dd>
            </>
          )}
        </dl>
      </Section>
      <CodeTable rows={codesOf([edge])} />
      <HostTable rows={hostsOf([edge])} />
      {(marks.length > 0 || reported !== undefined) && (
        <Section title={strings.marks} promql={ofRequests}>
          {marks.map((mark) => (
            <p key={mark} className={classes['quiet']}>
              {graphStrings.marks[mark]}
            </p>
          ))}
          {reported !== undefined && (
            <p className={classes['quiet']}>
              {strings.reported(rated(protocol, reported.source), rated(protocol, reported.destination))}
            </p>
          )}
        </Section>
      )}
      <Identities
        groups={[
          [strings.in, edge.sourcePrincipal === undefined ? [] : [edge.sourcePrincipal]],
          [strings.out, edge.destinationPrincipal === undefined ? [] : [edge.destinationPrincipal]],
        ]}
      />
    </>
  )
}

const rated = (protocol: GraphEdge['protocol'], value: number | undefined) =>
  inWords(protocol === 'tcp' ? byteRate(value) : rate(value))
