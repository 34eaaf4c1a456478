import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useLocation } from 'react-router'

import type { WorkloadObject } from '../../../mesh/config/objects.ts'
import { podTrafficOf } from '../../../mesh/podTraffic.ts'
import { bytes, cores, dash, duration, inWords, percent, rate, type Quantity } from '../../format.ts'
import { Measure } from '../../kit/Measure.tsx'
import { telemetryQuery } from '../../queries/telemetry.ts'
import { useView } from '../../view.tsx'
import { strings as listStrings } from '../inventory/strings.ts'
import { logPlace } from '../links.ts'
import classes from './Details.module.css'
import { nodeRows, podRows, type Use } from './podRows.ts'
import { strings } from './strings.ts'

interface Props {
  readonly namespace: string
  readonly workloads: readonly WorkloadObject[]
  readonly pods: readonly unknown[]
}

/** Pods with their proxies, the worst first: status, what their own proxies report, CPU and memory of app and proxy; the same by node. */
export function Pods({ namespace, workloads, pods }: Props) {
  const whole = useView()
  const view = { ...whole, namespaces: [namespace], project: undefined }
  const resources = useQuery(telemetryQuery({ ask: 'resources' }, view))
  const traffic = useQuery(telemetryQuery({ ask: 'pods' }, view))
  const rows = useMemo(() => {
    const wanted = new Set(
      workloads.flatMap((each) => (each.pods ?? []).map(({ name }) => `${each.namespace}/${name}`)),
    )
    return podRows(pods, wanted, {
      resources: resources.data?.samples ?? [],
      traffic: podTrafficOf(traffic.data?.samples ?? []),
    })
  }, [workloads, pods, resources.data, traffic.data])
  const nodes = useMemo(() => nodeRows(rows), [rows])
  const isMeasured = rows.some(({ app, sidecar }) => [app.cpu, app.memory, sidecar.cpu, sidecar.memory].some(isKnown))
  const failure = resources.error ?? traffic.error
  return (
    <section className={classes['card']} aria-label={strings.pods}>
      <h2>{strings.pods}</h2>
      {failure !== null && <p>{strings.podsWithout(failure.message)}</p>}
      {rows.length === 0 ? (
        <p>{strings.noPods}</p>
      ) : (
        <div className={classes['wide']} tabIndex={0} role="group" aria-label={strings.pods}>
          <table className={classes['table']}>
            <thead>
              <tr>
                <th scope="col">{strings.pod}</th>
                <th scope="col">{strings.status}</th>
                <Numbers
                  names={[strings.ready, strings.restarts, strings.podRate, strings.podErrors, strings.podP95]}
                />
                <th scope="col">{strings.node}</th>
                <th scope="col">{strings.image}</th>
                <th scope="col">{strings.proxy}</th>
                {isMeasured && <Numbers names={[strings.cpu, strings.memory, strings.proxyCpu, strings.proxyMemory]} />}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.name}>
                  <td>
                    <PodName pod={row.name} workload={ownerOf(row.name, workloads)} />
                  </td>
                  <td data-trouble={row.isWell ? undefined : true}>{row.status}</td>
                  <td data-number>{listStrings.replicas(row.ready, row.of)}</td>
                  <td data-number data-trouble={row.restarts > 0 ? true : undefined}>
                    {row.restarts}
                  </td>
                  <Signals row={row} />
                  <td>{row.node ?? dash}</td>
                  <td>{row.image ?? dash}</td>
                  <td>{row.proxy ?? dash}</td>
                  {isMeasured && (
                    <>
                      <Used use={row.app.cpu} write={cores} />
                      <Used use={row.app.memory} write={bytes} />
                      <Used use={row.sidecar.cpu} write={cores} />
                      <Used use={row.sidecar.memory} write={bytes} />
                    </>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > 0 && !isMeasured && resources.isSuccess && <p>{strings.noResources}</p>}
      {nodes.length > 1 && (
        <div className={classes['wide']} tabIndex={0} role="group" aria-label={strings.nodes}>
          <table className={classes['table']}>
            <thead>
              <tr>
                <th scope="col">{strings.node}</th>
                <Numbers names={[strings.podCount, strings.podRate, strings.podErrors, strings.worstP95]} />
              </tr>
            </thead>
            <tbody>
              {nodes.map((row) => (
                <tr key={row.node}>
                  <td>{row.node}</td>
                  <td data-number>{row.pods}</td>
                  <Signals row={row} />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

/** The workload that a pod is of. */
function ownerOf(pod: string, workloads: readonly WorkloadObject[]): WorkloadObject | undefined {
  return workloads.find(({ pods = [] }) => pods.some(({ name }) => name === pod))
}

/** A pod's name leads to its log. */
function PodName({ pod, workload }: { readonly pod: string; readonly workload: WorkloadObject | undefined }) {
  const { search } = useLocation()
  if (workload === undefined) return pod
  return (
    <Link to={logPlace(workload, pod, search)} title={strings.toLog(pod)}>
      {pod}
    </Link>
  )
}

function Numbers({ names }: { readonly names: readonly string[] }) {
  return names.map((name) => (
    <th key={name} scope="col" data-number>
      {name}
    </th>
  ))
}

function Signals({
  row,
}: {
  readonly row: { readonly rate?: number; readonly errorRatio?: number; readonly p95?: number }
}) {
  return (
    <>
      <td data-number>
        <Measure quantity={rate(row.rate)} />
      </td>
      <td data-number data-trouble={(row.errorRatio ?? 0) >= 0.01 ? true : undefined}>
        <Measure quantity={percent(row.errorRatio)} />
      </td>
      <td data-number>
        <Measure quantity={duration(row.p95)} />
      </td>
    </>
  )
}

/** Bounds alone are worth their columns too. */
const isKnown = ({ used, request, limit }: Use): boolean => (used ?? request ?? limit) !== undefined

/** What is used, against what was asked for and what is allowed: near the limit it is said louder. */
function Used({ use, write }: { readonly use: Use; readonly write: (value: number | undefined) => Quantity }) {
  const { used, request, limit } = use
  const bounds = [
    ...(request === undefined ? [] : [strings.requested(inWords(write(request)))]),
    ...(limit === undefined ? [] : [strings.limited(inWords(write(limit)))]),
  ]
  const isNear = used !== undefined && limit !== undefined && used >= 0.9 * limit
  return (
    <td data-number data-trouble={isNear || undefined}>
      <Measure quantity={write(used)} />
      {bounds.map((bound) => (
        <small key={bound} className={classes['bounds']}>
          {bound}
        </small>
      ))}
    </td>
  )
}
