import type { DemoPod } from '../mesh/pods.ts'

export type Attribute = string | number | boolean

/** A span as the proxy of a pod reports it; times in microseconds, as tracers count. */
export interface DemoSpan {
  readonly id: string
  readonly parent?: string
  readonly pod: DemoPod
  /** As Istio names a proxy's traces: `reviews.bookinfo`. */
  readonly service: string
  readonly operation: string
  readonly kind: 'client' | 'server'
  readonly startUs: number
  readonly durationUs: number
  readonly isError: boolean
  readonly attributes: Readonly<Record<string, Attribute>>
}

export interface DemoTrace {
  /** 32 hexadecimal digits. */
  readonly id: string
  readonly spans: readonly DemoSpan[]
}
