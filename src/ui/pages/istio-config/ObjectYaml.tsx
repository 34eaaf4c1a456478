import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { doorOf, getObject } from '../../../clients/kubernetes/list.ts'
import type { ListedObject } from '../../../mesh/checks/listed.ts'
import { shellWord } from '../../../mesh/shellWord.ts'
import { stateOfError } from '../../panels/state.ts'
import { LoadingPanel, StateView } from '../../panels/StatePanels.tsx'
import { useView } from '../../view.tsx'
import { strings } from './strings.ts'
import { yamlOf } from './yamlLines.ts'
import { YamlView } from './YamlView.tsx'

function objectQuery(cluster: string, { resource, namespace, name }: ListedObject) {
  return queryOptions({
    queryKey: ['kubernetes', cluster, 'object', resource, namespace, name] as const,
    queryFn: async ({ signal }) => getObject(doorOf('', cluster), resource, { namespace, name }, signal),
    staleTime: 60_000,
  })
}

/** The object as the cluster has it now, whole: lists leave out what no page reads. */
export function ObjectYaml({ one }: { readonly one: ListedObject }) {
  const { cluster, isOwner } = useView()
  const { data, error, refetch } = useQuery(objectQuery(cluster.name, one))
  const yaml = useMemo(() => (data === undefined ? undefined : yamlOf({ ...data })), [data])
  if (yaml === undefined) {
    return error === null ? (
      <LoadingPanel label={strings.object.loadingYaml} />
    ) : (
      <StateView state={stateOfError(error)} isOwner={isOwner} onRetry={() => void refetch()} headingLevel={3} />
    )
  }
  return (
    <YamlView
      yaml={yaml}
      command={`kubectl get ${shellWord(one.resource)} ${shellWord(one.name)} -n ${shellWord(one.namespace)} -o yaml`}
      findings={one.findings}
    />
  )
}
