import { type Flow, hostOf, type Outcome, type Protocol, type Workload } from '../src/demo/mesh/model.ts'
import { answered, ms, ok, okGrpc } from '../src/demo/mesh/outcomes.ts'
import { type FaultKind, plant, type PlantedFault } from './faults.ts'
import { appName, namespaceName } from './names.ts'
import { type Random, randomFrom } from './random.ts'

/** What a mesh is grown from. The same recipe gives the same mesh, on any machine. */
export interface MeshRecipe {
  readonly seed: number
  /** The ingress gateway included; waypoints come on top. */
  readonly workloads: number
  /** By default one for every 25 workloads, at least 3. */
  readonly namespaces?: number
  /** Pairs of workloads that call each other, for each workload; 5 by default. */
  readonly edgesPerWorkload?: number
  /** Shares of the workloads that serve gRPC and TCP, 0 to 1; the rest serves HTTP. */
  readonly grpcShare?: number
  readonly tcpShare?: number
  /** Share of the calls with a few errors, too few to be anybody's trouble. */
  readonly errorShare?: number
  /** Share of the namespaces without sidecars: ztunnel, and one waypoint each. */
  readonly ambientShare?: number
  /** The namespaces are dealt to them in turn; 1 by default. */
  readonly clusters?: number
  /** One workload that really fails. */
  readonly fault?: FaultKind
}

export interface MeshWorkload extends Workload {
  readonly cluster: string
  /** Callers stand before those they call, but for a few calls back. */
  readonly tier: number
}

export interface MeshCall extends Flow {
  readonly source: MeshWorkload
  readonly destination: MeshWorkload
  readonly waypoint?: MeshWorkload
}

export interface Mesh {
  readonly recipe: MeshRecipe
  readonly workloads: readonly MeshWorkload[]
  readonly calls: readonly MeshCall[]
  /** Present where the recipe asks for one. */
  readonly fault?: PlantedFault
}

const lastTier = 5

/**
 * A mesh grown from its recipe: tiers of workloads behind an ingress gateway, most calls inside a namespace, two versions of some apps.
 * Throws where the recipe asks for a fault that no workload of so small a mesh could have.
 */
export function growMesh(recipe: MeshRecipe): Mesh {
  const random = randomFrom(recipe.seed)
  const { workloads, waypoints } = workloadsOf(recipe, random)
  const calls = callsOf(workloads, waypoints, recipe, random)
  const mesh = { recipe, workloads: [...workloads, ...waypoints.values()], calls }
  return recipe.fault === undefined ? mesh : { ...mesh, ...plant(recipe.fault, calls, random) }
}

function workloadsOf(recipe: MeshRecipe, random: Random) {
  const { workloads: wanted, clusters = 1, grpcShare = 0.2, tcpShare = 0.08, ambientShare = 0.1 } = recipe
  const count = Math.max(1, recipe.namespaces ?? Math.max(3, Math.round(wanted / 25)))
  const namespaces = Array.from({ length: count }, (_, index) => ({
    name: namespaceName(index),
    cluster: `cluster-${(index % clusters) + 1}`,
    isAmbient: random.next() < ambientShare,
    apps: 0,
  }))
  const gateway: MeshWorkload = {
    ...{ namespace: 'istio-system', name: 'istio-ingressgateway', app: 'istio-ingressgateway', version: 'latest' },
    ...{
      kind: 'Deployment',
      replicas: 1,
      proxy: 'gateway',
      port: 8080,
      protocol: 'http',
      cluster: 'cluster-1',
      tier: 0,
    },
  }
  const workloads = [gateway]
  const waypoints = new Map<string, MeshWorkload>()
  for (let turn = 0; workloads.length < wanted; turn++) {
    const namespace = namespaces[turn % count]
    if (namespace === undefined) break
    const { name, cluster, isAmbient } = namespace
    const app = appName(name, namespace.apps++)
    const tier = 1 + Math.min(random.below(lastTier), random.below(lastTier + 1))
    const draw = random.next()
    const isLeaf = tier === lastTier
    const protocol: Protocol =
      isLeaf && draw < tcpShare * lastTier ? 'tcp' : tier > 1 && draw > 1 - grpcShare ? 'grpc' : 'http'
    const versions = random.next() < 0.12 && workloads.length + 2 <= wanted ? ['v1', 'v2'] : ['v1']
    const common = {
      namespace: name,
      app,
      kind: 'Deployment',
      replicas: 1,
      port: 8080,
      protocol,
      cluster,
      tier,
    } as const
    for (const version of versions) {
      workloads.push({ ...common, name: `${app}-${version}`, version, proxy: isAmbient ? 'ambient' : 'sidecar' })
    }
    if (isAmbient && !waypoints.has(name)) {
      const waypoint = {
        namespace: name,
        name: 'waypoint',
        app: 'waypoint',
        version: 'latest',
        proxy: 'waypoint',
      } as const
      waypoints.set(name, { ...common, ...waypoint, protocol: 'http', tier: 0 })
    }
  }
  return { workloads, waypoints }
}

function callsOf(
  workloads: readonly MeshWorkload[],
  waypoints: ReadonlyMap<string, MeshWorkload>,
  { edgesPerWorkload = 5, errorShare = 0.1 }: MeshRecipe,
  random: Random,
): readonly MeshCall[] {
  const calls = new Map<string, MeshCall>()
  const [gateway, ...others] = workloads
  const byPlace = new Map<string, MeshWorkload[]>()
  const byTier = new Map<number, MeshWorkload[]>()
  for (const workload of others) {
    put(byTier, workload.tier, workload)
    put(byPlace, `${workload.namespace} ${workload.tier}`, workload)
  }
  const call = (source: MeshWorkload | undefined, destination: MeshWorkload | undefined) => {
    // Nobody calls itself or the other version of itself, and TCP servers call nobody.
    if (source === undefined || destination === undefined || source.app === destination.app) return
    const key = `${source.name}>${destination.name}`
    if (source.protocol === 'tcp' || calls.has(key)) return
    calls.set(key, callBetween(source, destination, waypoints.get(destination.namespace), errorShare, random))
  }
  /** A caller from an earlier tier: of the same namespace more often than not. */
  const callerOf = ({ namespace, tier }: MeshWorkload) => {
    const from = Math.max(1, tier - 1 - random.below(2))
    const near = random.next() < 0.65 ? byPlace.get(`${namespace} ${from}`) : undefined
    return random.pick(near ?? byTier.get(from) ?? [])
  }
  for (const workload of others) {
    if (workload.tier === 1) call(gateway, workload)
    else call(callerOf(workload), workload)
  }
  const wanted = Math.round(workloads.length * edgesPerWorkload)
  for (let tried = 0; calls.size < wanted && tried < wanted * 20; tried++) {
    const destination = random.pick(others)
    if (destination === undefined) break
    const isBack = random.next() < 0.03
    call(isBack ? random.pick(others) : destination.tier === 1 ? gateway : callerOf(destination), destination)
  }
  return [...calls.values()]
}

function callBetween(
  source: MeshWorkload,
  destination: MeshWorkload,
  waypoint: MeshWorkload | undefined,
  errorShare: number,
  random: Random,
): MeshCall {
  const { namespace, app, protocol } = destination
  const latency = ms(2 + 60 * random.next() ** 3)
  // Half a percent of plain errors, or some callers who ask for what is not there.
  const draw = random.next()
  const failed: Outcome | undefined =
    draw >= errorShare || protocol !== 'http'
      ? undefined
      : draw < errorShare / 2
        ? answered(500, 0.004, latency)
        : answered(404, 0.03, latency)
  const rest = 1 - (failed?.share ?? 0)
  return {
    ...{ wave: 'steady', protocol, source, destination, mtls: true },
    service: { namespace, name: app, host: hostOf(namespace, app) },
    // From a request every two seconds to some eighty per second, most of them slow.
    rate: Math.round(0.5 * 160 ** (random.next() ** 1.6) * 100) / 100,
    outcomes:
      protocol === 'tcp'
        ? []
        : [protocol === 'grpc' ? okGrpc(1, latency) : ok(rest, latency), ...(failed ? [failed] : [])],
    ...{ requestBytes: 400 + random.below(4000), responseBytes: 800 + random.below(20_000) },
    // Sidecars and gateways go past waypoints unless they are told otherwise.
    ...(waypoint === undefined || protocol === 'tcp' || source.proxy !== 'ambient' ? {} : { waypoint }),
  }
}

function put<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}
