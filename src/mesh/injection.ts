import { revisionFor } from './config/injector.ts'
import type { Injector, NamespaceObject, PodObject, StringMap } from './config/objects.ts'

/**
 * How a workload's pods stand to the mesh. `restart`: injection is asked for and pods run without a sidecar or with another revision's,
 * as those do that started before. `optedOut`: its own label or its namespace's says no. `lingering`: nobody asks for a sidecar any more, and pods still have one.
 * `proxy`: it is a gateway, a waypoint or ztunnel, whose pods are the proxy.
 */
export type InjectionState = 'restart' | 'lingering' | 'optedOut' | 'none' | 'injected' | 'ambient' | 'proxy'

export interface Injection {
  readonly state: InjectionState
  /** One sentence: what decides. */
  readonly reason: string
}

/** What the rule looks at. */
export interface Injected {
  /** The labels its pods are made with. */
  readonly labels: StringMap
  readonly annotations?: StringMap
  /** Absent: not read. */
  readonly pods?: readonly PodObject[]
  readonly isAmbient?: boolean
  readonly isProxy?: boolean
  /** Absent: not read. */
  readonly namespace: NamespaceObject | undefined
  /** What injects in this cluster; absent: not read, so the labels are taken at their word. */
  readonly injector?: Injector | undefined
}

/**
 * How a workload stands to the mesh; `undefined` where nothing runs, where pods were not read, and where a sidecar runs that only the
 * namespace can have asked for and that one was not read. A namespace that refuses goes before
 * everything, then the pods' own word, then the namespace's `istio-injection`, then its revision.
 * https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
 */
export function injectionOf(workload: Injected): Injection | undefined {
  if (workload.isProxy === true) return { state: 'proxy', reason: 'Its pods are the proxy itself.' }
  const alive = (workload.pods ?? []).filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed')
  if (alive.length === 0) return undefined
  const withSidecar = alive.filter(({ hasSidecar }) => hasSidecar === true).length
  const { isAsked, why, isRefused, revision } = askOf(workload)
  const others = alive.filter(
    (pod) => revision !== undefined && pod.proxyRevision !== undefined && pod.proxyRevision !== revision,
  )
  const share = withSidecar === alive.length ? 'all' : `${withSidecar} of ${alive.length}`

  if (isAsked && withSidecar === alive.length && others.length > 0) {
    const old = [...new Set(others.map((pod) => pod.proxyRevision))].join(', ')
    return {
      state: 'restart',
      reason: `${why} ${others.length} of ${alive.length} pods run the proxy of revision ${old}: they take ${revision ?? ''}'s when they restart.`,
    }
  }
  if (isAsked) {
    return withSidecar === alive.length
      ? { state: 'injected', reason: why }
      : {
          state: 'restart',
          reason: `${why} ${alive.length - withSidecar} of ${alive.length} pods run without a sidecar: they take one when they restart.`,
        }
  }
  if (withSidecar > 0) {
    if (workload.namespace === undefined && !isRefused) return undefined
    return { state: 'lingering', reason: `${why} A restart takes the sidecar away from ${share} pods that have one.` }
  }
  if (workload.isAmbient === true) return { state: 'ambient', reason: 'ztunnel carries its traffic.' }
  return { state: isRefused ? 'optedOut' : 'none', reason: why }
}

interface Ask {
  readonly isAsked: boolean
  readonly why: string
  readonly isRefused: boolean
  /** Of the control plane whose proxy new pods get, where that is known. */
  readonly revision?: string
}

/** Whether new pods get a sidecar, who decides, and whether somebody said no to it: the labels' word, as the cluster's injectors take it. */
function askOf(workload: Injected): Ask {
  const { labels, namespace, injector } = workload
  const asked = wordOf(workload)
  // Without any webhook sidecars are put in by hand, and the labels are all that is known.
  if (injector === undefined || injector.hooks.length === 0 || namespace === undefined || asked.isRefused) return asked
  const whole = { 'kubernetes.io/metadata.name': namespace.name, ...namespace.labels }
  const revision = revisionFor(injector, whole, labels)
  if (revision === undefined) {
    if (!asked.isAsked) return asked
    return { isAsked: false, isRefused: false, why: `${asked.why} No control plane of this cluster answers to that.` }
  }
  if (asked.isAsked) return { ...asked, revision }
  const why = 'Namespaces that say nothing get sidecars here (enableNamespacesByDefault).'
  return { isAsked: true, isRefused: false, why, revision }
}

function wordOf({ labels, annotations, namespace }: Injected): Ask {
  if (namespace?.injection === 'disabled') {
    return { isAsked: false, isRefused: true, why: 'The namespace’s label istio-injection=disabled refuses sidecars.' }
  }
  // The label goes before the annotation, which is deprecated.
  const own = labels['sidecar.istio.io/inject'] ?? annotations?.['sidecar.istio.io/inject']
  if (own === 'false') {
    return { isAsked: false, isRefused: true, why: 'Its own sidecar.istio.io/inject=false refuses a sidecar.' }
  }
  if (own === 'true')
    return { isAsked: true, isRefused: false, why: 'Its own sidecar.istio.io/inject=true asks for a sidecar.' }
  if (namespace?.injection === 'enabled') {
    const by =
      namespace.labels?.['istio-injection'] === 'enabled'
        ? 'istio-injection=enabled'
        : `istio.io/rev=${namespace.revision ?? ''}`
    return { isAsked: true, isRefused: false, why: `The namespace’s label ${by} asks for sidecars.` }
  }
  const revision = labels['istio.io/rev']
  if (revision !== undefined) {
    return { isAsked: true, isRefused: false, why: `Its own label istio.io/rev=${revision} asks for a sidecar.` }
  }
  return {
    isAsked: false,
    isRefused: false,
    why:
      namespace === undefined
        ? 'Its namespace could not be read, and its pods ask for no sidecar.'
        : 'Neither its namespace nor its pods ask for a sidecar.',
  }
}

/** Several workloads as one: the state that deserves a look first, and how many of them are in the mesh. */
export interface InjectionSummary extends Injection {
  readonly inMesh: number
  readonly of: number
}

const byConcern: readonly InjectionState[] = [
  'restart',
  'lingering',
  'none',
  'optedOut',
  'injected',
  'ambient',
  'proxy',
]

/** The summary of what was told of several workloads; `undefined` where nothing was. Proxies count where there is nothing else. */
export function summaryOf(all: readonly (Injection | undefined)[]): InjectionSummary | undefined {
  const told = all.filter((each) => each !== undefined)
  const apps = told.filter(({ state }) => state !== 'proxy')
  const counted = apps.length > 0 ? apps : told
  const worst = byConcern.flatMap((state) => counted.find((each) => each.state === state) ?? [])[0]
  if (worst === undefined) return undefined
  return { ...worst, inMesh: counted.filter(isInMesh).length, of: counted.length }
}

function isInMesh({ state }: Injection): boolean {
  return state === 'injected' || state === 'lingering' || state === 'ambient' || state === 'proxy'
}
