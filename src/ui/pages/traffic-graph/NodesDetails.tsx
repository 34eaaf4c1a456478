import type { GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import { codesOf, hostsOf, identitiesOf, severity, totalsOf, trafficOf, type Selection } from './details.ts'
import { IstioObjects } from './IstioObjects.tsx'
import { CodeTable, EdgeTable, HostTable, Identities, NameLink, Reasons } from './parts.tsx'
import { useGraphPromql } from './Promql.tsx'
import { Section } from './Section.tsx'
import classes from './SidePanel.module.css'
import { Signals } from './Signals.tsx'
import { graphStrings } from './strings.ts'
import { Versions } from './Versions.tsx'
import { fullName, stateOf, worst } from './view.ts'

interface Props {
  readonly graph: MeshGraph
  /** One node, or the nodes of a box. */
  readonly nodes: readonly GraphNode[]
  readonly isApp: boolean
  readonly selection: Selection
  readonly onSelect: (id: string) => void
}

/** A node, or a box of nodes: what is wrong, key figures, versions, who calls and is called, codes and flags, Istio's objects. */
export function NodesDetails({ graph, nodes, isApp, selection, onSelect }: Props) {
  const strings = graphStrings.panel
  const { inbound, outbound, internal } = trafficOf(graph, new Set(nodes.map(({ id }) => id)))
  const known = new Map(graph.nodes.map((node) => [node.id, node]))
  const nameOf = (id: string) => {
    const node = known.get(id)
    return node === undefined ? id : fullName(node)
  }
  /** Of a box also which of its nodes it is about. */
  const within = (peer: string, own: string) => (isOne ? peer : `${peer} (${own})`)
  const [first] = nodes
  const isOne = nodes.length === 1
  const state = worst(nodes.map(stateOf))
  const [into, out] = [totalsOf(inbound), totalsOf(outbound)]
  const reasons = nodes
    .filter((node) => isOne || severity(stateOf(node)) < severity('healthy'))
    .flatMap((node) => (node.health?.reasons ?? []).map((reason) => (isOne ? reason : `${fullName(node)}: ${reason}`)))
  const received = [...inbound, ...internal]
  const identities = identitiesOf({ inbound: received, outbound: [...outbound, ...internal] })
  const promql = useGraphPromql('requests', 'tcp', 'mtls', 'response-time', 'operations')
  const badges = nodes.flatMap((node) => node.badges ?? [])
  return (
    <>
      <Reasons state={state} reasons={reasons} />
      {first?.isIdle === true && isOne && <p className={classes['quiet']}>{strings.idleNode}</p>}
      {isOne && first?.replicas !== undefined && (
        <p className={classes['quiet']}>{strings.replicas(first.replicas.available, first.replicas.desired)}</p>
      )}
      <Signals graph={graph} selection={selection} totals={inbound.length > 0 ? into : out} state={state} />
      {isApp && <Versions graph={graph} nodes={nodes} onSelect={onSelect} />}
      {!isOne && !isApp && (
        <Section title={strings.members}>
          <ul className={classes['plain']}>
            {[...nodes]
              .sort((a, b) => severity(stateOf(a)) - severity(stateOf(b)) || (fullName(a) < fullName(b) ? -1 : 1))
              .map((node) => (
                <li key={node.id}>
                  <NameLink state={stateOf(node)} name={fullName(node)} onClick={() => onSelect(node.id)} />
                </li>
              ))}
          </ul>
        </Section>
      )}
      <Section title={strings.traffic} promql={promql}>
        {inbound.length + outbound.length === 0 && <p className={classes['quiet']}>{strings.noTraffic}</p>}
        <EdgeTable
          caption={strings.in}
          edges={inbound}
          nameOf={({ source, target }) => within(nameOf(source), nameOf(target))}
          onSelect={onSelect}
        />
        <EdgeTable
          caption={strings.out}
          edges={outbound}
          nameOf={({ source, target }) => within(nameOf(target), nameOf(source))}
          onSelect={onSelect}
        />
      </Section>
      <CodeTable rows={codesOf(received)} aside={strings.codesOf} />
      <HostTable rows={hostsOf(received)} />
      <Identities
        groups={[
          [strings.own, identities.own],
          [strings.callers, identities.callers],
        ]}
      />
      <IstioObjects badges={badges} />
    </>
  )
}
