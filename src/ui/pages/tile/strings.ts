import type { EndKind } from '../../../mesh/callEnd.ts'

const kinds = { app: 'App', workload: 'Workload', service: 'Service' } as const

/** What the tiles say. */
export const strings = {
  graphOf: (name: string) => `Around ${name}`,
  panelOf: (panel: string, name: string) => `${panel}: ${name}`,
  kindIn: (kind: EndKind, namespace: string) => (kind === 'namespace' ? 'Namespace' : `${kinds[kind]} in ${namespace}`),
  direction: { inbound: 'calls to it', outbound: 'calls it makes' },
  project: (name: string) => `Project ${name}`,
  everything: 'All namespaces',
  open: 'Open in Meshboard, in a tab of its own',
  loading: 'The neighbourhood is loading',
  gone: (name: string) => `${name} is not there`,
  goneText: 'Neither Kubernetes nor the traffic of this window knows it.',
  noNeighbours: 'Nobody called it and it called nobody in this window.',
  manyNeighbours: (count: number) => `${count} neighbours are too many for a tile: the whole page folds and finds.`,
  stale: (cause: string) => `No newer numbers: ${cause}`,
  noSuchGraph: {
    title: 'There is no such tile',
    text: 'A graph tile is /tile/graph/workloads/<namespace>/<name>, or the same with apps or services.',
  },
  noSuchPanel: {
    title: 'There is no such panel',
    text: (panels: readonly string[]) => `A panel tile is /tile/panel/ and one of ${panels.join(', ')}.`,
  },
  future: 'This span has not begun yet.',
}
