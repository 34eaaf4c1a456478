import { useQuery } from '@tanstack/react-query'

import { declaredSplit } from '../../../mesh/config/weights.ts'
import type { GraphNode, MeshGraph } from '../../../mesh/graph.ts'
import { rhythmOf } from '../../../mesh/panels.ts'
import { label } from '../../../mesh/telemetry.ts'
import { duration, inWords, percent } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { totalsQuery } from '../../queries/series.ts'
import { useView } from '../../view.tsx'
import { actionStrings } from './actionStrings.ts'
import { totalsOf } from './details.ts'
import { objectsQuery } from '../../queries/objects.ts'
import { useGraphPromql } from './Promql.tsx'
import { Section } from './Section.tsx'
import classes from './SidePanel.module.css'
import { graphStrings } from './strings.ts'
import { fullName, stateOf } from './view.ts'

interface Props {
  readonly graph: MeshGraph
  readonly nodes: readonly GraphNode[]
  readonly onSelect: (id: string) => void
}

const barWidth = 56

/** The versions of an app beside each other: declared weight beside observed share (bar and tick), success and p95 of each. */
export function Versions({ graph, nodes, onSelect }: Props) {
  const strings = { ...graphStrings.panel, ...actionStrings.versions }
  const { cluster, window, span } = useView()
  const { namespace = '', app = '' } = nodes[0] ?? {}
  const { data: known } = useQuery({ ...objectsQuery(cluster.name), enabled: cluster.capabilities.kubernetes.allowed })
  const split = known === undefined ? undefined : declaredSplit(known.objects, { namespace, name: app })
  const times = useQuery(
    totalsQuery(
      { ask: 'series-duration', statistic: 'p95', by: ['workload'], reporter: 'auto' },
      {
        cluster,
        namespaces: [namespace],
        project: undefined,
        window,
        grain: rhythmOf(window.seconds, undefined),
        chosen: JSON.stringify(span),
      },
    ),
  )
  const p95Of = ({ workload }: GraphNode) =>
    times.data?.samples.find(
      ({ labels }) =>
        workload !== undefined &&
        labels[label.destinationWorkload] === workload &&
        labels[label.destinationNamespace] === namespace,
    )?.value
  const ofRequests = useGraphPromql('requests')
  const rows = nodes
    .filter(({ kind }) => kind === 'app')
    .map((node) => ({ node, totals: totalsOf(graph.edges.filter(({ target }) => target === node.id)) }))
  const all = rows.reduce((sum, { totals }) => sum + (totals.requests ?? 0), 0)
  return (
    <Section
      title={strings.versions}
      aside={split === undefined ? undefined : strings.declared(split.name)}
      promql={[...ofRequests, ...(times.data?.queries ?? [])]}
    >
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{strings.version}</th>
            {[...(split === undefined ? [] : [strings.weight]), strings.observed].map((text) => (
              <th key={text} scope="col" className={classes['num']}>
                {text}
              </th>
            ))}
            <td />
            {[strings.success, actionStrings.signals.p95].map((text) => (
              <th key={text} scope="col" className={classes['num']}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ node, totals: { requests, errorRatio } }) => {
            const share = all > 0 && requests !== undefined ? requests / all : undefined
            const weight = split === undefined ? undefined : (split.shares.get(node.version ?? '') ?? 0)
            return (
              <tr key={node.id}>
                <td>
                  <HealthMark state={stateOf(node)} size={13} />{' '}
                  <button type="button" className={classes['link']} onClick={() => onSelect(node.id)}>
                    {node.version ?? fullName(node)}
                  </button>
                </td>
                {split !== undefined && <td className={classes['num']}>{inWords(percent(weight))}</td>}
                <td className={classes['num']}>{inWords(percent(share))}</td>
                <td>
                  <svg width={barWidth} height="10" aria-hidden>
                    <rect className={classes['track']} y="1" width={barWidth} height="8" rx="2" />
                    <rect
                      className={classes['bar']}
                      data-health={stateOf(node)}
                      y="1"
                      width={barWidth * (share ?? 0)}
                      height="8"
                      rx="2"
                    />
                    {weight !== undefined && (
                      <rect className={classes['tick']} x={Math.max(barWidth * weight - 1, 0)} width="2" height="10" />
                    )}
                  </svg>
                </td>
                <td className={classes['num']} data-trouble={(errorRatio ?? 0) > 0.01 || undefined}>
                  {inWords(percent(errorRatio === undefined ? undefined : 1 - errorRatio))}
                </td>
                <td className={classes['num']}>{inWords(duration(p95Of(node)))}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Section>
  )
}
