import { useMemo } from 'react'

import type { ListKind } from '../../../mesh/inventory.ts'
import { clockTime } from '../../format.ts'
import { Banner } from '../../panels/Banner.tsx'
import classes from '../../panels/inventory/Inventory.module.css'
import { InventoryTable } from '../../panels/inventory/InventoryTable.tsx'
import { filtered, rowsAsCsv, sortedRows } from '../../panels/inventory/listRows.ts'
import { MissingNote } from '../../panels/inventory/MissingNote.tsx'
import { ListToolbar } from '../../panels/inventory/ListToolbar.tsx'
import { listWords } from '../../panels/inventory/listWords.ts'
import { strings } from '../../panels/inventory/strings.ts'
import { useInventory } from '../../panels/inventory/useInventory.ts'
import { download, fileName } from '../../panels/metrics/exports.ts'
import { SilenceReason } from '../../panels/doctor/SilenceReason.tsx'
import { PageHead } from '../../panels/PageHead.tsx'
import { stateOfError } from '../../panels/state.ts'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { LoadingPanel, StaleBanner, StateView } from '../../panels/StatePanels.tsx'
import { useUrlState } from '../../urlState.tsx'
import { useView } from '../../view.tsx'

export const NamespacesPage = () => <ListPage kind="namespaces" />
export const AppsPage = () => <ListPage kind="apps" />
export const WorkloadsPage = () => <ListPage kind="workloads" />
export const ServicesPage = () => <ListPage kind="services" />

/** Every namespace, app, workload or service of the scope with its traffic: filtered, sorted and exported as the URL says. */
function ListPage({ kind }: { readonly kind: ListKind }) {
  const { state: choice, choose, adjust } = useUrlState(listWords[kind])
  const { isOwner, window } = useView()
  const hasBytesOverTime = choice.columns.includes('throughput')
  const inventory = useInventory(kind, { hasBytesOverTime })
  const { rows: all, error, graph, objects, objectsError, retry, retryObjects } = inventory
  const rows = useMemo(
    () =>
      sortedRows(
        filtered(all ?? [], {
          name: choice.q ?? '',
          label: choice.label ?? '',
          health: choice.health,
          injection: choice.injection,
          kinds: choice.kind,
          config: choice.config,
        }),
        choice.sort,
      ),
    [all, choice],
  )
  const title = strings.titles[kind]

  return (
    <div className={classes['page']}>
      <PageHead title={title} summary={all === undefined ? undefined : strings.shown(rows.length, all.length)} />
      <div className={classes['body']}>
        {error !== null && all !== undefined && (
          <StaleBanner asOf={clockTime(graph?.time)} cause={error.message} onRetry={retry} />
        )}
        {objectsError !== null && <Banner tone="degraded">{strings.noKubernetes(objectsError.message)}</Banner>}
        <MissingNote missing={objects?.missing ?? []} onRetry={retryObjects} />
        {all === undefined ? (
          error === null ? (
            <LoadingPanel />
          ) : (
            <StateView state={stateOfError(error)} isOwner={isOwner} onRetry={retry} />
          )
        ) : (
          <>
            <ListToolbar
              kind={kind}
              choice={choice}
              rows={all}
              choose={choose}
              adjust={adjust}
              onExport={() =>
                download(new Blob([rowsAsCsv(rows)], { type: 'text/csv' }), fileName(title, window.at, 'csv'))
              }
            />
            {rows.length > 0 ? (
              <InventoryTable
                kind={kind}
                rows={rows}
                columns={choice.columns}
                order={choice.sort}
                onOrder={(sort) => choose({ sort })}
              />
            ) : (
              <StatePanel
                mark="idle"
                title={all.length === 0 ? strings.nothing.title : strings.nothing.filteredTitle}
                text={all.length === 0 ? strings.nothing.text : strings.nothing.filteredText(all.length)}
              >
                {all.length === 0 && <SilenceReason />}
              </StatePanel>
            )}
          </>
        )}
      </div>
    </div>
  )
}
