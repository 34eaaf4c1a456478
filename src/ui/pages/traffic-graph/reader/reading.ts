import { type AnswerText, type Asked, readTelemetry } from '../../../../clients/prometheus/telemetry.ts'
import type { MeshObjects } from '../../../../mesh/config/objects.ts'
import type { MeshGraph } from '../../../../mesh/graph.ts'
import type { LatencyStatistic } from '../../../../mesh/queries.ts'
import { type GraphOptions, readMesh, type Telemetry } from '../../../../mesh/read.ts'
import type { Sample, Skipped } from '../../../../mesh/samples.ts'
import { withIdleKinds } from '../idleKinds.ts'
import type { IdleKind } from '../words.ts'

/** What is known of an answer that the reader keeps: everything but its samples. */
export interface OpenedAnswer extends Asked {
  /** The reader knows it by this. */
  readonly number: number
  /** Equal for answers of equal text, whatever their number. */
  readonly fingerprint: string
}

/** Which of the kept answers, by number, and how they are to be read. */
export interface ReadingOrder {
  readonly answers: {
    readonly requests: number
    readonly grpcMessages?: number
    readonly tcp?: number
    readonly responseTime?: number
    readonly throughput?: number
    readonly mtls?: number
    readonly operations?: number
  }
  readonly statistic: LatencyStatistic
  readonly idle: readonly IdleKind[]
  readonly options: GraphOptions
}

/** An answer was asked for that is not (or no longer) kept. */
export class LostAnswerError extends Error {
  override readonly name = 'LostAnswerError'
}

/** Decoded answers by number, and the graphs that are in them. */
export interface Reading {
  /** Decodes and keeps an answer; throws what `readTelemetry` throws. */
  readonly open: (number: number, answer: AnswerText) => OpenedAnswer
  /** The graph that kept answers tell; throws `LostAnswerError`. */
  readonly read: (order: ReadingOrder, objects: MeshObjects | undefined) => MeshGraph
  readonly forget: (number: number) => void
}

interface Kept {
  readonly samples: readonly Sample[]
  readonly skipped: readonly Skipped[]
}

export function createReading(): Reading {
  const kept = new Map<number, Kept>()
  const find = (number: number | undefined): Kept | undefined => {
    if (number === undefined) return undefined
    const found = kept.get(number)
    if (found === undefined) throw new LostAnswerError(`answer ${number} is not kept`)
    return found
  }
  return {
    open: (number, answer) => {
      const { samples, skipped, ...asked } = readTelemetry(answer)
      kept.set(number, { samples, skipped })
      return { ...asked, number, fingerprint: fingerprintOf(answer.text) }
    },
    read: ({ answers, statistic, idle, options }, objects) => {
      const requests = find(answers.requests)
      const [tcp, grpcMessages, mtls, time, throughput, operations] = [
        find(answers.tcp),
        find(answers.grpcMessages),
        find(answers.mtls),
        find(answers.responseTime),
        find(answers.throughput),
        find(answers.operations),
      ]
      const telemetry: Telemetry = {
        ...(requests === undefined ? {} : { requests: requests.samples }),
        ...(tcp === undefined ? {} : { tcp: tcp.samples }),
        ...(grpcMessages === undefined ? {} : { grpcMessages: grpcMessages.samples }),
        ...(mtls === undefined ? {} : { mtls: mtls.samples }),
        ...(time === undefined ? {} : { responseTime: { statistic, samples: time.samples } }),
        ...(throughput === undefined ? {} : { throughput: throughput.samples }),
        ...(operations === undefined ? {} : { operations: operations.samples }),
        skipped: [requests, tcp, grpcMessages, mtls, time, throughput, operations].flatMap(
          (answer) => answer?.skipped ?? [],
        ),
      }
      return withIdleKinds(readMesh(telemetry, objects, options), idle)
    },
    forget: (number) => {
      kept.delete(number)
    },
  }
}

/** Two independent 32-bit FNV-1a sums and the length: enough to tell one answer of a page from the next. */
function fingerprintOf(text: string): string {
  let one = 0x811c9dc5
  let other = 0x1b873593
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    one = Math.imul(one ^ unit, 0x01000193)
    other = Math.imul(other ^ unit, 0x85ebca6b)
  }
  return `${text.length}-${(one >>> 0).toString(36)}-${(other >>> 0).toString(36)}`
}
