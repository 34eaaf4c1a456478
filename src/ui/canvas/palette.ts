import { useSyncExternalStore } from 'react'

/** The theme's tokens that the canvas needs as plain colours. */
const tokens = {
  page: '--page',
  text: '--text',
  muted: '--muted',
  border: '--border',
  input: '--input',
  box: '--nsbox',
  accent: '--accent',
  accentSoft: '--accent-soft',
  healthy: '--healthy',
  degraded: '--degraded-line',
  degradedText: '--degraded-text',
  degradedSoft: '--degraded-soft',
  degradedBadge: '--degraded-badge',
  degradedBadgeText: '--degraded-badge-text',
  failing: '--failing',
  failingText: '--failing-text',
  failingSoft: '--failing-soft',
  failingBadge: '--failing-badge',
  edge: '--edge',
  edgeText: '--edge-text',
} as const

export type Palette = Readonly<Record<keyof typeof tokens, string>>

/** The colours of the theme that is on; grey for a token that is missing. */
export function readPalette(root: Element): Palette {
  const style = getComputedStyle(root)
  const colour = (name: string) => style.getPropertyValue(name).trim() || '#808080'
  // The keys are those of `tokens`, one for one.
  return Object.fromEntries(Object.entries(tokens).map(([key, name]) => [key, colour(name)])) as Palette
}

let current: { readonly scheme: string | null; readonly palette: Palette } | undefined

/** The colours of the theme that is on; redraws when the theme changes. */
export function usePalette(): Palette {
  return useSyncExternalStore(subscribe, snapshot)
}

function snapshot(): Palette {
  const root = document.documentElement
  const scheme = root.getAttribute('data-mantine-color-scheme')
  if (current?.scheme !== scheme || current.palette.page === '#808080') {
    const palette = readPalette(root)
    if (current === undefined || JSON.stringify(palette) !== JSON.stringify(current.palette))
      current = { scheme, palette }
    else current = { scheme, palette: current.palette }
  }
  return current.palette
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme'] })
  return () => observer.disconnect()
}
