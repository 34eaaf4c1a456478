import { flows } from './flows.ts'
import type { Wave, Workload } from './model.ts'
import { nameHash } from './pods.ts'

const istioVersion = '1.27.1'
const mebi = 2 ** 20

/** A container of a workload's pods: what it runs, what it asked for, and what it uses on average. */
export interface DemoContainer {
  readonly name: string
  readonly image: string
  readonly isProxy: boolean
  /** Cores. */
  readonly cpu: Amounts
  /** Bytes. */
  readonly memory: Amounts
}

interface Amounts {
  readonly used: number
  readonly request: number
  readonly limit?: number
}

/** The containers of each of a workload's pods: its own, and the proxy its place in the mesh asks for. Busier ones use more. */
export function containersOf(workload: Workload): readonly DemoContainer[] {
  const { proxy } = workload
  const perPod = rateOf(workload) / Math.max(workload.replicas, 1)
  switch (proxy) {
    case 'gateway':
    case 'waypoint':
      return [envoy(perPod)]
    case 'ztunnel':
      return [ztunnel]
    case 'sidecar':
      return [own(workload, perPod), envoy(perPod)]
    case 'ambient':
    case 'none':
      return [workload.app === 'istiod' ? istiod : own(workload, perPod)]
  }
}

/** The wave that most of a workload's calls follow. */
export function waveOf(workload: Workload): Wave {
  const busiest = callsOf(workload).reduce(
    (most, flow) => (flow.rate > (most?.rate ?? 0) ? flow : most),
    callsOf(workload)[0],
  )
  return busiest?.wave ?? 'steady'
}

function callsOf(workload: Workload) {
  return flows.filter(({ source, destination }) => source === workload || destination === workload)
}

function rateOf(workload: Workload): number {
  return callsOf(workload).reduce((sum, { rate }) => sum + rate, 0)
}

/** One workload that outgrows its limit, so that there is something to find. */
const tight = 'recommendation'

function own({ namespace, app, version, kind }: Workload, perPod: number): DemoContainer {
  // Some number from 0 to 1 that is this workload's own.
  const letters = Array.from(nameHash(`${namespace}/${app}`, 4))
  const share = letters.reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 97, 0) / 96
  const memory = Math.round((kind === 'StatefulSet' ? 220 : 70) + 160 * share) * mebi
  const limit = Math.ceil((app === tight ? 1.05 : 2) * (memory / mebi / 16)) * 16 * mebi
  return {
    name: app,
    image: `registry.demo.example/${namespace}/${app}:${version}`,
    isProxy: false,
    cpu: { used: 0.008 + 0.0016 * perPod * (0.5 + share), request: kind === 'StatefulSet' ? 0.25 : 0.1 },
    memory: { used: memory, request: Math.ceil(limit / 2 / (16 * mebi)) * 16 * mebi, limit },
  }
}

/** What Istio asks for its proxies unless told: https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/ */
const envoy = (perPod: number): DemoContainer => ({
  name: 'istio-proxy',
  image: `docker.io/istio/proxyv2:${istioVersion}`,
  isProxy: true,
  cpu: { used: 0.004 + 0.00045 * perPod, request: 0.1, limit: 2 },
  memory: { used: Math.round(46 + Math.min(perPod, 400) * 0.06) * mebi, request: 128 * mebi, limit: 1024 * mebi },
})

const ztunnel: DemoContainer = {
  name: 'istio-proxy',
  image: `docker.io/istio/ztunnel:${istioVersion}`,
  isProxy: true,
  cpu: { used: 0.011, request: 0.2 },
  memory: { used: 31 * mebi, request: 512 * mebi },
}

const istiod: DemoContainer = {
  name: 'discovery',
  image: `docker.io/istio/pilot:${istioVersion}`,
  isProxy: false,
  cpu: { used: 0.043, request: 0.5 },
  memory: { used: 186 * mebi, request: 2048 * mebi },
}
