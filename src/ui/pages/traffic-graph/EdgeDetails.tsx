import type { GraphEdge, GraphNode } from '../../../mesh/graph.ts'
import { byteRate, duration, inWords, percent, rate } from '../../format.ts'
import { codesOf } from './details.ts'
import { mtlsWords } from './mtls.ts'
import { CodeTable, Figures, NameLink, Reasons, type Figure } from './parts.tsx'
import classes from './SidePanel.module.css'
import { Section } from './Section.tsx'
import { graphStrings } from './strings.ts'
import { fullName, stateOf } from './view.ts'

interface Props {
  readonly edge: GraphEdge
  readonly source: GraphNode
  readonly target: GraphNode
  readonly onSelect: (id: string) => void
}

/** One edge: what is wrong, its figures, its ends, codes and flags, identities, and why a number deserves a second look. */
export function EdgeDetails({ edge, source, target, onSelect }: Props) {
  const strings = graphStrings.panel
  const { protocol, marks, reported } = edge
  const hosts = [...new Set(edge.responses.flatMap(({ host }) => (host === undefined ? [] : [host])))]
  return (
    <>
      <Reasons state={stateOf(edge)} reasons={edge.health?.reasons ?? []} />
      <Figures figures={figuresOf(edge)} />
      <Section title={strings.traffic}>
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
          {hosts.length > 0 && (
            <>
              <dt>{graphStrings.legendWords.service}</dt>
              <dd className={classes['wrap']}>{hosts.join(', ')}</dd>
            </>
          )}
        </dl>
      </Section>
      <CodeTable rows={codesOf([edge])} />
      {(marks.length > 0 || reported !== undefined) && (
        <Section title={strings.marks}>
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
      {(edge.sourcePrincipal !== undefined || edge.destinationPrincipal !== undefined) && (
        <Section title={strings.principals}>
          <dl className={classes['facts']}>
            <dt>{strings.in}</dt>
            <dd className={classes['wrap']}>{edge.sourcePrincipal ?? '–'}</dd>
            <dt>{strings.out}</dt>
            <dd className={classes['wrap']}>{edge.destinationPrincipal ?? '–'}</dd>
          </dl>
        </Section>
      )}
    </>
  )
}

const rated = (protocol: GraphEdge['protocol'], value: number | undefined) =>
  inWords(protocol === 'tcp' ? byteRate(value) : rate(value))

function figuresOf(edge: GraphEdge): readonly Figure[] {
  const strings = graphStrings.panel
  const { protocol, errorRatio, latency = {}, throughput } = edge
  return [
    { label: strings.rate, quantity: protocol === 'tcp' ? byteRate(edge.rate) : rate(edge.rate) },
    ...(protocol === 'tcp'
      ? []
      : [
          {
            label: strings.errors,
            quantity: percent(errorRatio),
            health: (errorRatio ?? 0) > 0 ? stateOf(edge) : ('healthy' as const),
          },
        ]),
    ...Object.entries(latency).map(([statistic, seconds]) => ({ label: statistic, quantity: duration(seconds) })),
    ...(throughput === undefined ? [] : [{ label: strings.throughput, quantity: byteRate(throughput) }]),
    { label: strings.mtls, quantity: percent(edge.mtls) },
  ]
}
