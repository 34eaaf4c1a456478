import { useMemo } from 'react'
import { Link, useLocation, useParams } from 'react-router'

import { configKinds, kubernetesGateway, resourceOfKind } from '../../../mesh/checks/kinds.ts'
import { objectKey } from '../../../mesh/checks/listed.ts'
import { referencesOf } from '../../../mesh/checks/references.ts'
import { detailsPlace, sharedSearch } from '../../panels/links.ts'
import { PageHead } from '../../panels/PageHead.tsx'
import { stateOfError } from '../../panels/state.ts'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { LoadingPanel, StateView } from '../../panels/StatePanels.tsx'
import { useView } from '../../view.tsx'
import { ConfigMark } from './ConfigMark.tsx'
import { ConfigNotes } from './ConfigNotes.tsx'
import { Findings } from './Findings.tsx'
import classes from './IstioConfig.module.css'
import { ObjectTraffic } from './ObjectTraffic.tsx'
import { ObjectYaml } from './ObjectYaml.tsx'
import { References } from './References.tsx'
import { ageOf } from './rows.ts'
import { strings } from './strings.ts'
import { useConfig, type Config } from './useConfig.ts'

/** One object: its findings, its YAML, what it refers to and what refers to it. */
export function IstioObjectPage() {
  const { kind = '', namespace = '', name = '' } = useParams()
  const { search } = useLocation()
  const { isOwner, window } = useView()
  const { config, error, retry } = useConfig()
  const find = (of: string) => {
    const key = objectKey({ kind: of, namespace, name })
    return config?.all.find((each) => objectKey(each) === key)
  }
  // Links that know only the kind's own name may mean the Gateway API's.
  const one = find(kind) ?? (kind === 'Gateway' ? find(kubernetesGateway) : undefined)
  const resource = resourceOfKind(one?.kind ?? kind)
  const title = resource === undefined ? kind : configKinds[resource].title
  const back = <Link to={{ pathname: '/istio', search: sharedSearch(search) }}>{strings.noObject.back}</Link>
  const age = ageOf(one?.createdAt, window.at)
  return (
    <div className={classes['page']}>
      <PageHead
        title={name}
        summary={
          <span className={classes['ways']}>
            <span>
              {title}, <Link to={detailsPlace('namespace', { namespace, name: namespace }, search)}>{namespace}</Link>
            </span>
            {one !== undefined && <ConfigMark state={one.state} count={one.findings.length} />}
            {age !== undefined && <span title={one?.createdAt}>{strings.object.created(age)}</span>}
            {back}
          </span>
        }
      />
      {config === undefined ? (
        error === null ? (
          <LoadingPanel />
        ) : (
          <StateView state={stateOfError(error)} isOwner={isOwner} onRetry={retry} />
        )
      ) : one === undefined ? (
        <StatePanel
          mark="unknown"
          title={strings.noObject.title}
          text={strings.noObject.text(title, name, namespace)}
          actions={back}
        />
      ) : (
        <Body config={config} one={one} error={error} onRetry={retry} />
      )}
    </div>
  )
}

interface BodyProps {
  readonly config: Config
  readonly one: Config['all'][number]
  readonly error: Error | null
  readonly onRetry: () => void
}

function Body({ config, one, error, onRetry }: BodyProps) {
  const references = useMemo(() => referencesOf(config.checked, config.known.lists), [config.checked, config.known])
  const listed = useMemo(() => new Map(config.all.map((each) => [objectKey(each), each])), [config.all])
  return (
    <div className={classes['body']}>
      <ConfigNotes config={config} error={error} onRetry={onRetry} />
      <div className={classes['columns']}>
        <div className={classes['column']}>
          <section className={classes['box']} aria-label={strings.object.findings}>
            <h2>{strings.object.findings}</h2>
            {one.findings.length > 0 ? (
              <Findings findings={one.findings} />
            ) : (
              <p className={classes['muted']}>
                {one.state === 'unchecked' ? strings.uncheckedWhy : strings.object.none}{' '}
                {one.state === 'sound' && config.known.missing.length > 0 && strings.object.whatWasRead}
              </p>
            )}
          </section>
          {one.hosts.length > 0 && (
            <section className={classes['box']} aria-label={strings.object.hosts}>
              <h2>{strings.object.hosts}</h2>
              <ul className={classes['plain']}>
                {one.hosts.map((host) => (
                  <li key={host}>
                    <code>{host}</code>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <ObjectTraffic config={config} one={one} references={references} />
          <References object={one} references={references} listed={listed} />
        </div>
        <div className={classes['box']}>
          <h2>{strings.object.yaml}</h2>
          <ObjectYaml one={one} />
        </div>
      </div>
    </div>
  )
}
