import { useLocation } from 'react-router'

import { columnsFor } from '../../panels/inventory/columns.tsx'
import { sortedRows, type ColumnName, type ListedRow } from '../../panels/inventory/listRows.ts'
import { strings as listStrings } from '../../panels/inventory/strings.ts'
import { projectName } from '../../queries/cluster.ts'
import { byProject } from './overviewRows.ts'
import classes from './OverviewPage.module.css'
import { strings } from './strings.ts'

const shown: readonly ColumnName[] = ['health', 'name', 'why', 'rate', 'errors', 'p95', 'mtls', 'injection']
const columns = shown.map((name) => columnsFor('namespaces')[name])

/** The scope's namespaces, worst first, under their Rancher projects where there are any. */
export function NamespaceTable({ rows }: { readonly rows: readonly ListedRow[] }) {
  const { search } = useLocation()
  const groups = byProject(sortedRows(rows, { by: 'health', isDescending: false }))
  const hasProjects = groups.some(({ project }) => project !== undefined)
  return (
    <section className={classes['card']} aria-label={strings.namespaces}>
      <div className={classes['cardHead']}>
        <h2>{strings.namespaces}</h2>
        <span>{strings.worstFirst}</span>
      </div>
      {/* A scrolling region is reached by the keyboard. */}
      <div className={classes['wide']} tabIndex={0} role="group" aria-label={strings.namespaces}>
        <table className={`${classes['table'] ?? ''} ${classes['namespaces'] ?? ''}`}>
          <thead>
            <tr>
              {columns.map(({ name, isNumber }) => (
                <th key={name} scope="col" data-number={isNumber === true || undefined}>
                  {listStrings.columns[name]}
                </th>
              ))}
            </tr>
          </thead>
          {groups.map(({ project, rows: own }) => (
            <tbody key={project ?? ''}>
              {hasProjects && (
                <tr>
                  <th className={classes['project']} colSpan={columns.length} scope="rowgroup">
                    {project === undefined ? strings.noProject : strings.project(projectName(project))}
                  </th>
                </tr>
              )}
              {own.map((row) => (
                <tr key={row.id} data-health={row.health.state}>
                  {columns.map(({ name, isNumber, cell }) => (
                    <td key={name} data-column={name} data-number={isNumber === true || undefined}>
                      {cell(row, search)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
      {rows.length === 0 && <p className={classes['said2']}>{strings.noNamespaces}</p>}
    </section>
  )
}
