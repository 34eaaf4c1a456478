import type { InjectionState } from '../../../mesh/injection.ts'
import type { ListKind } from '../../../mesh/inventory.ts'
import { count, inWords } from '../../format.ts'
import type { ColumnName } from './listRows.ts'

/** What the lists say. */
export const strings = {
  titles: {
    namespaces: 'Namespaces',
    apps: 'Apps',
    workloads: 'Workloads',
    services: 'Services',
  } satisfies Record<ListKind, string>,
  columns: {
    health: 'Health',
    name: 'Name',
    namespace: 'Namespace',
    kind: 'Kind',
    why: 'Why',
    rate: 'Requests',
    errors: 'Errors',
    p95: 'p95',
    throughput: 'Throughput',
    mtls: 'mTLS',
    injection: 'Injection',
    replicas: 'Replicas',
    versions: 'Versions',
    calls: 'Calls made',
    config: 'Istio objects',
    labels: 'Labels',
    project: 'Project',
  } satisfies Record<ColumnName, string>,
  injection: {
    injected: 'Injected',
    restart: 'Needs a restart',
    optedOut: 'Opted out',
    lingering: 'Still injected, though off',
    ambient: 'Ambient',
    none: 'Not in the mesh',
    proxy: 'Is a proxy',
  } satisfies Record<InjectionState, string>,
  config: { any: 'With or without', with: 'With', without: 'Without' },
  inMesh: (inMesh: number, of: number) => `${inMesh} of ${of}`,
  replicas: (available: number, desired: number) => `${available} of ${desired}`,
  shown: (shown: number, all: number) => (shown === all ? `${all}` : `${shown} of ${all}`),
  toolbar: 'Filters of the list',
  filterName: 'Name or namespace',
  filterLabel: 'Label, such as app=cart',
  any: 'Any',
  some: (names: readonly string[]) => (names.length > 2 ? `${names.length} chosen` : names.join(', ')),
  columnsButton: 'Columns',
  csv: 'Export as CSV',
  clear: 'Clear the filters',
  sortBy: (column: string) => `Sort by ${column}`,
  table: (title: string) => `${title} of the scope`,
  sparkline: (name: string) => `Requests to ${name} over the window`,
  byteSparkline: (name: string) => `Bytes to and from ${name} over the window`,
  toGraph: (name: string) => `${name} in the graph`,
  nothing: {
    title: 'Nothing here',
    text: 'Neither Kubernetes nor telemetry knows anything of this kind in the scope.',
    filteredTitle: 'Nothing passes the filters',
    filteredText: (all: number) => `${all} are left out by them.`,
  },
  missing: (kinds: readonly string[]) =>
    `Without ${kinds.join(', ')}: the cluster does not let you list them. What rests on them is a dash.`,
  half: (kind: string, came: number, status: number) =>
    `Of ${kind} the first ${inWords(count(came))} came, then the cluster answered HTTP ${status}: the others are missing here.`,
  failedLists: (kinds: readonly string[]) =>
    `The cluster did not answer for ${kinds.join(', ')}. What rests on them is a dash.`,
  retry: 'Retry',
  noKubernetes: (cause: string) => `Replicas, labels and injection are missing: ${cause}`,
  configCount: (count: number) => (count === 1 ? '1 object' : `${count} objects`),
}
