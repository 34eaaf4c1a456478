/** A place in a text that moves forward over what it recognises. White space before it is skipped, except where said. */
export interface Reader {
  /** Where the next word starts, or the text's length. */
  readonly at: () => number
  /** Where the last thing ended, white space not skipped. */
  readonly here: () => number
  readonly isDone: () => boolean
  /** Whether the text ends here or within the word that starts here: what is being typed. */
  readonly isLastWord: () => boolean
  /** What a sticky pattern matches at the next word; `undefined`, without moving, where it does not. */
  readonly match: (pattern: RegExp) => string | undefined
  /** The same right here, white space not skipped. */
  readonly atOnce: (pattern: RegExp) => string | undefined
  /** Moves over a whole word in any case; false, without moving, where another stands there. */
  readonly word: (word: string) => boolean
  /** Moves over a sign; false, without moving, where another stands there. */
  readonly sign: (sign: string) => boolean
  readonly isAhead: (pattern: RegExp) => boolean
  /** Whether something that compares stands next. */
  readonly isSignAhead: () => boolean
  /** The next word or sign, without moving; empty at the end. */
  readonly glimpse: () => string
  readonly rest: () => string
  /** The character before a place; empty at the text's start. */
  readonly before: (place: number) => string
  /** Remembers the place; what it returns goes back there. */
  readonly save: () => () => void
}

/** A reader at the start of a text. */
export function createReader(text: string): Reader {
  let place = 0

  const found = (pattern: RegExp, from: number): string | undefined => {
    pattern.lastIndex = from
    const [match] = pattern.exec(text) ?? []
    return match === '' ? undefined : match
  }
  const at = () => {
    const white = found(/\s+/y, place)
    return place + (white?.length ?? 0)
  }
  const match = (pattern: RegExp) => {
    const from = at()
    const matched = found(pattern, from)
    if (matched !== undefined) place = from + matched.length
    return matched
  }
  const glimpse = () => found(/[\p{L}\p{N}_%:./-]+|[=!<>*^$&|]+|[^]/uy, at()) ?? ''
  return {
    at,
    here: () => place,
    isDone: () => at() === text.length,
    isLastWord: () => {
      const from = at()
      const word = found(/[^\s()=!<>*^$&|"']+|["'][^]*/y, from) ?? ''
      return from + word.length === text.length
    },
    match,
    atOnce: (pattern) => {
      const matched = found(pattern, place)
      if (matched !== undefined) place += matched.length
      return matched
    },
    word: (word) => {
      const from = at()
      const matched = found(/[\p{L}\p{N}_]+/uy, from)
      if (matched?.toLowerCase() !== word) return false
      place = from + matched.length
      return true
    },
    sign: (sign) => {
      const from = at()
      if (!text.startsWith(sign, from)) return false
      place = from + sign.length
      return true
    },
    isAhead: (pattern) => found(pattern, at()) !== undefined,
    isSignAhead: () => found(/[=<>*^$]|![=*^$]/y, at()) !== undefined,
    glimpse,
    rest: () => text.slice(at()),
    before: (from) => text.slice(Math.max(from - 1, 0), from),
    save: () => {
      const saved = place
      return () => {
        place = saved
      }
    },
  }
}
