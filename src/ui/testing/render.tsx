import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, type RenderResult } from '@testing-library/react'
import type { ReactNode } from 'react'
import { MemoryRouter, useLocation, useNavigate } from 'react-router'

import type { Capability, CapabilityName, Session, SessionCluster } from '../../clients/session/wire.ts'
import { theme } from '../theme.ts'
import { UrlProvider } from '../urlState.tsx'
import { ViewProvider, type PageDefaults } from '../view.tsx'

interface Options {
  /** Path and query the page is opened at. */
  readonly url?: string
  readonly session?: Session
  readonly defaults?: PageDefaults
  /** Answers put into the cache before the first render. */
  readonly answers?: readonly { readonly queryKey: readonly unknown[]; readonly data: unknown }[]
}

export interface Rendered extends RenderResult {
  /** Path and query as they are now. */
  readonly url: () => string
  readonly goBack: () => void
  readonly queryClient: QueryClient
}

/** Renders inside everything the app has around a page: theme, router, URL, cache and view. Failed queries are not tried again. */
export function renderInApp(
  ui: ReactNode,
  { url = '/', session = aSession(), defaults = { window: 300, refresh: 15 }, answers = [] }: Options = {},
): Rendered {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } })
  for (const { queryKey, data } of answers) queryClient.setQueryData(queryKey, data)
  const [cluster] = session.clusters
  if (cluster === undefined) throw new Error('the session of a test needs a cluster')

  const here = { url, back: () => {} }
  const result = render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <MemoryRouter initialEntries={[url]}>
          <UrlProvider>
            <Watch onMove={(next, back) => Object.assign(here, { url: next, back })} />
            <ViewProvider session={session} cluster={cluster} defaults={defaults}>
              {ui}
            </ViewProvider>
          </UrlProvider>
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  )
  return { ...result, url: () => here.url, goBack: () => here.back(), queryClient }
}

function Watch({ onMove }: { readonly onMove: (url: string, back: () => void) => void }) {
  const { pathname, search } = useLocation()
  const navigate = useNavigate()
  onMove(`${pathname}${search}`, () => void navigate(-1))
  return null
}

/** A cluster whose viewer may do everything except what is listed. */
export function aCluster(name: string, denied: readonly CapabilityName[] = []): SessionCluster {
  const capability = (each: CapabilityName): Capability =>
    denied.includes(each)
      ? { allowed: false, reason: `You may not use ${each}.` }
      : { allowed: true, reason: 'A test says so.' }
  return {
    name,
    label: name,
    istioVersion: '1.27',
    capabilities: {
      metrics: capability('metrics'),
      graph: capability('graph'),
      kubernetes: capability('kubernetes'),
      kiali: capability('kiali'),
      jaeger: capability('jaeger'),
      grafana: capability('grafana'),
      prometheus: capability('prometheus'),
      settings: capability('settings'),
    },
  }
}

/** A session of the user "Mesh Operator" with these clusters; one named `demo` unless told. */
export function aSession(clusters: readonly SessionCluster[] = [aCluster('demo')]): Session {
  return { mode: 'demo', user: { name: 'Mesh Operator', groups: [] }, clusters }
}
