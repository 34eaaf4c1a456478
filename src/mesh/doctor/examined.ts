import type { MeshObjects } from '../config/objects.ts'
import type { Window } from '../scope.ts'
import type { TelemetryEvidence } from './evidence.ts'
import type { Monitoring } from './monitors.ts'

/** What the doctor looks at. Absent: not read, or not readable for this viewer; nothing is said of it. */
export interface Examined {
  readonly telemetry: Telemetry
  readonly window: Window
  /** The chosen scope; empty is everything the viewer may see. */
  readonly namespaces: readonly string[]
  readonly objects?: MeshObjects | undefined
  /** Whether the cluster serves Istio's kinds. */
  readonly hasIstioApi?: boolean | undefined
  readonly monitoring?: Monitoring | undefined
  /** The namespaces the viewer may see; null is all. */
  readonly visible: readonly string[] | null
  /** Seconds that the viewer's own clock is ahead of Meshboard's. */
  readonly viewerAhead?: number | undefined
  /** Sentences on what could not be looked at. */
  readonly unread: readonly string[]
}

export type Telemetry =
  | { readonly kind: 'answered'; readonly facts: Facts; readonly evidence: TelemetryEvidence | undefined }
  | { readonly kind: 'failed'; readonly message: string; readonly hint?: string | undefined }

export interface Facts {
  readonly prometheusVersion?: string
  /** As Prometheus says it. */
  readonly retention?: string
  readonly hasIstioMetrics: boolean
  readonly hasTraffic: boolean
  /** Seconds. */
  readonly scrapeIntervalSeconds?: number
}
