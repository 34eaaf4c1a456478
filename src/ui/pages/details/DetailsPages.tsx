import { useMemo } from 'react'
import { Link, useLocation, useParams } from 'react-router'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import { useSaySelected } from '../../embed/Embedding.tsx'
import { AboutIt } from '../../panels/details/AboutIt.tsx'
import classes from '../../panels/details/Details.module.css'
import { LogsOf } from '../../panels/details/LogsOf.tsx'
import { MetricsOf } from '../../panels/details/MetricsOf.tsx'
import { Neighbours } from '../../panels/details/Neighbours.tsx'
import { Parts } from '../../panels/details/Parts.tsx'
import { partWords } from '../../panels/details/partWords.ts'
import { strings } from '../../panels/details/strings.ts'
import { TracesOf } from '../../panels/details/TracesOf.tsx'
import { InjectionCard } from '../../panels/injection/InjectionCard.tsx'
import { graphPlace, metricsPlace, sharedSearch } from '../../panels/links.ts'
import { isName, isNamespace } from '../../panels/metrics/endWord.ts'
import { PageHead } from '../../panels/PageHead.tsx'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { writeWords, sharedWords } from '../../url.ts'
import { useUrlState } from '../../urlState.tsx'
import { useView } from '../../view.tsx'

export const WorkloadPage = () => <EndPage kind="workload" />
export const AppPage = () => <EndPage kind="app" />

/** One workload or app: how it is, who calls it and whom it calls, its pods, and the Istio objects that apply. */
function EndPage({ kind }: { readonly kind: 'workload' | 'app' }) {
  const { namespace, name } = useParams()
  if (!isNamespace(namespace) || !isName(name)) return <NotAName />
  return <OneEnd kind={kind} namespace={namespace} name={name} />
}

interface EndProps {
  readonly kind: 'workload' | 'app'
  readonly namespace: string
  readonly name: string
}

function OneEnd({ kind, namespace, name }: EndProps) {
  const { search } = useLocation()
  const { zone } = useUrlState(sharedWords).state
  const { part } = useUrlState(partWords).state
  const cluster = useView().cluster.name
  useSaySelected({ cluster, kind, namespace, name })
  const end = useMemo((): CallEnd => ({ kind, namespace, name, direction: 'inbound' }), [kind, namespace, name])
  return (
    <div className={classes['page']}>
      <PageHead
        title={name}
        summary={
          <span className={classes['ways']}>
            <Link to={{ pathname: `/namespaces/${namespace}`, search: sharedSearch(search) }}>
              {strings.kindIn(strings.kinds[kind], namespace)}
            </Link>
            <Link to={metricsPlace(end, search)}>{strings.toMetrics}</Link>
            <Link to={graphPlace(end, search)}>{strings.toGraph}</Link>
          </span>
        }
      />
      <Parts shown={part} />
      {part === 'metrics' ? (
        <MetricsOf end={end} />
      ) : (
        <div className={classes['body']}>
          {part === 'about' && (
            <>
              <AboutIt kind={kind === 'app' ? 'apps' : 'workloads'} namespace={namespace} name={name} />
              <Neighbours end={end} reporter="auto" zone={zone} />
            </>
          )}
          {part === 'logs' && <LogsOf kind={kind === 'app' ? 'apps' : 'workloads'} namespace={namespace} name={name} />}
          {part === 'traces' && <TracesOf kind={kind} namespace={namespace} name={name} />}
        </div>
      )}
    </div>
  )
}

/** One namespace: how it is, who calls it and whom it calls, its metrics, its pods, and its Istio objects; its lists and the graph are one step away. */
export function NamespacePage() {
  const { namespace } = useParams()
  return isNamespace(namespace) ? <OneNamespace namespace={namespace} /> : <NotAName />
}

function OneNamespace({ namespace }: { readonly namespace: string }) {
  const { search } = useLocation()
  const { zone } = useUrlState(sharedWords).state
  const { part } = useUrlState(partWords).state
  const cluster = useView().cluster.name
  useSaySelected({ cluster, kind: 'namespace', namespace, name: namespace })
  const end = useMemo(
    (): CallEnd => ({ kind: 'namespace', namespace, name: namespace, direction: 'inbound' }),
    [namespace],
  )
  const within = writeWords(sharedWords, sharedSearch(search), { namespaces: [namespace], project: undefined })
  return (
    <div className={classes['page']}>
      <PageHead
        title={namespace}
        summary={
          <span className={classes['ways']}>
            {strings.kinds.namespace}
            <Link to={{ pathname: '/workloads', search: within }}>{strings.toWorkloads}</Link>
            <Link to={{ pathname: '/services', search: within }}>{strings.toServices}</Link>
            <Link to={{ pathname: '/traffic-metrics', search: within }}>{strings.toMetrics}</Link>
            <Link to={{ pathname: '/traffic-graph', search: within }}>{strings.toGraph}</Link>
          </span>
        }
      />
      <Parts shown={part === 'logs' ? 'about' : part} of={['about', 'metrics', 'traces']} />
      {part === 'metrics' ? (
        <MetricsOf end={end} />
      ) : (
        <div className={classes['body']}>
          {part === 'traces' ? (
            <TracesOf kind="namespace" namespace={namespace} name={namespace} />
          ) : (
            <>
              <AboutIt kind="namespaces" namespace={namespace} name={namespace} />
              <Neighbours end={end} reporter="auto" zone={zone} />
              <InjectionCard namespace={namespace} />
            </>
          )}
        </div>
      )}
    </div>
  )
}

function NotAName() {
  return <StatePanel mark="unknown" title={strings.notAName.title} text={strings.notAName.text} headingLevel={1} />
}
