import { badRequest, expired } from './status.ts'

export interface Page<Item> {
  readonly items: readonly Item[]
  /** Absent on the last page. */
  readonly next?: string
  readonly remaining?: number
}

/**
 * One page of a sorted list: `limit` items after the one the `continue` token names, all of them for a limit of 0.
 * Throws a `Status`: 400 for a token or limit that is none, 410 for a token of another resource version.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  {
    limit,
    token,
    resourceVersion,
    isKnown = (version) => version === resourceVersion,
  }: {
    readonly limit: string | null
    readonly token: string | null
    readonly resourceVersion: string
    /** Whether a page may follow one of that version. */
    readonly isKnown?: (version: string) => boolean
  },
): Page<Item> {
  const size = limit === null || limit === '' ? 0 : Number(limit)
  if (!Number.isInteger(size)) throw badRequest(`strconv.ParseInt: parsing "${limit ?? ''}": invalid syntax`)
  const start = token === null || token === '' ? undefined : readToken(token, isKnown)
  const rest = start === undefined ? items : items.filter((item) => keyOf(item) > start)
  if (size <= 0 || rest.length <= size) return { items: rest }
  const page = rest.slice(0, size)
  const last = page.at(-1)
  if (last === undefined) return { items: page }
  const next = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: resourceVersion, start: keyOf(last) })).toString(
    'base64url',
  )
  return { items: page, next, remaining: rest.length - size }
}

function readToken(token: string, isKnown: (version: string) => boolean): string {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(token, 'base64url').toString())
  } catch {
    throw badRequest('continue key is not valid')
  }
  if (
    typeof parsed !== 'object' ||
    parsed === null ||
    !('rv' in parsed) ||
    !('start' in parsed) ||
    typeof parsed.start !== 'string'
  ) {
    throw badRequest('continue key is not valid')
  }
  if (typeof parsed.rv !== 'string' || !isKnown(parsed.rv)) throw expired()
  return parsed.start
}
