import { encryptedShare, type MtlsPair } from '../../../mesh/mtlsReport.ts'
import { choiceWord, orderWord, type Order } from '../../url.ts'
import { lookbackNames, type LookbackName } from './strings.ts'

export const columnNames = ['from', 'to', 'share', 'rate', 'tcp', 'plain', 'who', 'mode'] as const
export type ColumnName = (typeof columnNames)[number]

const names = Object.keys(lookbackNames).filter((name): name is LookbackName => Object.hasOwn(lookbackNames, name))

/** The report's own words of the URL. */
export const mtlsWords = {
  lookback: choiceWord<LookbackName>(names, '1d'),
  sort: orderWord(columnNames, { by: 'plain', isDescending: true }),
} as const

/** In the chosen order; what has no value comes last either way, and plain text goes before other things that are equal. */
export function sortedPairs(pairs: readonly MtlsPair[], { by, isDescending }: Order<ColumnName>): readonly MtlsPair[] {
  const sign = isDescending ? -1 : 1
  return pairs.toSorted((a, b) => {
    const [left, right] = [valueOf(a, by), valueOf(b, by)]
    if (left === right) return 0
    if (left === undefined || right === undefined) return left === undefined ? 1 : -1
    return sign * (left < right ? -1 : 1)
  })
}

function valueOf(pair: MtlsPair, by: ColumnName): number | string | undefined {
  const { from, to, requests, tcp, plaintext } = pair
  switch (by) {
    case 'from':
      return from.kind === 'namespace' ? from.name : undefined
    case 'to':
    case 'mode':
      return to
    case 'share':
      return encryptedShare(pair)?.ratio
    case 'rate':
      return requests.encrypted + requests.plain
    case 'tcp':
      return tcp.encrypted + tcp.plain
    case 'plain':
      return requests.plain > 0 ? requests.plain : plaintext.length > 0 ? 0 : undefined
    case 'who':
      return plaintext[0]?.lastSeen
  }
}
