import { useMemo } from 'react'
import { Link, useLocation } from 'react-router'

import { frontDoorsOf } from '../../../mesh/frontDoors.ts'
import type { HealthState } from '../../../mesh/verdict.ts'
import { clockTime } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { Banner } from '../../panels/Banner.tsx'
import { MissingNote } from '../../panels/inventory/MissingNote.tsx'
import { healthStates } from '../../panels/inventory/listWords.ts'
import { strings as listStrings } from '../../panels/inventory/strings.ts'
import { useInventory } from '../../panels/inventory/useInventory.ts'
import { sharedSearch } from '../../panels/links.ts'
import { PageHead } from '../../panels/PageHead.tsx'
import { stateOfError } from '../../panels/state.ts'
import { LoadingPanel, StaleBanner, StateView } from '../../panels/StatePanels.tsx'
import { toolStrings } from '../../panels/tools/strings.ts'
import { ToolCards } from '../../panels/tools/ToolCards.tsx'
import { strings as shared } from '../../strings.ts'
import { useView } from '../../view.tsx'
import { Alerts } from './Alerts.tsx'
import { ControlPlane } from './ControlPlane.tsx'
import { InjectionCard, MtlsCard } from './Coverage.tsx'
import { Doors } from './Doors.tsx'
import { Golden } from './Golden.tsx'
import { Leaders } from './Leaders.tsx'
import { NamespaceTable } from './NamespaceTable.tsx'
import classes from './OverviewPage.module.css'
import { strings } from './strings.ts'

/** The scope at a glance: what is wrong and where, and everything from here. */
export function OverviewPage() {
  const { isOwner, cluster } = useView()
  const { search } = useLocation()
  const { rows, error, graph, objects, objectsError, retry, retryObjects } = useInventory('namespaces')
  const services = useInventory('services').rows
  const workloads = useInventory('workloads').rows
  const seesAll = cluster.namespaces === null || cluster.namespaces === undefined
  const doors = useMemo(
    () => (graph === undefined || objects === undefined ? undefined : frontDoorsOf(graph, objects.objects)),
    [graph, objects],
  )
  return (
    <div className={classes['page']}>
      <PageHead
        title={strings.title}
        summary={rows === undefined ? undefined : <Counts states={rows.map(({ health }) => health.state)} />}
        actions={
          <>
            <Link to={{ pathname: '/traffic-metrics', search: sharedSearch(search) }}>{strings.toMetrics}</Link>
            {cluster.capabilities.graph.allowed && (
              <Link to={{ pathname: '/traffic-graph', search: sharedSearch(search) }}>{strings.toGraph}</Link>
            )}
          </>
        }
      />
      <div className={classes['body']}>
        {error !== null && rows !== undefined && (
          <StaleBanner asOf={clockTime(graph?.time)} cause={error.message} onRetry={retry} />
        )}
        {objectsError !== null && <Banner tone="degraded">{listStrings.noKubernetes(objectsError.message)}</Banner>}
        <MissingNote missing={objects?.missing ?? []} onRetry={retryObjects} />
        {!seesAll && <p className={classes['note']}>{strings.member}</p>}
        {rows === undefined ? (
          error === null ? (
            <LoadingPanel />
          ) : (
            <StateView state={stateOfError(error)} isOwner={isOwner} onRetry={retry} />
          )
        ) : (
          <>
            <Golden namespaces={rows} />
            <Leaders services={services ?? []} />
            <NamespaceTable rows={rows} />
            <div className={classes['halves']}>
              <Doors doors={doors} seesAll={seesAll} />
              {seesAll && objects !== undefined && <ControlPlane known={objects} />}
            </div>
            <div className={classes['thirds']}>
              <MtlsCard namespaces={rows} objects={objects?.objects} />
              <InjectionCard workloads={workloads ?? []} />
              <Alerts />
            </div>
            <section className={classes['tools']}>
              <h2>{toolStrings.title}</h2>
              <ToolCards />
            </section>
          </>
        )}
      </div>
    </div>
  )
}

function Counts({ states }: { readonly states: readonly HealthState[] }) {
  return (
    <ul className={classes['counts']} aria-label={strings.summary}>
      {healthStates.map((state) => {
        const count = states.filter((each) => each === state).length
        return (
          count > 0 && (
            <li key={state}>
              <HealthMark state={state} isDecorative />
              {strings.counts(count, shared.health[state].toLowerCase())}
            </li>
          )
        )
      })}
    </ul>
  )
}
