import { isObject } from '../clients/json.ts'
import { changeKinds, lastWrite } from '../mesh/changes.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * A Kubernetes object less what no page of ours reads and what makes up most of its bytes: managed fields (but for the last write of
 * kinds whose changes are shown), kubectl's copy of the whole, volumes, probes, and every environment variable but the one that names
 * the cluster (others may hold credentials).
 */
export function leanObject(item: unknown, kind: string): unknown {
  if (!isObject(item)) return item
  const { spec } = item
  return {
    ...item,
    ...(isObject(item['metadata']) ? { metadata: leanMetadata(item, item['metadata'], changeKinds.has(kind)) } : {}),
    ...(isObject(spec) ? { spec: leanSpec(spec) } : {}),
  }
}

function leanMetadata(item: Json, metadata: Json, tellsChanges: boolean): Json {
  const annotations = metadata['annotations']
  const last = tellsChanges ? lastWrite(item) : undefined
  return {
    ...without(metadata, ['managedFields']),
    ...(last === undefined
      ? {}
      : { managedFields: [{ manager: last.by, time: new Date(last.at * 1000).toISOString() }] }),
    ...(isObject(annotations)
      ? { annotations: without(annotations, ['kubectl.kubernetes.io/last-applied-configuration']) }
      : {}),
  }
}

/** Of a pod, or of whatever makes pods from a template. */
function leanSpec(spec: Json): Json {
  const template = spec['template']
  if (isObject(template) && isObject(template['spec'])) {
    return { ...spec, template: { ...template, spec: leanSpec(template['spec']) } }
  }
  if (!Array.isArray(spec['containers'])) return spec
  const { nodeName, serviceAccountName, hostNetwork, containers, initContainers } = spec
  return {
    nodeName,
    serviceAccountName,
    hostNetwork,
    containers: containersOf(containers),
    ...(initContainers === undefined ? {} : { initContainers: containersOf(initContainers) }),
  }
}

function containersOf(list: unknown): readonly unknown[] {
  return (Array.isArray(list) ? (list as readonly unknown[]) : []).map((container) => {
    if (!isObject(container)) return container
    const { name, image, ports, resources, restartPolicy, env } = container
    const told = (Array.isArray(env) ? (env as readonly unknown[]) : []).filter(
      (variable) => isObject(variable) && variable['name'] === 'ISTIO_META_CLUSTER_ID',
    )
    return { name, image, ports, resources, restartPolicy, ...(told.length === 0 ? {} : { env: told }) }
  })
}

function without(map: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(map).filter(([name]) => !names.includes(name)))
}
