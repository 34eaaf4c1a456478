import { queryOptions } from '@tanstack/react-query'

import { answerBy, platformFetch } from '../../clients/http.ts'
import type { OpenRancher, RancherEntry } from '../../clients/session/rancher.ts'
import { fetchLoginPage } from '../../clients/session/session.ts'
import { apiRootOfPage } from '../../mesh/tools.ts'

/** What answers in the browser is the proxy's own code, of another world than this one: it comes as a chunk, and only where it is needed. */
const chunks = import.meta.glob<{ readonly openRancher: OpenRancher }>('../../rancher/open.ts')

/**
 * Whether the page came through a cluster's API server whose session is enough, as Rancher's is for cluster owners. Where it is, the
 * answers come from there from now on.
 */
export const rancherQuery = queryOptions({
  queryKey: ['session', 'rancher'],
  queryFn: async ({ signal }): Promise<RancherEntry> => {
    const root = apiRootOfPage(window.location.href)
    const [, namespace = ''] = /\/api\/v1\/namespaces\/([^/]+)\/services\//.exec(window.location.pathname) ?? []
    const [load] = Object.values(chunks)
    if (root === undefined || load === undefined) return { kind: 'none' }
    const { rancher: clusters, clusters: others } = await fetchLoginPage('', signal)
    if (clusters === undefined) return { kind: 'none' }
    const { openRancher } = await load()
    const entry = await openRancher({ clusters, others, root, namespace, by: platformFetch, csrf })
    if (entry.kind === 'open') answerBy(entry.answer)
    return entry
  },
  staleTime: 60_000,
  retry: false,
})

/** Where Rancher makes API keys, for a page that came through it; undefined for any other page. */
export function rancherKeysPage(pageUrl: string): string | undefined {
  const root = apiRootOfPage(pageUrl)
  const rancher = root === undefined ? undefined : /^(.+)\/k8s\/clusters\/[^/]+\/$/.exec(root)?.[1]
  return rancher === undefined ? undefined : `${rancher}/dashboard/account`
}

function csrf(): string | undefined {
  return /(?:^|;\s*)CSRF=([^;]+)/.exec(document.cookie)?.[1]
}
