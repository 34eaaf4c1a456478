import type { ListedService } from '../mesh/tools.ts'
import { Memory } from './memory.ts'
import type { Probed } from './toolProbe.ts'

/** What is remembered of a cluster's tools, for as long as it is worth something. */
export interface ToolMemory {
  readonly listed: Memory<ListedServices>
  readonly probes: Memory<Probe>
  /** By place: unix seconds. */
  readonly downSince: Map<string, number>
}

/** What the cluster's Services say; undefined where neither the viewer nor the proxy's account may list them. */
export type ListedServices = readonly ListedService[] | undefined

export interface Probe {
  readonly probed: Probed
  /** Unix seconds. */
  readonly at: number
}

const probeSeconds = 10
const mostRemembered = 10_000

/** A new memory; `now` in unix seconds. */
export function toolMemory({ listSeconds, now }: { listSeconds: number; now: () => number }): ToolMemory {
  return {
    listed: new Memory({ seconds: listSeconds, most: mostRemembered, now }),
    probes: new Memory({ seconds: probeSeconds, most: mostRemembered, now }),
    downSince: new Map(),
  }
}
