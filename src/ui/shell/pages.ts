import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import { matchPath } from 'react-router'

import { closedDoor, metricsReview } from '../../mesh/access.ts'
import type { Capability, CapabilityName, SessionCluster } from '../../clients/session/wire.ts'
import { strings } from '../strings.ts'
import { seesEverything, type PageDefaults } from '../view.tsx'
import type { PagePath } from './pagePaths.ts'

export interface PageEntry {
  /** The path below the app's root. */
  readonly path: PagePath
  readonly title: string
  readonly defaults: PageDefaults
  /** Without it the navigation shows a padlock. */
  readonly capability: CapabilityName
  /** Only for viewers of every namespace; the sentence says why. */
  readonly onlyForAll?: string
  readonly Page: LazyExoticComponent<ComponentType>
}

const trafficGraph: PageEntry = {
  path: '/traffic-graph',
  title: strings.navigation.trafficGraph,
  defaults: { window: 300, refresh: 15 },
  capability: 'graph',
  Page: lazy(async () => ({ default: (await import('../pages/traffic-graph/TrafficGraphPage.tsx')).TrafficGraphPage })),
}

const trafficMetrics: PageEntry = {
  path: '/traffic-metrics',
  title: strings.navigation.trafficMetrics,
  defaults: { window: 3600, refresh: 30 },
  capability: 'metrics',
  Page: lazy(async () => ({
    default: (await import('../pages/traffic-metrics/TrafficMetricsPage.tsx')).TrafficMetricsPage,
  })),
}

const explore: PageEntry = {
  path: '/explore',
  title: strings.navigation.explore,
  defaults: trafficMetrics.defaults,
  capability: 'metrics',
  onlyForAll: strings.navigation.onlyForAll,
  Page: lazy(async () => ({ default: (await import('../pages/explore/ExplorePage.tsx')).ExplorePage })),
}

const service: PageEntry = {
  path: '/services/:namespace/:name',
  title: strings.navigation.service,
  defaults: trafficMetrics.defaults,
  capability: 'metrics',
  Page: lazy(async () => ({ default: (await import('../pages/service/ServicePage.tsx')).ServicePage })),
}

/** Everybody may read it: what may not be changed says so itself. */
const settings: PageEntry = {
  path: '/settings',
  title: strings.navigation.settings,
  defaults: trafficMetrics.defaults,
  capability: 'kubernetes',
  Page: lazy(async () => ({ default: (await import('../pages/settings/SettingsPage.tsx')).SettingsPage })),
}

const configPage = (path: PagePath, title: string, load: () => Promise<ComponentType>): PageEntry => ({
  path,
  title,
  defaults: { window: 900, refresh: 60 },
  capability: 'kubernetes',
  Page: lazy(async () => ({ default: await load() })),
})

const istioConfig = configPage(
  '/istio',
  strings.navigation.istioConfig,
  async () => (await import('../pages/istio-config/IstioConfigPage.tsx')).IstioConfigPage,
)
const istioObject = configPage(
  '/istio/:kind/:namespace/:name',
  strings.navigation.istioObject,
  async () => (await import('../pages/istio-config/IstioObjectPage.tsx')).IstioObjectPage,
)
const istioChecks = configPage(
  '/istio/checks',
  strings.navigation.istioChecks,
  async () => (await import('../pages/istio-config/ChecksPage.tsx')).ChecksPage,
)

/** What members may read of it, it answers them about their own namespaces. */
const mtls: PageEntry = {
  path: '/mtls',
  title: strings.navigation.mtls,
  defaults: { window: 900, refresh: 60 },
  capability: 'metrics',
  Page: lazy(async () => ({ default: (await import('../pages/mtls/MtlsPage.tsx')).MtlsPage })),
}

/** Open to whoever may see anything at all: it says what is closed. */
const doctor: PageEntry = {
  path: '/doctor',
  title: strings.navigation.doctor,
  defaults: { window: 300, refresh: 60 },
  capability: 'metrics',
  Page: lazy(async () => ({ default: (await import('../pages/doctor/DoctorPage.tsx')).DoctorPage })),
}

const listDefaults: PageDefaults = { window: 900, refresh: 30 }

const list = (path: PagePath, title: string, page: keyof typeof import('../pages/lists/ListPage.tsx')): PageEntry => ({
  path,
  title,
  defaults: listDefaults,
  capability: 'metrics',
  Page: lazy(async () => ({ default: (await import('../pages/lists/ListPage.tsx'))[page] })),
})

const overview: PageEntry = {
  path: '/overview',
  title: strings.navigation.overview,
  defaults: listDefaults,
  capability: 'metrics',
  Page: lazy(async () => ({ default: (await import('../pages/overview/OverviewPage.tsx')).OverviewPage })),
}

const details = (
  path: PagePath,
  title: string,
  page: keyof typeof import('../pages/details/DetailsPages.tsx'),
): PageEntry => ({
  path,
  title,
  defaults: listDefaults,
  capability: 'metrics',
  Page: lazy(async () => ({ default: (await import('../pages/details/DetailsPages.tsx'))[page] })),
})

const trace: PageEntry = {
  path: '/traces/:id',
  title: strings.navigation.trace,
  defaults: listDefaults,
  capability: 'metrics',
  Page: lazy(async () => ({ default: (await import('../pages/trace/TracePage.tsx')).TracePage })),
}

/** One workload's graph, and one panel: pages to embed, without anything around them. */
export const tiles: readonly PageEntry[] = [
  {
    path: '/tile/graph/:kind/:namespace/:name',
    title: strings.navigation.graphTile,
    defaults: listDefaults,
    capability: 'graph',
    Page: lazy(async () => ({ default: (await import('../pages/tile/GraphTile.tsx')).GraphTile })),
  },
  {
    path: '/tile/panel/:panel',
    title: strings.navigation.panelTile,
    defaults: trafficMetrics.defaults,
    capability: 'metrics',
    Page: lazy(async () => ({ default: (await import('../pages/tile/PanelTile.tsx')).PanelTile })),
  },
]

/** A group of the navigation. */
export interface PageGroup {
  readonly title: string
  readonly pages: readonly PageEntry[]
}

/** What the navigation lists, in its order; each page is loaded when it is first opened. */
export const pageGroups: readonly PageGroup[] = [
  { title: strings.navigation.mesh, pages: [overview] },
  { title: strings.navigation.istio, pages: [trafficGraph, trafficMetrics, explore, istioConfig, mtls] },
  {
    title: strings.navigation.inventory,
    pages: [
      list('/namespaces', strings.navigation.namespaces, 'NamespacesPage'),
      list('/apps', strings.navigation.apps, 'AppsPage'),
      list('/workloads', strings.navigation.workloads, 'WorkloadsPage'),
      list('/services', strings.navigation.services, 'ServicesPage'),
    ],
  },
  { title: strings.navigation.more, pages: [doctor, settings] },
]

const pages: readonly PageEntry[] = pageGroups.flatMap((group) => group.pages)

/** Every page with a frame around it. */
export const routes: readonly PageEntry[] = [
  ...pages,
  service,
  details('/workloads/:namespace/:name', strings.navigation.workload, 'WorkloadPage'),
  details('/apps/:namespace/:name', strings.navigation.app, 'AppPage'),
  details('/namespaces/:namespace', strings.navigation.namespace, 'NamespacePage'),
  trace,
  istioObject,
  istioChecks,
]

/** Whose defaults hold where a path names no page. */
export const firstPage = trafficGraph

/** Where `/` leads: where the owners say, else the graph, else the metrics; where all are closed, the one that says why in the fewest words. */
export function landing({ capabilities, defaults }: Pick<SessionCluster, 'capabilities' | 'defaults'>): PageEntry {
  const wanted = [overview, trafficGraph, trafficMetrics].filter(({ path }) => path === `/${defaults?.page ?? ''}`)
  return (
    [...wanted, trafficGraph, trafficMetrics].find(({ capability }) => capabilities[capability].allowed) ??
    trafficMetrics
  )
}

/** Whether a page is open to the viewer, and why not. */
export function doorOfPage(
  { capability, onlyForAll }: Pick<PageEntry, 'capability' | 'onlyForAll'>,
  cluster: Pick<SessionCluster, 'capabilities' | 'namespaces'>,
  user: string,
): Capability {
  const door = cluster.capabilities[capability]
  if (!door.allowed || onlyForAll === undefined || seesEverything(cluster)) return door
  return closedDoor(onlyForAll, metricsReview(), user)
}

/** The page at a path below the app's root, with or without a slash at its end. */
export function pageAt(pathname: string): PageEntry | undefined {
  const path = pathname.replace(/\/+$/, '')
  return [...routes, ...tiles].find((page) => matchPath(page.path, path) !== null)
}
