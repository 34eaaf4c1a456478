/** The path of every page below the app's root, `:word` for what varies. What goes through all pages, as the journeys do, reads it here. */
export const pagePaths = [
  '/overview',
  '/traffic-graph',
  '/traffic-metrics',
  '/explore',
  '/istio',
  '/istio/:kind/:namespace/:name',
  '/istio/checks',
  '/mtls',
  '/namespaces',
  '/namespaces/:namespace',
  '/apps',
  '/apps/:namespace/:name',
  '/workloads',
  '/workloads/:namespace/:name',
  '/services',
  '/services/:namespace/:name',
  '/traces/:id',
  '/doctor',
  '/settings',
  '/tile/graph/:kind/:namespace/:name',
  '/tile/panel/:panel',
] as const

export type PagePath = (typeof pagePaths)[number]
