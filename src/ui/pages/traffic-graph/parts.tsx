import { useState, type ReactNode } from 'react'

import type { GraphEdge } from '../../../mesh/graph.ts'
import type { HealthState } from '../../../mesh/health.ts'
import { byteRate, duration, inWords, percent, rate } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { actionStrings } from './actionStrings.ts'
import type { CodeRow, HostRow } from './details.ts'
import { mtlsWords } from './mtls.ts'
import { PromqlButton, useGraphPromql } from './Promql.tsx'
import { Section } from './Section.tsx'
import classes from './SidePanel.module.css'
import { graphStrings } from './strings.ts'
import { padlockOf, rateText, stateOf } from './view.ts'

/** What is wrong, in sentences; nothing for what is well. */
export function Reasons({ state, reasons }: { readonly state: HealthState; readonly reasons: readonly string[] }) {
  const promql = useGraphPromql('requests', 'tcp', 'operations')
  if (reasons.length === 0) return null
  return (
    <div className={classes['say']} data-health={state}>
      <PromqlButton of={graphStrings.panel.verdict} queries={promql} />
      {reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
    </div>
  )
}

interface EdgeTableProps {
  readonly caption: string
  readonly edges: readonly GraphEdge[]
  /** What an edge is called here: its other end, or both. */
  readonly nameOf: (edge: GraphEdge) => string
  readonly onSelect: (id: string) => void
}

/** Longer tables show the first rows, and the rest on demand. */
const mostRows = 8

/** Edges with their other ends, worst first: mTLS, rate, errors, and the response time where it was asked for. */
export function EdgeTable({ caption, edges, nameOf, onSelect }: EdgeTableProps) {
  const [isWhole, setIsWhole] = useState(false)
  if (edges.length === 0) return null
  const shown = isWhole ? edges : edges.slice(0, mostRows)
  const statistic = edges.flatMap(({ latency }) => Object.keys(latency ?? {}))[0]
  const { panel, table } = graphStrings
  const rows = (
    <table className={classes['table']}>
      <thead>
        <tr>
          <th scope="col">{caption}</th>
          <th scope="col">{table.mtls}</th>
          <th scope="col" className={classes['num']}>
            {panel.rate}
          </th>
          <th scope="col" className={classes['num']}>
            {panel.errors}
          </th>
          {statistic !== undefined && (
            <th scope="col" className={classes['num']}>
              {statistic}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {shown.map((edge) => {
          return (
            <tr key={edge.id} data-health={stateOf(edge)}>
              <td className={classes['peer']}>
                <button type="button" className={classes['link']} onClick={() => onSelect(edge.id)}>
                  {nameOf(edge)}
                </button>
                <small> {graphStrings.protocols[edge.protocol]}</small>
              </td>
              <td>
                <Padlock mtls={edge.mtls} />
              </td>
              <td className={classes['num']}>
                {edge.protocol === 'tcp' ? inWords(byteRate(edge.rate)) : rateText(edge)}
              </td>
              <td className={classes['num']} data-trouble={(edge.errorRatio ?? 0) > 0 || undefined}>
                {inWords(percent(edge.errorRatio))}
              </td>
              {statistic !== undefined && (
                <td className={classes['num']}>{inWords(duration(latencyOf(edge, statistic)))}</td>
              )}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
  if (shown.length === edges.length) return rows
  return (
    <>
      {rows}
      <button type="button" className={classes['more']} onClick={() => setIsWhole(true)}>
        {graphStrings.more(edges.length - shown.length)}
      </button>
    </>
  )
}

/** A latency by the name of its statistic. */
export function latencyOf({ latency }: GraphEdge, statistic: string): number | undefined {
  return Object.entries(latency ?? {}).find(([name]) => name === statistic)?.[1]
}

/** Closed, open, or the words for "plain"; a dash where it was not measured. */
export function Padlock({ mtls }: { readonly mtls: number | undefined }) {
  if (mtls === undefined) return <>{inWords(percent(undefined))}</>
  const words = mtlsWords(mtls)
  const kind = padlockOf(mtls)
  if (kind === undefined) return <span title={words}>0&nbsp;%</span>
  return (
    <svg className={classes['padlock']} width="14" height="14" viewBox="0 0 16 16" role="img" aria-label={words}>
      <title>{words}</title>
      <path
        d={
          kind === 'closed'
            ? 'M4 7.5h8v5.5H4zM5.8 7.5V5.4a2.2 2.2 0 0 1 4.4 0v2.1'
            : 'M4 7.5h8v5.5H4zM5.8 7.5V5a2.2 2.2 0 0 1 4.2-1'
        }
      />
    </svg>
  )
}

/** Codes and flags with their meaning, rate and share. */
export function CodeTable({ rows, aside }: { readonly rows: readonly CodeRow[]; readonly aside?: string }) {
  const { panel } = graphStrings
  const promql = useGraphPromql('requests', 'tcp', 'operations')
  if (rows.length === 0) return null
  return (
    <Section title={panel.codes} aside={aside} promql={promql}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{panel.code}</th>
            <th scope="col">{panel.flag}</th>
            <th scope="col">{panel.meaning}</th>
            <th scope="col" className={classes['num']}>
              {panel.rate}
            </th>
            <th scope="col" className={classes['num']}>
              {panel.share}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ protocol, code, flags, meaning, rate: perSecond, share, isError }) => (
            <tr key={`${protocol} ${code} ${flags}`} data-trouble={isError || undefined}>
              <td className={classes['code']}>
                {code === '-' ? '–' : code}
                {protocol === 'grpc' && <small> gRPC</small>}
              </td>
              <td className={classes['code']}>{flags === '-' ? '–' : flags}</td>
              <td>{meaning}</td>
              <td className={classes['num']}>{inWords(protocol === 'tcp' ? byteRate(perSecond) : rate(perSecond))}</td>
              <td className={classes['num']}>{inWords(percent(share))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

/** What was asked of each destination host. */
export function HostTable({ rows }: { readonly rows: readonly HostRow[] }) {
  const { panel } = graphStrings
  const promql = useGraphPromql('requests', 'tcp', 'operations')
  if (rows.length === 0) return null
  return (
    <Section title={actionStrings.hosts.title} promql={promql}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{actionStrings.hosts.host}</th>
            {[panel.rate, panel.share, panel.errors].map((text) => (
              <th key={text} scope="col" className={classes['num']}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ host, protocol, rate: perSecond, share, errorRatio }) => (
            <tr key={`${protocol} ${host}`}>
              <td className={classes['peer']}>
                {host} <small>{graphStrings.protocols[protocol]}</small>
              </td>
              <td className={classes['num']}>{inWords(protocol === 'tcp' ? byteRate(perSecond) : rate(perSecond))}</td>
              <td className={classes['num']}>{inWords(percent(share))}</td>
              <td className={classes['num']} data-trouble={(errorRatio ?? 0) > 0.01 || undefined}>
                {inWords(percent(errorRatio))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

/** Principals under their words; nothing where none is known. */
export function Identities({
  groups,
}: {
  readonly groups: readonly (readonly [word: string, principals: readonly string[]])[]
}) {
  const promql = useGraphPromql('mtls')
  const known = groups.filter(([, principals]) => principals.length > 0)
  if (known.length === 0) return null
  return (
    <Section title={graphStrings.panel.principals} promql={promql}>
      <dl className={classes['facts']}>
        {known.map(([word, principals]) => (
          <div key={word} style={{ display: 'contents' }}>
            <dt>{word}</dt>
            <dd className={classes['wrap']}>
              <ul>
                {principals.map((principal) => (
                  <li key={principal}>{principal}</li>
                ))}
              </ul>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

/** A mark and a name that selects something. */
export function NameLink({
  state,
  name,
  onClick,
}: {
  readonly state: HealthState
  readonly name: ReactNode
  readonly onClick: () => void
}) {
  return (
    <span className={classes['nameLink']}>
      <HealthMark state={state} size={13} />
      <button type="button" className={classes['link']} onClick={onClick}>
        {name}
      </button>
    </span>
  )
}
