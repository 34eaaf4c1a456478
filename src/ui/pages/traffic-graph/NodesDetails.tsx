import type { GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import { byteRate, inWords, percent, rate } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { codesOf, severity, totalsOf, trafficOf } from './details.ts'
import { CodeTable, EdgeTable, Figures, NameLink, Reasons } from './parts.tsx'
import classes from './SidePanel.module.css'
import { Section } from './Section.tsx'
import { graphStrings } from './strings.ts'
import { fullName, stateOf, worst } from './view.ts'

interface Props {
  readonly graph: MeshGraph
  /** One node, or the nodes of a box. */
  readonly nodes: readonly GraphNode[]
  readonly isApp: boolean
  readonly onSelect: (id: string) => void
}

/** A node, or a box of nodes: what is wrong, key figures, versions, who calls and is called, codes and flags, Istio's objects. */
export function NodesDetails({ graph, nodes, isApp, onSelect }: Props) {
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
  const badges = nodes.flatMap((node) => node.badges ?? [])
  return (
    <>
      <Reasons state={state} reasons={reasons} />
      {first?.isIdle === true && isOne && <p className={classes['quiet']}>{strings.idleNode}</p>}
      {isOne && first?.replicas !== undefined && (
        <p className={classes['quiet']}>{strings.replicas(first.replicas.available, first.replicas.desired)}</p>
      )}
      <Figures
        figures={[
          { label: strings.requestsIn, quantity: rate(into.requests) },
          {
            label: strings.errors,
            quantity: percent(into.errorRatio),
            health: (into.errorRatio ?? 0) > 0 ? state : 'healthy',
          },
          { label: strings.requestsOut, quantity: rate(out.requests) },
          { label: strings.mtls, quantity: percent(into.mtls) },
          ...(into.tcp === undefined ? [] : [{ label: strings.tcpIn, quantity: byteRate(into.tcp) }]),
          ...(out.tcp === undefined ? [] : [{ label: strings.tcpOut, quantity: byteRate(out.tcp) }]),
        ]}
      />
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
      <Section title={strings.traffic}>
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
      {badges.length > 0 && (
        <Section title={strings.istio}>
          <ul className={classes['plain']}>
            {badges.map(({ kind, text, objects }) => (
              <li key={`${kind} ${text} ${objects.join(' ')}`}>{text}</li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

/** The versions of an app beside each other: observed share, success, state. */
function Versions({ graph, nodes, onSelect }: Pick<Props, 'graph' | 'nodes' | 'onSelect'>) {
  const strings = graphStrings.panel
  const rows = nodes.map((node) => ({ node, totals: totalsOf(graph.edges.filter(({ target }) => target === node.id)) }))
  const all = rows.reduce((sum, { totals }) => sum + (totals.requests ?? 0), 0)
  return (
    <Section title={strings.versions}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{strings.version}</th>
            <th scope="col" className={classes['num']}>
              {strings.rate}
            </th>
            <th scope="col" className={classes['num']}>
              {strings.share}
            </th>
            <th aria-hidden />
            <th scope="col" className={classes['num']}>
              {strings.success}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ node, totals: { requests, errorRatio } }) => {
            const share = all > 0 && requests !== undefined ? requests / all : undefined
            return (
              <tr key={node.id}>
                <td>
                  <HealthMark state={stateOf(node)} size={13} />{' '}
                  <button type="button" className={classes['link']} onClick={() => onSelect(node.id)}>
                    {node.version ?? fullName(node)}
                  </button>
                </td>
                <td className={classes['num']}>{inWords(rate(requests))}</td>
                <td className={classes['num']}>{inWords(percent(share))}</td>
                <td>
                  <svg width="56" height="8" aria-hidden>
                    <rect className={classes['track']} width="56" height="8" rx="2" />
                    <rect
                      className={classes['bar']}
                      data-health={stateOf(node)}
                      width={56 * (share ?? 0)}
                      height="8"
                      rx="2"
                    />
                  </svg>
                </td>
                <td className={classes['num']} data-trouble={(errorRatio ?? 0) > 0.01 || undefined}>
                  {inWords(percent(errorRatio === undefined ? undefined : 1 - errorRatio))}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Section>
  )
}
