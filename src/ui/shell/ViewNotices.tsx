import { Link, useLocation } from 'react-router'

import type { Session } from '../../clients/session/wire.ts'
import { Banner } from '../panels/Banner.tsx'
import { useWarnings } from '../queries/warnings.ts'
import { strings } from '../strings.ts'
import { useView } from '../view.tsx'

function clusterNotice(name: string, { otherClusters = [] }: Session, shown: string): string {
  const other = otherClusters.find((each) => each.name === name)
  if (other === undefined) return strings.url.noSuchCluster(name, shown)
  const { label, problem } = other
  return problem === undefined
    ? strings.url.clusterClosed(label, shown)
    : strings.url.clusterDown(label, problem, shown)
}

interface Props {
  /** There is room for what is wrong or missing only. */
  readonly isTile?: boolean
}

/** Says what of the address could not be taken at its word, what of the mesh is not the viewer's to see, and that answers are partial. */
export function ViewNotices({ isTile = false }: Props) {
  const { malformed, unknownCluster, session, cluster, namespaces } = useView()
  const { pathname, search } = useLocation()
  const own = cluster.namespaces ?? undefined
  const warnings = useWarnings(cluster.name)
  const foreign = namespaces.filter((name) => own?.includes(name) === false)
  return (
    <>
      {unknownCluster !== undefined && <Banner>{clusterNotice(unknownCluster, session, cluster.label)}</Banner>}
      {cluster.settingsProblem !== undefined && pathname !== '/settings' && (
        <Banner tone="degraded">
          {strings.settingsProblem(cluster.settingsProblem)}{' '}
          <Link to={{ pathname: '/settings', search }}>{strings.navigation.settings}</Link>
        </Banner>
      )}
      {malformed.map(({ word, text, expects }) => (
        <Banner key={word}>{strings.url.malformed(word, text, expects)}</Banner>
      ))}
      {warnings.length > 0 && <Banner tone="degraded">{strings.incomplete(warnings)}</Banner>}
      {own !== undefined && own.length > 0 && (!isTile || foreign.length > 0) && (
        <Banner>
          {foreign.length > 0
            ? strings.access.leftOut(foreign, own)
            : strings.access.partOfTheMesh(own, cluster.capabilities.graph.allowed)}
        </Banner>
      )}
    </>
  )
}
