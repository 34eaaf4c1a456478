import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useLocation } from 'react-router'

import { bytes, cores, dash, dateTime } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { Measure } from '../../kit/Measure.tsx'
import { strings as listStrings } from '../../panels/inventory/strings.ts'
import { detailsPlace } from '../../panels/links.ts'
import type { KnownObjects } from '../../queries/objects.ts'
import { telemetryQuery } from '../../queries/telemetry.ts'
import { useView } from '../../view.tsx'
import { certificateEnds, meshParts } from './overviewRows.ts'
import classes from './OverviewPage.module.css'
import { strings } from './strings.ts'

/** Istio's own workloads: replicas, versions, and CPU and memory where Prometheus has them; and until when istiod's certificates hold. */
export function ControlPlane({ known }: { readonly known: KnownObjects }) {
  const { search } = useLocation()
  const view = useView()
  const { control: words } = strings
  // Istio's parts are listed whatever the scope is, so they are asked about where they run.
  const namespaces = useMemo(
    () => [...new Set(meshParts(known.objects, [], []).map(({ namespace }) => namespace))].sort(),
    [known],
  )
  const resources = useQuery({
    ...telemetryQuery({ ask: 'resources' }, { ...view, namespaces, project: undefined }),
    enabled: namespaces.length > 0,
  })
  const certificates = useQuery(telemetryQuery({ ask: 'certificates' }, view))
  const parts = useMemo(
    () => meshParts(known.objects, known.lists.pods ?? [], resources.data?.samples ?? []),
    [known, resources.data],
  )
  const { root, chain, isSoon } = certificateEnds(certificates.data?.samples ?? [], view.window.at)
  if (parts.length === 0) return null
  const hasResources = parts.some(({ cpu, memory }) => cpu !== undefined || memory !== undefined)
  return (
    <section className={classes['card']} aria-label={words.title}>
      <div className={classes['cardHead']}>
        <h2>{words.title}</h2>
      </div>
      <div className={classes['wide']} tabIndex={0} role="group" aria-label={words.title}>
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">{words.name}</th>
              <th scope="col" data-number>
                {words.replicas}
              </th>
              <th scope="col">{words.version}</th>
              <th scope="col" data-number>
                {words.cpu}
              </th>
              <th scope="col" data-number>
                {words.memory}
              </th>
            </tr>
          </thead>
          <tbody>
            {parts.map(({ namespace, name, replicas, version, cpu, memory }) => (
              <tr key={`${namespace}/${name}`}>
                <td>
                  <Link to={detailsPlace('workload', { namespace, name }, search)}>{name}</Link>{' '}
                  <small className={classes['muted']}>{namespace}</small>
                </td>
                <td data-number>
                  {replicas === undefined ? dash : listStrings.replicas(replicas.available, replicas.desired)}
                </td>
                <td>{version ?? dash}</td>
                <td data-number>
                  <Measure quantity={cores(cpu)} />
                </td>
                <td data-number>
                  <Measure quantity={bytes(memory)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(root ?? chain) !== undefined && (
        <p className={classes['said2']} data-health={isSoon ? 'degraded' : undefined}>
          {isSoon && <HealthMark state="degraded" size={12} />}{' '}
          {[
            ...(root === undefined ? [] : [words.root(dateTime(root))]),
            ...(chain === undefined || chain === root ? [] : [words.chain(dateTime(chain))]),
          ].join(' ')}
        </p>
      )}
      {certificates.isSuccess && !certificates.isPlaceholderData && (root ?? chain) === undefined && (
        <p className={classes['said2']}>{words.noCertificates}</p>
      )}
      {!hasResources && resources.data !== undefined && <p className={classes['said2']}>{words.noResources}</p>}
      {[resources.error, certificates.error].map(
        (error) =>
          error !== null && (
            <p key={error.message} className={classes['said2']}>
              {words.failed(error.message)}
            </p>
          ),
      )}
    </section>
  )
}
