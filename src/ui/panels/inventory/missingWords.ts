import type { MissingObjects } from '../../../clients/kubernetes/objects.ts'
import { strings } from './strings.ts'

/** What is to be said of lists that are not there, or not whole. */
export interface MissingWords {
  /** Kinds that the viewer may not list. */
  readonly refused: readonly string[]
  /** A sentence for each list that failed half-way. */
  readonly halves: readonly string[]
  /** Kinds that the cluster did not answer. */
  readonly failed: readonly string[]
}

/** Sorted into what the viewer may not list and what another try may bring; each kind once. */
export function missingWords(missing: readonly MissingObjects[]): MissingWords {
  const kinds = (wanted: (each: MissingObjects) => boolean) => [
    ...new Set(missing.filter(wanted).map(({ kind }) => kind)),
  ]
  const isRefused = ({ status }: MissingObjects): boolean => status === 401 || status === 403
  const halves = missing.flatMap(({ kind, namespace, status, came }) =>
    came === undefined ? [] : [strings.half(namespace === undefined ? kind : `${kind} in ${namespace}`, came, status)],
  )
  return {
    refused: kinds(isRefused),
    halves,
    failed: kinds((each) => !isRefused(each) && each.came === undefined),
  }
}
