/** The parts of the slim bar, and the page's find field: what `embed-hide` names. */
export const embedParts = ['scope', 'window', 'refresh', 'find', 'tools', 'open'] as const
export type EmbedPart = (typeof embedParts)[number]

/** How the console that opened us in a frame wants us, as the first URL says. */
export interface EmbedWish {
  /** `embed=1`: no header, no navigation. */
  readonly isEmbedded: boolean
  /** `embed-hide=scope,window`: what the console shows itself. */
  readonly hidden: ReadonlySet<EmbedPart>
  /** `embed-token=1`: nothing is asked before the console has sent a token. */
  readonly waitsForToken: boolean
  /** `theme=dark`: the console's own, also without `embed`; the browser does not remember it. */
  readonly theme: 'light' | 'dark' | undefined
}

/** Unknown words are left alone, as everywhere in the URL. */
export function readWish(search: string): EmbedWish {
  const params = new URLSearchParams(search)
  const isEmbedded = isOn(params.get('embed'))
  const hide = (params.get('embed-hide') ?? '').split(',')
  const theme = params.get('theme')
  return {
    isEmbedded,
    hidden: new Set(isEmbedded ? embedParts.filter((part) => hide.includes(part)) : []),
    waitsForToken: isEmbedded && isOn(params.get('embed-token')),
    theme: theme === 'light' || theme === 'dark' ? theme : undefined,
  }
}

/** The query without what only says how to embed: what `navigated` tells, and what a link to the whole page takes along. */
export function withoutWish(search: string): string {
  const params = new URLSearchParams(search)
  for (const word of ['embed', 'embed-hide', 'embed-token', 'theme']) params.delete(word)
  return readable(params)
}

/** The query with what says how to embed, which going from page to page loses: with it a reload of the frame is embedded as before. */
export function withWish(search: string, { isEmbedded, hidden, waitsForToken, theme }: EmbedWish): string {
  const params = new URLSearchParams(withoutWish(search))
  if (isEmbedded) params.set('embed', '1')
  if (hidden.size > 0) params.set('embed-hide', [...hidden].join(','))
  if (waitsForToken) params.set('embed-token', '1')
  if (theme !== undefined) params.set('theme', theme)
  return readable(params)
}

function readable(params: URLSearchParams): string {
  return params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')
}

function isOn(text: string | null): boolean {
  return text === '1' || text === 'true'
}
