import { useMemo } from 'react'
import { Link, useLocation, useParams } from 'react-router'

import type { CallEnd } from '../../../mesh/callEnd.ts'
import chartClasses from '../../charts/Chart.module.css'
import { useSaySelected } from '../../embed/Embedding.tsx'
import { graphPlace, sharedSearch } from '../../panels/links.ts'
import { AsOf } from '../../panels/metrics/AsOf.tsx'
import { isName, isNamespace } from '../../panels/metrics/endWord.ts'
import { MetricsView } from '../../panels/metrics/MetricsView.tsx'
import { strings as metricsStrings } from '../../panels/metrics/strings.ts'
import { useMetricsSubject } from '../../panels/metrics/subject.ts'
import { metricsWords } from '../../panels/metrics/words.ts'
import { PageHead } from '../../panels/PageHead.tsx'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { useView } from '../../view.tsx'
import { ToolLinks } from '../../panels/tools/ToolLinks.tsx'
import { useUrlState } from '../../urlState.tsx'
import { AboutIt } from '../../panels/details/AboutIt.tsx'
import detailsClasses from '../../panels/details/Details.module.css'
import { Neighbours } from '../../panels/details/Neighbours.tsx'
import { TracesOf } from '../../panels/details/TracesOf.tsx'
import { strings } from './strings.ts'
import classes from './ServicePage.module.css'

/** One service: its panels, inbound and outbound, beside who calls it and whom it calls. */
export function ServicePage() {
  const { namespace, name } = useParams()
  if (!isNamespace(namespace) || !isName(name)) {
    return <StatePanel mark="unknown" title={strings.noName.title} text={strings.noName.text} headingLevel={1} />
  }
  return <OneService namespace={namespace} name={name} />
}

function OneService({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const { state: choice, choose } = useUrlState(metricsWords)
  const { search } = useLocation()
  const { direction } = choice
  const cluster = useView().cluster.name
  useSaySelected(useMemo(() => ({ cluster, kind: 'service', namespace, name }), [cluster, namespace, name]))
  const end = useMemo((): CallEnd => ({ kind: 'service', namespace, name, direction }), [namespace, name, direction])
  const metrics = useMetricsSubject(choice.reporter, end)
  return (
    <div className={`${classes['page'] ?? ''} ${chartClasses['inks'] ?? ''}`}>
      <PageHead
        title={name}
        summary={
          <span className={classes['ways']}>
            {metricsStrings.endOf('service', namespace)}
            <Link to={{ pathname: '/traffic-metrics', search: sharedSearch(search) }}>{metricsStrings.toScope}</Link>
            <Link to={graphPlace(end, search)}>{metricsStrings.toGraph}</Link>
            <ToolLinks subject={{ kind: 'service', namespace, name }} />
          </span>
        }
        actions={<AsOf metrics={metrics} zone={choice.zone} />}
      />
      <MetricsView metrics={metrics} choice={choice} choose={choose} end={end}>
        {!metrics.isFuture && <Neighbours end={end} reporter={choice.reporter} zone={choice.zone} />}
      </MetricsView>
      <div className={detailsClasses['body']}>
        <AboutIt kind="services" namespace={namespace} name={name} />
        <TracesOf kind="service" namespace={namespace} name={name} />
      </div>
    </div>
  )
}
