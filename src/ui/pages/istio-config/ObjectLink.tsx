import { Link, useLocation } from 'react-router'

import type { ObjectName } from '../../../mesh/checks/finding.ts'
import { configKinds, resourceOfKind } from '../../../mesh/checks/kinds.ts'
import { configPlace, detailsPlace } from '../../panels/links.ts'

/** Kinds whose objects have a page as workloads. */
const workloadKinds: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Pod'])

/** An object by kind and name, leading to its page where it has one; the namespace is said where it is not the page's own. */
export function ObjectLink({ object, from }: { readonly object: ObjectName; readonly from: string }) {
  const { search } = useLocation()
  const { kind, namespace, name } = object
  const resource = resourceOfKind(kind)
  const place =
    kind === 'Service'
      ? detailsPlace('service', object, search)
      : resource !== undefined
        ? configPlace(object, search)
        : workloadKinds.has(kind)
          ? detailsPlace('workload', object, search)
          : undefined
  const words = namespace === '' || namespace === from ? name : `${name}.${namespace}`
  return (
    <>
      {resource === undefined ? kind : configKinds[resource].title}{' '}
      {place === undefined ? <code>{words}</code> : <Link to={place}>{words}</Link>}
    </>
  )
}
