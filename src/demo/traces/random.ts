/** Numbers in [0, 1) that depend on the words alone, one after another: FNV-1a into mulberry32. */
export function randomOf(words: string): () => number {
  let state = hash32(words)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** So many hexadecimal digits that depend on the words alone. */
export function hexOf(words: string, digits: number): string {
  const next = randomOf(words)
  let text = ''
  while (text.length < digits)
    text += Math.floor(next() * 0x10000)
      .toString(16)
      .padStart(4, '0')
  return text.slice(0, digits)
}

function hash32(words: string): number {
  let state = 2_166_136_261
  for (let index = 0; index < words.length; index++) state = Math.imul(state ^ words.charCodeAt(index), 16_777_619)
  return state
}
