import { Skeleton } from '@mantine/core'
import { useMemo } from 'react'
import { Link, useLocation } from 'react-router'

import type { Badge } from '../../../mesh/graph.ts'
import type { ListKind } from '../../../mesh/inventory.ts'
import { byteRate, clockTime, duration, inWords, percent, rate } from '../../format.ts'
import { HealthBadge } from '../../kit/HealthBadge.tsx'
import { projectName } from '../../queries/cluster.ts'
import { sharedWords, writeWords } from '../../url.ts'
import { useView } from '../../view.tsx'
import { Banner } from '../Banner.tsx'
import type { ListedRow } from '../inventory/listRows.ts'
import { MissingNote } from '../inventory/MissingNote.tsx'
import { strings as listStrings } from '../inventory/strings.ts'
import { useInventory } from '../inventory/useInventory.ts'
import { sharedSearch } from '../links.ts'
import { stateOfError } from '../state.ts'
import { StatePanel } from '../StatePanel.tsx'
import { StaleBanner, StateView } from '../StatePanels.tsx'
import { Changes } from './Changes.tsx'
import { AppliedConfig } from './AppliedConfig.tsx'
import { Neighbourhood } from './Neighbourhood.tsx'
import { Pods } from './Pods.tsx'
import { standingOf, useLastSeen } from './lastSeen.ts'
import { strings } from './strings.ts'
import { workloadsOf } from './workloadsOf.ts'
import classes from './Details.module.css'

interface Props {
  readonly kind: ListKind
  readonly namespace: string
  readonly name: string
}

/** What is known of one thing besides its metrics: summary, neighbourhood, pods and proxies, and the Istio objects that apply. */
export function AboutIt({ kind, namespace, name }: Props) {
  const inventory = useInventory(kind, { only: namespace })
  const { isOwner } = useView()
  const { rows, error, retry, retryObjects, objects, objectsError } = inventory
  const found = rows?.find((each) => each.namespace === namespace && each.name === name)
  const standing = standingOf(kind, namespace, name, objects)
  const { row, wasStanding, isGone, at } = useLastSeen({
    row: found,
    isAnswered: rows !== undefined,
    standing,
    at: inventory.graph?.time,
    key: `${kind}/${namespace}/${name}`,
  })
  const badges = useMemo(
    () => (row === undefined ? [] : (inventory.graph?.nodes.find(({ id }) => id === row.id)?.badges ?? [])),
    [inventory.graph, row],
  )
  const workloads = useMemo(
    () => (objects === undefined ? [] : workloadsOf(kind, namespace, name, objects.objects)),
    [kind, namespace, name, objects],
  )
  if (rows === undefined) {
    return error === null ? (
      <div role="status" aria-label={strings.summary}>
        <Skeleton height={240} />
      </div>
    ) : (
      <StateView state={stateOfError(error)} isOwner={isOwner} onRetry={retry} />
    )
  }
  if (row === undefined) {
    return (
      <StatePanel mark="unknown" title={strings.gone.title(name)} text={strings.gone.text}>
        <ToList kind={kind} namespace={namespace} />
      </StatePanel>
    )
  }
  return (
    <>
      {isGone && (
        <Banner tone="degraded" actions={<ToList kind={kind} namespace={namespace} />}>
          {strings.gone.since(name, clockTime(at))}
        </Banner>
      )}
      {!isGone && wasStanding && standing === false && (
        <Banner tone="degraded" actions={<ToList kind={kind} namespace={namespace} />}>
          {strings.gone.deleted(name)}
        </Banner>
      )}
      {error !== null && <StaleBanner asOf={clockTime(at)} cause={error.message} onRetry={retry} />}
      {objectsError !== null && <Banner tone="degraded">{listStrings.noKubernetes(objectsError.message)}</Banner>}
      <MissingNote missing={objects?.missing ?? []} onRetry={retryObjects} />
      <div className={classes['columns']}>
        <Summary row={row} />
        <Neighbourhood kind={kind} graph={inventory.graph} row={row} />
      </div>
      {objects !== undefined && <Pods namespace={namespace} workloads={workloads} pods={objects.lists.pods ?? []} />}
      {objects !== undefined && <AppliedConfig badges={badges} row={row} />}
      {objects !== undefined && (
        <Changes
          namespace={namespace}
          isWhole={kind === 'namespaces'}
          workloads={workloads}
          services={kind === 'services' ? [name] : []}
          config={configOf(badges, row)}
          known={objects}
        />
      )}
    </>
  )
}

/** The list that the thing was in, of its namespace alone. */
function ToList({ kind, namespace }: { readonly kind: ListKind; readonly namespace: string }) {
  const { search } = useLocation()
  const words = kind === 'namespaces' ? {} : { namespaces: [namespace], project: undefined }
  return (
    <Link to={{ pathname: `/${kind}`, search: writeWords(sharedWords, sharedSearch(search), words) }}>
      {strings.gone.toList(listStrings.titles[kind])}
    </Link>
  )
}

/** Every object that is told of, once. */
function configOf(badges: readonly Badge[], row: ListedRow): readonly string[] {
  return [...new Set([...row.config, ...badges.flatMap(({ objects }) => objects)])]
}

function Summary({ row }: { readonly row: ListedRow }) {
  const { health, injection, replicas, versions, labels, project, mtls } = row
  const signals = [
    ...(row.rate === undefined ? [] : [strings.requests(inWords(rate(row.rate)))]),
    ...(row.errorRatio === undefined ? [] : [strings.failing(inWords(percent(row.errorRatio)))]),
    ...(row.p95 === undefined ? [] : [strings.p95(inWords(duration(row.p95)))]),
    ...(row.throughput === undefined ? [] : [strings.bytes(inWords(byteRate(row.throughput)))]),
  ]
  return (
    <section className={classes['card']} aria-label={strings.summary}>
      <h2>{strings.summary}</h2>
      <dl className={classes['facts']}>
        <dt>{strings.health}</dt>
        <dd>
          <ul className={classes['reasons']}>
            <li>
              <HealthBadge state={health.state} />
            </li>
            {health.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </dd>
        <Fact name={strings.signals} value={signals.join(' · ')} />
        <Fact name={strings.mtls} value={mtls === undefined ? undefined : inWords(percent(mtls))} />
        <Fact
          name={strings.injection}
          value={
            injection === undefined
              ? undefined
              : `${injection.of > 1 ? `${listStrings.inMesh(injection.inMesh, injection.of)} · ` : ''}${listStrings.injection[injection.state]}. ${injection.reason}`
          }
        />
        <Fact
          name={strings.replicas}
          value={replicas === undefined ? undefined : strings.available(replicas.available, replicas.desired)}
        />
        <Fact name={strings.kind} value={row.kind} />
        <Fact name={strings.versions} value={versions.join(', ')} />
        <Fact
          name={strings.labels}
          value={Object.entries(labels)
            .map(([label, value]) => `${label}=${value}`)
            .join(' ')}
        />
        <Fact name={strings.project} value={project === undefined ? undefined : projectName(project)} />
      </dl>
    </section>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string | undefined }) {
  if (value === undefined || value === '') return null
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}
