import { Link, useLocation } from 'react-router'

import type { MeshObjects } from '../../../mesh/config/objects.ts'
import { inWords, percent, rate } from '../../format.ts'
import { Measure } from '../../kit/Measure.tsx'
import type { ListedRow } from '../../panels/inventory/listRows.ts'
import { listWords } from '../../panels/inventory/listWords.ts'
import { strings as listStrings } from '../../panels/inventory/strings.ts'
import { sharedSearch } from '../../panels/links.ts'
import { writeWords } from '../../url.ts'
import { coverageOf, mtlsModes, mtlsOf } from './overviewRows.ts'
import classes from './OverviewPage.module.css'
import { strings } from './strings.ts'

interface MtlsProps {
  readonly namespaces: readonly ListedRow[]
  readonly objects: MeshObjects | undefined
}

/** The share of requests under mutual TLS, and what the namespaces' policies ask for. */
export function MtlsCard({ namespaces, objects }: MtlsProps) {
  const { mtls: words } = strings
  const { ratio, plainRate } = mtlsOf(namespaces)
  const inMesh = namespaces.filter(({ injection }) => (injection?.inMesh ?? 0) > 0).map(({ name }) => name)
  const modes = objects?.peerAuthentications === undefined ? undefined : mtlsModes(inMesh, objects)
  return (
    <section className={classes['card']} aria-label={words.title}>
      <div className={classes['cardHead']}>
        <h2>{words.title}</h2>
      </div>
      <div className={classes['coverage']}>
        <p className={classes['big']}>
          <Measure quantity={percent(ratio)} /> <small>{ratio === undefined ? words.unknown : words.ofRequests}</small>
        </p>
        {ratio !== undefined && <Bar ratio={ratio} />}
        <dl className={classes['facts']}>
          {modes !== undefined && (
            <>
              <dt>{words.strict}</dt>
              <dd>{words.namespaces(modes.STRICT)}</dd>
              <dt>{words.permissive}</dt>
              <dd>{words.namespaces(modes.PERMISSIVE)}</dd>
              {modes.DISABLE > 0 && (
                <>
                  <dt>{words.disabled}</dt>
                  <dd>{words.namespaces(modes.DISABLE)}</dd>
                </>
              )}
            </>
          )}
          {ratio !== undefined && (
            <>
              <dt>{words.plain}</dt>
              <dd>{inWords(rate(plainRate))}</dd>
            </>
          )}
        </dl>
      </div>
    </section>
  )
}

/** How many workloads are in the mesh, and which deserve a look. */
export function InjectionCard({ workloads }: { readonly workloads: readonly ListedRow[] }) {
  const { search } = useLocation()
  const { injection: words } = strings
  const { inMesh, of, states } = coverageOf(workloads)
  return (
    <section className={classes['card']} aria-label={words.title}>
      <div className={classes['cardHead']}>
        <h2>{words.title}</h2>
      </div>
      <div className={classes['coverage']}>
        {of === 0 ? (
          <p className={classes['muted']}>{words.unknown}</p>
        ) : (
          <>
            <p className={classes['big']}>
              {inMesh} <small>{words.of(of)}</small>
            </p>
            <Bar ratio={inMesh / of} />
            <dl className={classes['facts']}>
              {[...states].map(([state, rows]) => (
                <div key={state} style={{ display: 'contents' }}>
                  <dt>{listStrings.injection[state]}</dt>
                  <dd>
                    <Link
                      to={{
                        pathname: '/workloads',
                        search: writeWords(listWords.workloads, sharedSearch(search), { injection: [state] }),
                      }}
                    >
                      {rows.length > 2 ? rows.length : rows.map(({ name }) => name).join(', ')}
                    </Link>
                  </dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </div>
    </section>
  )
}

function Bar({ ratio }: { readonly ratio: number }) {
  return (
    <div className={classes['bar']} aria-hidden>
      <span style={{ width: `${ratio * 100}%` }} />
    </div>
  )
}
