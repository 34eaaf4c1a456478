import { Skeleton } from '@mantine/core'
import { useMemo } from 'react'
import { useNavigate, useLocation } from 'react-router'

import type { Badge } from '../../../mesh/graph.ts'
import type { ListKind } from '../../../mesh/inventory.ts'
import { GraphCanvas } from '../../canvas/GraphCanvas.tsx'
import { byteRate, duration, inWords, percent, rate } from '../../format.ts'
import { HealthBadge } from '../../kit/HealthBadge.tsx'
import { projectName } from '../../queries/cluster.ts'
import { useView } from '../../view.tsx'
import type { ListedRow } from '../inventory/listRows.ts'
import { strings as listStrings } from '../inventory/strings.ts'
import { useInventory, type Inventory } from '../inventory/useInventory.ts'
import { graphPlace } from '../links.ts'
import { stateOfError } from '../state.ts'
import { StatePanel } from '../StatePanel.tsx'
import { StateView } from '../StatePanels.tsx'
import { Changes } from './Changes.tsx'
import { neighbourhoodOf } from './neighbourhood.ts'
import { Pods } from './Pods.tsx'
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
  const inventory = useInventory(kind, namespace)
  const { isOwner } = useView()
  const { rows, error, retry, objects } = inventory
  const row = rows?.find((each) => each.namespace === namespace && each.name === name)
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
  if (row === undefined) return <StatePanel mark="unknown" title={strings.gone.title(name)} text={strings.gone.text} />
  return (
    <>
      <div className={classes['columns']}>
        <Summary row={row} />
        {kind !== 'namespaces' && <Neighbourhood kind={kind} inventory={inventory} row={row} />}
      </div>
      {objects !== undefined && <Pods namespace={namespace} workloads={workloads} pods={objects.lists.pods ?? []} />}
      {objects !== undefined && <Config badges={badges} row={row} />}
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

interface NeighbourhoodProps {
  readonly kind: Exclude<ListKind, 'namespaces'>
  readonly inventory: Inventory
  readonly row: ListedRow
}

const endKinds = { apps: 'app', workloads: 'workload', services: 'service' } as const

function Neighbourhood({ kind, inventory: { graph }, row }: NeighbourhoodProps) {
  const { cluster } = useView()
  const { search } = useLocation()
  const navigate = useNavigate()
  const drawing = useMemo(
    () => (graph === undefined ? undefined : neighbourhoodOf(graph, new Set([row.id]))),
    [graph, row.id],
  )
  const nodes = useMemo(() => new Map((graph?.nodes ?? []).map((node) => [node.id, node])), [graph])
  const isOpen = cluster.capabilities.graph.allowed
  return (
    <section className={classes['card']} aria-label={strings.neighbourhood}>
      <h2>{strings.neighbourhood}</h2>
      {!isOpen ? (
        <p>{strings.noGraph}</p>
      ) : drawing === undefined || drawing.edges.length === 0 ? (
        <p>{strings.noNeighbours}</p>
      ) : (
        <div className={classes['canvas']}>
          <GraphCanvas
            drawing={drawing}
            scope={`around ${row.id}`}
            selected={undefined}
            camera={undefined}
            onCamera={noCamera}
            onSelect={(id) => {
              if (id === undefined) return
              void navigate(graphPlace({ kind: endKinds[kind], namespace: row.namespace, name: row.name }, search, id))
            }}
            describe={(id) => {
              const node = nodes.get(id)
              return node === undefined
                ? undefined
                : { title: node.workload ?? node.app ?? node.service ?? id, lines: node.health?.reasons ?? [] }
            }}
          />
        </div>
      )}
    </section>
  )
}

const noCamera = (): void => undefined

/** In the order Istio applies them: routing, then what holds for the destination, then who may come in. */
const inOrder: readonly Badge['kind'][] = [
  'gateway',
  'sidecar',
  'serviceEntry',
  'workloadEntry',
  'virtualService',
  'requestRouting',
  'trafficShifting',
  'tcpTrafficShifting',
  'faultInjection',
  'requestTimeout',
  'retries',
  'mirroring',
  'loadBalancing',
  'locality',
  'circuitBreaker',
  'outlierDetection',
  'peerAuthentication',
  'rateLimit',
  'authorizationPolicy',
]

function Config({ badges, row }: { readonly badges: readonly Badge[]; readonly row: ListedRow }) {
  const told = badges
    .filter(({ kind }) => kind !== 'missingSidecar')
    .toSorted((a, b) => inOrder.indexOf(a.kind) - inOrder.indexOf(b.kind))
  return (
    <section className={classes['card']} aria-label={strings.config}>
      <h2>{strings.config}</h2>
      {told.length === 0 && row.config.length === 0 && <p>{strings.noConfig}</p>}
      <ol className={classes['objects']}>
        {told.length > 0
          ? told.map(({ text, objects }) => (
              <li key={text}>
                {text}
                <small>{objects.join(' · ')}</small>
              </li>
            ))
          : row.config.map((ref) => <li key={ref}>{ref}</li>)}
      </ol>
    </section>
  )
}
