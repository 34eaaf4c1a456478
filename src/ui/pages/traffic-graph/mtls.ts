import { inWords, percent } from '../../format.ts'
import { graphStrings } from './strings.ts'
import { padlockOf } from './view.ts'

/** How much of the traffic is under mutual TLS, in words. */
export function mtlsWords(mtls: number): string {
  const kind = padlockOf(mtls)
  if (kind === undefined) return graphStrings.mtlsNone
  return kind === 'closed' ? graphStrings.mtlsAll : graphStrings.mtlsPart(inWords(percent(mtls)))
}
