import { configResources as all } from '../../../mesh/checks/kinds.ts'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { strings } from './strings.ts'
import type { Config } from './useConfig.ts'

/** Services are there without Istio too. */
const configResources = all.filter((resource) => resource !== 'services')

/** Why no object is listed: none passes, there are none, the viewer may read none, or the cluster knows no such kinds. */
export function EmptyConfig({ config: { inScope, known } }: { readonly config: Config }) {
  const { nothing } = strings
  if (inScope.length > 0) {
    return <StatePanel mark="idle" title={nothing.filteredTitle} text={nothing.filteredText(inScope.length)} />
  }
  if (configResources.some((resource) => known.lists[resource] !== undefined)) {
    return <StatePanel mark="idle" title={nothing.title} text={nothing.text} />
  }
  const isRefused = known.missing.some(({ kind }) => configResources.some((resource) => resource === kind))
  return isRefused ? (
    <StatePanel mark="unknown" title={nothing.forbiddenTitle} text={nothing.forbiddenText} />
  ) : (
    <StatePanel mark="idle" title={nothing.notServedTitle} text={nothing.notServedText} />
  )
}
