import { Button, TextInput } from '@mantine/core'
import { IconFilterX, IconSearch } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link, useLocation } from 'react-router'

import { configKinds, configResources } from '../../../mesh/checks/kinds.ts'
import { configStates, objectKey, type ListedObject } from '../../../mesh/checks/listed.ts'
import { dash } from '../../format.ts'
import inventoryClasses from '../../panels/inventory/Inventory.module.css'
import { ListTable, type TableColumn } from '../../panels/inventory/ListTable.tsx'
import { Some } from '../../panels/inventory/Some.tsx'
import { configPlace, detailsPlace, sharedSearch } from '../../panels/links.ts'
import { PageHead } from '../../panels/PageHead.tsx'
import { stateOfError } from '../../panels/state.ts'
import { LoadingPanel, StateView } from '../../panels/StatePanels.tsx'
import { useUrlState } from '../../urlState.tsx'
import { useView } from '../../view.tsx'
import { ConfigMark } from './ConfigMark.tsx'
import { ConfigNotes } from './ConfigNotes.tsx'
import { EmptyConfig } from './EmptyConfig.tsx'
import { ageOf, filteredObjects, sortedObjects } from './rows.ts'
import { markOf, strings } from './strings.ts'
import { useConfig } from './useConfig.ts'
import { configWords, type ColumnName } from './words.ts'

/** Every Istio and Gateway API object of the scope with what the checks say of it. */
export function IstioConfigPage() {
  const { state: choice, choose, adjust } = useUrlState(configWords)
  const { search } = useLocation()
  const { isOwner, window } = useView()
  const { config, error, retry } = useConfig()
  const all = config?.inScope
  const rows = useMemo(() => sortedObjects(filteredObjects(all ?? [], choice), choice.sort), [all, choice])
  const columns = useMemo(() => columnsAt(window.at), [window.at])
  const { q, kind, state } = choice
  const isFiltered = (q ?? '') !== '' || kind.length > 0 || state.length > 0
  return (
    <div className={inventoryClasses['page']}>
      <PageHead
        title={strings.title}
        summary={all === undefined ? undefined : strings.shown(rows.length, all.length)}
        actions={<Link to={{ pathname: '/istio/checks', search: sharedSearch(search) }}>{strings.checks}</Link>}
      />
      <div className={inventoryClasses['body']}>
        {config !== undefined && <ConfigNotes config={config} error={error} onRetry={retry} />}
        {config === undefined ? (
          error === null ? (
            <LoadingPanel />
          ) : (
            <StateView state={stateOfError(error)} isOwner={isOwner} onRetry={retry} />
          )
        ) : (
          <>
            <div className={inventoryClasses['toolbar']} role="group" aria-label={strings.toolbar}>
              <TextInput
                className={inventoryClasses['text']}
                size="sm"
                leftSection={<IconSearch size={15} stroke={1.5} aria-hidden />}
                aria-label={strings.filter}
                placeholder={strings.filter}
                value={q ?? ''}
                onChange={(event) => adjust({ q: event.currentTarget.value })}
              />
              <Some
                caption={strings.columns.state}
                options={configStates}
                chosen={state}
                name={(each) => strings.states[each]}
                onChoose={(chosen) => choose({ state: chosen })}
              />
              <Some
                caption={strings.columns.kind}
                options={configResources
                  .map((resource) => configKinds[resource].kind)
                  .filter((each) => kind.includes(each) || config.inScope.some((one) => one.kind === each))}
                chosen={kind}
                name={titleOf}
                onChoose={(chosen) => choose({ kind: chosen })}
              />
              {isFiltered && (
                <Button
                  size="sm"
                  variant="subtle"
                  leftSection={<IconFilterX size={15} stroke={1.5} aria-hidden />}
                  onClick={() => choose({ q: undefined, kind: [], state: [] })}
                >
                  {strings.clear}
                </Button>
              )}
            </div>
            {rows.length > 0 ? (
              <ListTable
                title={strings.title}
                rows={rows}
                columns={columns}
                idOf={objectKey}
                healthOf={(one) => markOf[one.state]}
                order={choice.sort}
                onOrder={(sort) => choose({ sort })}
              />
            ) : (
              <EmptyConfig config={config} />
            )}
          </>
        )}
      </div>
    </div>
  )
}

function titleOf(kind: string): string {
  return Object.values(configKinds).find((each) => each.kind === kind)?.title ?? kind
}

function columnsAt(at: number): readonly TableColumn<ListedObject, ColumnName>[] {
  const column = (
    name: ColumnName,
    cell: TableColumn<ListedObject, ColumnName>['cell'],
    isNumber = false,
  ): TableColumn<ListedObject, ColumnName> => ({ name, title: strings.columns[name], cell, isNumber })
  return [
    column('state', ({ state, findings }) => <ConfigMark state={state} count={findings.length} />),
    column('name', (one, search) => (
      <Link className={inventoryClasses['name']} to={configPlace(one, search)} title={one.name}>
        {one.name}
      </Link>
    )),
    column('kind', ({ kind }) => titleOf(kind)),
    column('namespace', ({ namespace }, search) => (
      <Link
        className={inventoryClasses['quiet']}
        to={detailsPlace('namespace', { namespace, name: namespace }, search)}
      >
        {namespace}
      </Link>
    )),
    column('hosts', ({ hosts }) => {
      const [first] = hosts
      if (first === undefined) return dash
      return (
        <span title={hosts.join('\n')}>{hosts.length === 1 ? first : strings.moreHosts(first, hosts.length - 1)}</span>
      )
    }),
    column('why', ({ findings }) => (
      <span
        className={inventoryClasses['why']}
        title={findings.map(({ code, message }) => `${code}: ${message}`).join('\n')}
      >
        {findings[0]?.message ?? dash}
      </span>
    )),
    column('age', ({ createdAt }) => <span title={createdAt}>{ageOf(createdAt, at) ?? dash}</span>, true),
  ]
}
