import type {
  IngressObject,
  NamespaceObject,
  PodObject,
  ServiceObject,
  ServicePort,
  StringMap,
  WorkloadObject,
} from './objects.ts'
import { groupBy } from './matching.ts'
import { at, isObject, listAt, mapAt, namedOf, numberAt, textAt, textsAt } from './reading.ts'

/** A Namespace: what it asks of the mesh (labels as Istio reads them) and its Rancher project. */
export function namespaceOf(item: unknown): NamespaceObject {
  const labels = mapAt(item, 'metadata', 'labels') ?? {}
  const annotations = mapAt(item, 'metadata', 'annotations') ?? {}
  const revision = labels['istio.io/rev']
  const waypoint = labels['istio.io/use-waypoint']
  const project = annotations['field.cattle.io/projectId']
  const asked = labels['istio-injection'] ?? (revision === undefined ? undefined : 'enabled')
  return {
    name: textAt(item, 'metadata', 'name') ?? '',
    ...(asked === 'enabled' || asked === 'disabled' ? { injection: asked } : {}),
    ...(revision === undefined ? {} : { revision }),
    ...(labels['istio.io/dataplane-mode'] === 'ambient' ? { isAmbient: true } : {}),
    ...(waypoint === undefined || waypoint === 'none' ? {} : { waypoint }),
    ...(project === undefined ? {} : { project }),
    labels,
    annotations,
  }
}

/** The lists that workloads are made of; a list that was not read is absent. */
export interface WorkloadLists {
  /** Kind → its objects: Deployment, StatefulSet, DaemonSet, ReplicaSet. */
  readonly controllers: Readonly<Record<string, readonly unknown[] | undefined>>
  readonly pods?: readonly unknown[] | undefined
  readonly namespaces: readonly NamespaceObject[]
}

/**
 * The workloads, named as Istio's telemetry names them: by the controller at the top of a pod's owners
 * (https://github.com/istio/istio/blob/master/pkg/kube/util.go). Controllers without pods are there too;
 * pods whose controller was not read make a workload of their own. `undefined` when neither controllers nor pods were read.
 */
export function workloadsOf({ controllers, pods, namespaces }: WorkloadLists): readonly WorkloadObject[] | undefined {
  const lists = Object.entries(controllers)
  if (pods === undefined && lists.every(([, items]) => items === undefined)) return undefined

  const ambient = new Set(namespaces.filter(({ isAmbient }) => isAmbient === true).map(({ name }) => name))
  const owners = replicaSetOwners(controllers['ReplicaSet'] ?? [])
  const podsByOwner = groupBy(
    (pods ?? []).map((pod) => ({ pod, owner: ownerOf(pod, owners) })),
    ({ owner }) => keyOf(owner),
  )
  const made = new Map<string, WorkloadObject>()
  for (const [kind, items] of lists) {
    for (const item of items ?? []) {
      if (kind === 'ReplicaSet' && controllerOf(item) !== undefined) continue
      const { namespace, name } = namedOf(item)
      const key = keyOf({ kind, namespace, name })
      const mine = pods === undefined ? undefined : (podsByOwner.get(key) ?? []).map(({ pod }) => podOf(pod))
      made.set(key, controllerWorkload(kind, item, mine, ambient))
    }
  }
  for (const [key, group] of podsByOwner) {
    const [first] = group
    if (first === undefined || made.has(key)) continue
    made.set(
      key,
      podsWorkload(
        first.owner,
        group.map(({ pod }) => pod),
        ambient,
      ),
    )
  }
  return [...made.values()]
}

interface Owner {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

const keyOf = ({ kind, namespace, name }: Owner): string => `${kind}/${namespace}/${name}`

function controllerOf(item: unknown): { readonly kind: string; readonly name: string } | undefined {
  const references = listAt(item, 'metadata', 'ownerReferences')
  const controller = references.find((one) => at(one, 'controller') === true)
  const [kind, name] = [textAt(controller, 'kind'), textAt(controller, 'name')]
  return kind === undefined || name === undefined ? undefined : { kind, name }
}

function replicaSetOwners(replicaSets: readonly unknown[]): ReadonlyMap<string, Owner> {
  return new Map(
    replicaSets.flatMap((item) => {
      const { namespace, name } = namedOf(item)
      const owner = controllerOf(item)
      return owner === undefined ? [] : [[`${namespace}/${name}`, { ...owner, namespace }]]
    }),
  )
}

function ownerOf(pod: unknown, owners: ReadonlyMap<string, Owner>): Owner {
  const { namespace, name } = namedOf(pod)
  const controller = controllerOf(pod)
  if (controller === undefined) return { kind: 'Pod', namespace, name }
  if (controller.kind === 'ReplicaSet') {
    const known = owners.get(`${namespace}/${controller.name}`)
    if (known !== undefined) return known
    const hash = textAt(pod, 'metadata', 'labels', 'pod-template-hash')
    const isDeployments = hash !== undefined && controller.name.endsWith(`-${hash}`)
    return isDeployments
      ? { kind: 'Deployment', namespace, name: controller.name.slice(0, -hash.length - 1) }
      : { ...controller, namespace }
  }
  // A CronJob's Jobs are named after it and the scheduled minute; Istio speaks of the CronJob.
  const cronJob = controller.kind === 'Job' ? /^(.+)-\d{8,10}$/.exec(controller.name)?.[1] : undefined
  return cronJob === undefined ? { ...controller, namespace } : { kind: 'CronJob', namespace, name: cronJob }
}

function controllerWorkload(
  kind: string,
  item: unknown,
  pods: readonly PodObject[] | undefined,
  ambient: ReadonlySet<string>,
): WorkloadObject {
  const template = at(item, 'spec', 'template')
  const labels = mapAt(template, 'metadata', 'labels') ?? mapAt(item, 'metadata', 'labels') ?? {}
  const serviceAccount = textAt(template, 'spec', 'serviceAccountName')
  const own = namedOf(item)
  const annotations = { ...mapAt(template, 'metadata', 'annotations'), ...own.annotations }
  const isInjected = injectionOf(pods) ?? templateInjection(template, labels)
  return {
    ...own,
    kind,
    labels,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...replicasOf(kind, item),
    ...(pods === undefined ? {} : { pods }),
    ...(isInjected === undefined ? {} : { isInjected }),
    ...ambientOf(pods, labels, isInjected, ambient.has(own.namespace)),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
  }
}

function podsWorkload(
  { kind, namespace, name }: Owner,
  items: readonly unknown[],
  ambient: ReadonlySet<string>,
): WorkloadObject {
  const pods = items.map(podOf)
  const [first] = items
  const labels = mapAt(first, 'metadata', 'labels') ?? {}
  const isInjected = injectionOf(pods)
  const serviceAccount = textAt(first, 'spec', 'serviceAccountName')
  const annotations = kind === 'Pod' ? namedOf(first).annotations : undefined
  const isDone = pods.every(({ phase }) => phase === 'Succeeded')
  const available = pods.filter(({ isReady }) => isReady === true).length
  return {
    kind,
    namespace,
    name,
    labels,
    ...(annotations === undefined ? {} : { annotations }),
    ...(kind === 'Pod' && !isDone ? { replicas: { desired: pods.length, current: pods.length, available } } : {}),
    pods,
    ...(isInjected === undefined ? {} : { isInjected }),
    ...ambientOf(pods, labels, isInjected, ambient.has(namespace)),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
  }
}

/** A count of zero is left out on the wire; a status that is missing altogether is not known. */
function replicasOf(kind: string, item: unknown): Pick<WorkloadObject, 'replicas'> {
  const status = at(item, 'status')
  if (!isObject(status)) return {}
  const count = (field: string): number => numberAt(status, field) ?? 0
  if (kind === 'DaemonSet') {
    const [desired, current] = [count('desiredNumberScheduled'), count('currentNumberScheduled')]
    return { replicas: { desired, current, available: count('numberAvailable') } }
  }
  // Kubernetes reads a missing spec.replicas as 1.
  const desired = numberAt(item, 'spec', 'replicas') ?? 1
  const available = numberAt(status, 'availableReplicas') ?? count('readyReplicas')
  return { replicas: { desired, current: count('replicas'), available } }
}

function podOf(pod: unknown): PodObject {
  const phase = textAt(pod, 'status', 'phase')
  const ready = listAt(pod, 'status', 'conditions').find((condition) => at(condition, 'type') === 'Ready')
  const annotations = mapAt(pod, 'metadata', 'annotations') ?? {}
  const labels = mapAt(pod, 'metadata', 'labels') ?? {}
  const hasSidecar = hasProxy(at(pod, 'spec'))
  const proxyRevision = hasSidecar ? proxyRevisionOf(annotations) : undefined
  return {
    name: textAt(pod, 'metadata', 'name') ?? '',
    labels,
    ...(phase === undefined ? {} : { phase }),
    ...(ready === undefined ? {} : { isReady: at(ready, 'status') === 'True' }),
    hasSidecar,
    ...(proxyRevision === undefined ? {} : { proxyRevision }),
    ...(listAt(pod, 'spec', 'initContainers').some((one) => at(one, 'name') === 'istio-proxy')
      ? { isNativeSidecar: true }
      : {}),
    isAmbient: annotations['ambient.istio.io/redirection'] === 'enabled',
  }
}

/** The injector leaves its revision in an annotation, and in what it says of its work. */
function proxyRevisionOf(annotations: StringMap): string | undefined {
  const told = /"revision":"([^"]+)"/.exec(annotations['sidecar.istio.io/status'] ?? '')?.[1]
  return told ?? annotations['istio.io/rev']
}

/** The sidecar is a container, or since Istio 1.27 by default an init container that stays (native sidecar). */
function hasProxy(spec: unknown): boolean {
  return [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')].some(
    (one) => at(one, 'name') === 'istio-proxy',
  )
}

function injectionOf(pods: readonly PodObject[] | undefined): boolean | undefined {
  const alive = (pods ?? []).filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed')
  if (alive.length === 0) return undefined
  return alive.every(({ hasSidecar }) => hasSidecar === true)
}

function templateInjection(template: unknown, labels: StringMap): boolean | undefined {
  if (hasProxy(at(template, 'spec'))) return true
  const asked =
    labels['sidecar.istio.io/inject'] ?? textAt(template, 'metadata', 'annotations', 'sidecar.istio.io/inject')
  return asked === 'false' ? false : undefined
}

function ambientOf(
  pods: readonly PodObject[] | undefined,
  labels: StringMap,
  isInjected: boolean | undefined,
  isNamespaceAmbient: boolean,
): Pick<WorkloadObject, 'isAmbient'> {
  if (pods?.some(({ isAmbient }) => isAmbient === true) === true) return { isAmbient: true }
  const mode = labels['istio.io/dataplane-mode']
  if (isInjected === true || mode === 'none') return { isAmbient: false }
  if (mode === 'ambient' || isNamespaceAmbient) return { isAmbient: true }
  return isInjected === false ? { isAmbient: false } : {}
}

export function serviceOf(item: unknown): ServiceObject {
  const labels = mapAt(item, 'metadata', 'labels')
  const selector = mapAt(item, 'spec', 'selector')
  const type = textAt(item, 'spec', 'type')
  const externalName = textAt(item, 'spec', 'externalName')
  return {
    ...namedOf(item),
    ...(labels === undefined ? {} : { labels }),
    ...(selector === undefined ? {} : { selector }),
    ...(type === undefined ? {} : { type }),
    ...(externalName === undefined ? {} : { externalName }),
    ports: listAt(item, 'spec', 'ports').flatMap(portOf),
  }
}

/** A port of a Service or a ServiceEntry; none where it has no number. */
export function portOf(item: unknown): readonly ServicePort[] {
  const port = numberAt(item, 'port') ?? numberAt(item, 'number')
  if (port === undefined) return []
  const name = textAt(item, 'name')
  const targetPort = numberAt(item, 'targetPort') ?? textAt(item, 'targetPort')
  const appProtocol = textAt(item, 'appProtocol') ?? textAt(item, 'protocol')
  return [
    {
      port,
      ...(name === undefined ? {} : { name }),
      ...(targetPort === undefined ? {} : { targetPort }),
      ...(appProtocol === undefined ? {} : { appProtocol }),
    },
  ]
}

export function ingressOf(item: unknown): IngressObject {
  const own = namedOf(item)
  const ingressClass = textAt(item, 'spec', 'ingressClassName') ?? own.annotations?.['kubernetes.io/ingress.class']
  const rules = listAt(item, 'spec', 'rules')
  const backends = [
    textAt(item, 'spec', 'defaultBackend', 'service', 'name'),
    ...rules.flatMap((rule) => listAt(rule, 'http', 'paths').map((path) => textAt(path, 'backend', 'service', 'name'))),
  ].filter((name) => name !== undefined)
  const secrets = listAt(item, 'spec', 'tls').flatMap((tls) => textAt(tls, 'secretName') ?? [])
  return {
    ...own,
    ...(secrets.length === 0 ? {} : { secrets }),
    ...(ingressClass === undefined ? {} : { ingressClass }),
    hosts: [...new Set([...rules.map((rule) => textAt(rule, 'host') ?? '*'), ...textsAt(item, 'spec', 'hosts')])],
    services: [...new Set(backends)],
  }
}
