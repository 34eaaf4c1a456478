import type { ReactNode } from 'react'
import { Link } from 'react-router'

import type { ListKind } from '../../../mesh/inventory.ts'
import { byteRate, dash, duration, percent, rate } from '../../format.ts'
import { HealthBadge } from '../../kit/HealthBadge.tsx'
import { Measure } from '../../kit/Measure.tsx'
import { Sparkline } from '../../kit/Sparkline.tsx'
import { projectName } from '../../queries/cluster.ts'
import { detailsPlace } from '../links.ts'
import classes from './Inventory.module.css'
import type { ColumnName, ListedRow } from './listRows.ts'
import { strings } from './strings.ts'

export interface Column {
  readonly name: ColumnName
  readonly isNumber?: boolean
  readonly cell: (row: ListedRow, search: string) => ReactNode
}

/** Errors wear the row's colour where they may be its reason. */
const healthOfErrors = ({ health, errorRatio = 0 }: ListedRow) =>
  errorRatio > 0 && (health.state === 'failing' || health.state === 'degraded') ? health.state : undefined

/** The cells of a list, by column. */
export function columnsFor(kind: ListKind): Readonly<Record<ColumnName, Column>> {
  const column = (name: ColumnName, cell: Column['cell'], isNumber = false): Column => ({ name, cell, isNumber })
  return {
    health: column('health', ({ health }) => (
      <span title={health.reasons.join(' ')}>
        <HealthBadge state={health.state} />
      </span>
    )),
    name: column('name', (row, search) => (
      <Link className={classes['name']} to={detailsPlace(kindOfDetails[kind], row, search)} title={row.name}>
        {row.name}
      </Link>
    )),
    namespace: column('namespace', ({ namespace }, search) => (
      <Link className={classes['quiet']} to={detailsPlace('namespace', { namespace, name: namespace }, search)}>
        {namespace}
      </Link>
    )),
    kind: column('kind', ({ kind: its }) => its ?? dash),
    why: column('why', ({ health }) => (
      <span className={classes['why']} title={health.reasons.join(' ')}>
        {health.reasons.slice(0, 2).join(' ')}
      </span>
    )),
    rate: column(
      'rate',
      (row) => (
        <span className={classes['spark']}>
          {row.spark !== undefined && <Sparkline values={row.spark} label={strings.sparkline(row.name)} />}
          <Measure quantity={rate(row.rate)} />
        </span>
      ),
      true,
    ),
    errors: column(
      'errors',
      (row) => (
        <span className={classes['errors']} data-health={healthOfErrors(row)}>
          <Measure quantity={percent(row.errorRatio)} />
        </span>
      ),
      true,
    ),
    p95: column('p95', ({ p95 }) => <Measure quantity={duration(p95)} />, true),
    throughput: column(
      'throughput',
      (row) => (
        <span className={classes['spark']}>
          {row.byteSpark !== undefined && <Sparkline values={row.byteSpark} label={strings.byteSparkline(row.name)} />}
          <Measure quantity={byteRate(row.throughput)} />
        </span>
      ),
      true,
    ),
    mtls: column('mtls', ({ mtls }) => <Measure quantity={percent(mtls)} />, true),
    injection: column('injection', ({ injection }) =>
      injection === undefined ? (
        dash
      ) : (
        <span className={classes['injection']} data-state={injection.state} title={injection.reason}>
          {injection.of > 1 && `${strings.inMesh(injection.inMesh, injection.of)} · `}
          {strings.injection[injection.state]}
        </span>
      ),
    ),
    replicas: column(
      'replicas',
      ({ replicas }) => (replicas === undefined ? dash : strings.replicas(replicas.available, replicas.desired)),
      true,
    ),
    versions: column('versions', ({ versions }) => (versions.length === 0 ? dash : versions.join(', '))),
    calls: column('calls', ({ calls }) => <Measure quantity={rate(calls)} />, true),
    config: column('config', ({ config }) =>
      config.length === 0 ? dash : <span title={config.join('\n')}>{strings.configCount(config.length)}</span>,
    ),
    labels: column('labels', ({ labels }) => {
      const all = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
      return all.length === 0 ? dash : <span title={all.join('\n')}>{all.slice(0, 3).join(' ')}</span>
    }),
    project: column('project', ({ project }) => (project === undefined ? dash : projectName(project))),
  }
}

const kindOfDetails = { namespaces: 'namespace', apps: 'app', workloads: 'workload', services: 'service' } as const
