import type { Zone } from './zone.ts'

/**
 * The words of the URL: how each is read, written, and what it falls back to. Pages declare their own with the makers below;
 * the words every page shares are `sharedWords`. Reading and writing are pure; `urlState.tsx` joins them to the router.
 */
export interface Word<T> {
  /** What stands there when the word is absent or malformed. */
  readonly fallback: T
  /** The end of the sentence "It should be ...", shown for a malformed word. */
  readonly expects: string
  /** The value, or `undefined` where the text is malformed. */
  readonly parse: (text: string) => T | undefined
  /** The text; `undefined` leaves the word out of the URL. */
  readonly write: (value: T) => string | undefined
}

/** Any set of words, whatever their values' types. */
export type Words = Readonly<
  Record<
    string,
    {
      readonly fallback: unknown
      readonly expects: string
      readonly parse: (text: string) => unknown
      readonly write: (value: never) => string | undefined
    }
  >
>

export type StateOf<W extends Words> = { readonly [K in keyof W]: W[K]['fallback'] }

/** A word that could not be read: the page says so and shows its default. */
export interface Malformed {
  readonly word: string
  readonly text: string
  readonly expects: string
}

export interface UrlState<W extends Words> {
  readonly state: StateOf<W>
  readonly malformed: readonly Malformed[]
}

type AnyWord = Words[string]

/** What each word said last: a list that says the same again is the same object, so that nothing that depends on it is made anew. */
const said = new WeakMap<AnyWord, { readonly text: string; readonly value: unknown }>()

function parsed(word: AnyWord, text: string): unknown {
  const known = said.get(word)
  if (known?.text === text) return known.value
  const value = word.parse(text)
  said.set(word, { text, value })
  return value
}

/** The typed values of `words` in a query string (with or without `?`). Never throws: malformed words are listed and fall back. */
export function readWords<W extends Words>(words: W, search: string): UrlState<W> {
  const params = new URLSearchParams(search)
  const malformed: Malformed[] = []
  const entries = Object.entries(words).map(([name, word]): [string, unknown] => {
    const text = params.get(name)
    if (text === null || text === '') return [name, word.fallback]
    const value = parsed(word, text)
    if (value === undefined) malformed.push({ word: name, text, expects: word.expects })
    return [name, value ?? word.fallback]
  })
  // Each value comes from its own word's `parse` or `fallback`; TypeScript cannot follow that through fromEntries.
  return { state: Object.fromEntries(entries) as StateOf<W>, malformed }
}

/**
 * The query string (without `?`) after the words in `patch` took their new values: words outside the patch, known or not, are kept
 * as they are. A value that is its word's fallback leaves the URL, except where the word says otherwise.
 */
export function writeWords<W extends Words>(words: W, search: string, patch: Partial<StateOf<W>>): string {
  const params = new URLSearchParams(search)
  for (const [name, word] of Object.entries(words)) {
    if (!Object.hasOwn(patch, name)) continue
    // The patch's type pairs each name with its word's value.
    const text = word.write(patch[name] as never)
    if (text === undefined || text === '') params.delete(name)
    else params.set(name, text)
  }
  // Commas, colons and slashes are legal in a query and read better than %2C.
  return params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')
}

/** One of a few words. */
export function choiceWord<T extends string>(options: readonly T[], fallback: T): Word<T> {
  return {
    fallback,
    expects: `one of ${options.join(', ')}`,
    parse: (text) => options.find((option) => option === text),
    write: (value) => (value === fallback ? undefined : value),
  }
}

/** `true` or `false`. */
export function flagWord(fallback: boolean): Word<boolean> {
  return {
    fallback,
    expects: 'true or false',
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
    write: (value) => (value === fallback ? undefined : String(value)),
  }
}

/** Free text; the empty text is absent. */
export function textWord(): Word<string | undefined> {
  return { fallback: undefined, expects: 'text', parse: (text) => text, write: (value) => value }
}

/** A list drawn from a few words, in the order of `options`; `none` is the empty list. */
export function someWord<T extends string>(options: readonly T[], fallback: readonly T[]): Word<readonly T[]> {
  const write = (value: readonly T[]) => options.filter((option) => value.includes(option)).join(',') || 'none'
  return {
    fallback,
    expects: `some of ${options.join(', ')}, separated by commas, or none`,
    parse: (text) => {
      if (text === 'none') return []
      const parts = text.split(',')
      const known = options.filter((option) => parts.includes(option))
      return parts.every((part) => options.some((option) => option === part)) ? known : undefined
    },
    write: (value) => (write(value) === write(fallback) ? undefined : write(value)),
  }
}

/** What a table is sorted by. */
export interface Order<T extends string> {
  readonly by: T
  readonly isDescending: boolean
}

/** A column, with a minus sign for the largest first. */
export function orderWord<T extends string>(columns: readonly T[], fallback: Order<T>): Word<Order<T>> {
  return {
    fallback,
    expects: `one of ${columns.join(', ')}, with a minus sign for the largest first`,
    parse: (text) => {
      const isDescending = text.startsWith('-')
      const by = columns.find((name) => name === text.slice(isDescending ? 1 : 0))
      return by === undefined ? undefined : { by, isDescending }
    },
    write: ({ by, isDescending }) =>
      by === fallback.by && isDescending === fallback.isDescending ? undefined : `${isDescending ? '-' : ''}${by}`,
  }
}

/** Numbers separated by commas, exactly `count` of them: a camera's centre and zoom. */
export function numbersWord(count: number, digits: number): Word<readonly number[] | undefined> {
  return {
    fallback: undefined,
    expects: `${count} numbers separated by commas`,
    parse: (text) => {
      const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
      return numbers.length === count && numbers.every(Number.isFinite) ? numbers : undefined
    },
    write: (value) => value?.map((number) => String(Number(number.toFixed(digits)))).join(','),
  }
}

/**
 * A namespace's or cluster's name as Kubernetes allows it.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
const isDnsLabel = (name: string) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)

const namespacesWord: Word<readonly string[]> = {
  fallback: [],
  expects: 'namespaces separated by commas, for example bookinfo,shop-web',
  parse: (text) => {
    const names = [...new Set(text.split(','))].filter((name) => name !== '')
    return names.every(isDnsLabel) ? names.sort() : undefined
  },
  write: (value) => [...value].sort().join(','),
}

const secondsOf = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/**
 * Seconds of a duration in Prometheus's notation (`90s`, `5m`, `1h30m`); `undefined` where it is none or not positive.
 * https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations
 */
export function parseDuration(text: string): number | undefined {
  const parts = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text)
  if (parts === null || text === '') return undefined
  const [, weeks = '0', days = '0', hours = '0', minutes = '0', seconds = '0'] = parts
  const total =
    Number(weeks) * secondsOf.w +
    Number(days) * secondsOf.d +
    Number(hours) * secondsOf.h +
    Number(minutes) * secondsOf.m +
    Number(seconds)
  return total > 0 && Number.isSafeInteger(total) ? total : undefined
}

/** The shortest notation of whole seconds with one unit: 300 is `5m`, 90 is `90s`. */
export function writeDuration(seconds: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (seconds % secondsOf[unit] === 0) return `${seconds / secondsOf[unit]}${unit}`
  }
  return `${seconds}s`
}

/** Unix seconds of an RFC 3339 instant or of unix seconds; `undefined` where it is neither. */
export function parseInstant(text: string): number | undefined {
  if (/^\d{1,11}(\.\d+)?$/.test(text)) return Math.floor(Number(text))
  // A `+` in a query string is a space by the time it is read.
  const rfc3339 = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+ -]\d\d:\d\d)$/i
  if (!rfc3339.test(text)) return undefined
  const atMs = Date.parse(text.replace(/ (\d\d:\d\d)$/, '+$1').replace(' ', 'T'))
  return Number.isNaN(atMs) ? undefined : Math.floor(atMs / 1000)
}

const instantWord: Word<number | undefined> = {
  fallback: undefined,
  expects: 'an instant such as 2026-01-31T14:00:00Z, or unix seconds',
  parse: parseInstant,
  write: (value) => (value === undefined ? undefined : new Date(value * 1000).toISOString().replace('.000Z', 'Z')),
}

const longestWindow = 30 * secondsOf.d

/** Seconds of the window that ends now. What was chosen stays in the URL: each page has its own default. */
const windowWord: Word<number | undefined> = {
  fallback: undefined,
  expects: 'a duration such as 5m or 1h, at most 30d',
  parse: (text) => {
    const seconds = parseDuration(text)
    return seconds === undefined || seconds > longestWindow ? undefined : seconds
  },
  write: (value) => (value === undefined ? undefined : writeDuration(value)),
}

/** Seconds between two refreshes; `off` leaves it to the button. */
export type Refresh = number | 'off'

const refreshWord: Word<Refresh | undefined> = {
  fallback: undefined,
  expects: 'off, or a duration from 5s to 15m',
  parse: (text) => {
    if (text === 'off' || text === 'manual') return 'off'
    const seconds = parseDuration(text)
    return seconds !== undefined && seconds >= 5 && seconds <= 900 ? seconds : undefined
  },
  write: (value) => (typeof value === 'number' ? writeDuration(value) : value),
}

const clusterWord: Word<string | undefined> = {
  fallback: undefined,
  expects: 'the name of a cluster',
  parse: (text) => (isDnsLabel(text) ? text : undefined),
  write: (value) => value,
}

/** The words every page shares (contracts: "Scope and window"). */
export const sharedWords = {
  cluster: clusterWord,
  namespaces: namespacesWord,
  project: textWord(),
  window: windowWord,
  from: instantWord,
  to: instantWord,
  refresh: refreshWord,
  /** Whose wall clock instants are shown on: the viewer's, or everybody's. */
  zone: choiceWord<Zone>(['local', 'utc'], 'local'),
} as const

/** The span the page speaks of: ending now, or between two instants (unix seconds). */
export type Span =
  | { readonly kind: 'last'; readonly seconds: number }
  | { readonly kind: 'between'; readonly from: number; readonly to: number }

/**
 * The span that the shared words ask for. `from` and `to` go before `window`; only one of the two, or the wrong way round,
 * is malformed and falls to the window.
 */
export function spanOf(
  state: Pick<StateOf<typeof sharedWords>, 'window' | 'from' | 'to'>,
  defaultWindow: number,
): { readonly span: Span; readonly malformed: readonly Malformed[] } {
  const { from, to } = state
  const last: Span = { kind: 'last', seconds: state.window ?? defaultWindow }
  if (from === undefined && to === undefined) return { span: last, malformed: [] }
  if (from === undefined || to === undefined) {
    const [word, value] = from === undefined ? ['to', to] : ['from', from]
    return {
      span: last,
      malformed: [{ word, text: instantWord.write(value) ?? '', expects: 'given with both from and to' }],
    }
  }
  if (from >= to) {
    return {
      span: last,
      malformed: [{ word: 'from', text: instantWord.write(from) ?? '', expects: 'earlier than to' }],
    }
  }
  return { span: { kind: 'between', from, to }, malformed: [] }
}
