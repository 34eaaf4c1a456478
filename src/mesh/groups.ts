import type { Direction } from './callEnd.ts'
import { grpcStatusName } from './golden.ts'
import { peerIn } from './peers.ts'
import type { Grouping } from './rangeQueries.ts'
import type { Group } from './ranking.ts'
import type { Labels } from './samples.ts'
import { isKnown, label, mutualTls } from './telemetry.ts'

/** What the calls of one end can be split by. */
export type EndGrouping = (typeof endGroupings)[number]
export const endGroupings = [
  'peer',
  'version',
  'code',
  'flags',
  'protocol',
  'mtls',
] as const satisfies readonly Grouping[]

/**
 * The group a series of an end's calls belongs to. `undefined` where the viewer may not know it: such calls are among the others. What
 * telemetry itself does not know is a group of its own, named `unknown`.
 */
export function groupIn(by: EndGrouping, direction: Direction): (labels: Labels) => Group | undefined {
  switch (by) {
    case 'peer':
      return peerIn(direction)
    case 'version':
      return valueOf(direction === 'inbound' ? label.destinationRevision : label.sourceRevision)
    case 'code':
      return codeOf
    case 'flags':
      return (labels) => {
        const flags = labels[label.flags]
        return named(flags === undefined || flags === '' ? '-' : flags)
      }
    case 'protocol':
      return valueOf(label.protocol)
    case 'mtls':
      return ({ [label.securityPolicy]: policy }) =>
        policy === mutualTls
          ? { id: mutualTls, title: 'mTLS' }
          : policy === 'none'
            ? { id: 'none', title: 'plain text' }
            : named(policy)
  }
}

/** A gRPC call's status stands for its code. */
function codeOf(labels: Labels): Group | undefined {
  const status = labels[label.grpcStatus]
  const code = labels[label.code]
  const isStatus = labels[label.protocol] === 'grpc' && isKnown(status) && !/^[45]\d\d$/.test(code ?? '')
  if (isStatus) return { id: `grpc ${status}`, title: `gRPC ${grpcStatusName(status) ?? status}` }
  return code === '0' ? { id: '0', title: 'no response' } : named(code)
}

function valueOf(name: string): (labels: Labels) => Group | undefined {
  return (labels) => named(labels[name])
}

function named(value: string | undefined): Group {
  return isKnown(value) ? { id: value, title: value } : { id: 'unknown', title: 'unknown' }
}
