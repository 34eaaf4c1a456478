import { createContext, useContext, useState, useSyncExternalStore, type ReactNode } from 'react'

/** The one instant that all charts of a page point at, and the chart the pointer is in. */
export interface Pointed {
  /** Unix seconds, one of the charts' steps. */
  readonly at: number
  readonly chart: string
}

export interface Crosshair {
  readonly subscribe: (listener: () => void) => () => void
  readonly pointed: () => Pointed | undefined
  readonly point: (pointed: Pointed | undefined) => void
}

function createCrosshair(): Crosshair {
  const listeners = new Set<() => void>()
  let current: Pointed | undefined
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    pointed: () => current,
    point: (next) => {
      if (next?.at === current?.at && next?.chart === current?.chart) return
      current = next
      for (const listener of listeners) listener()
    },
  }
}

const CrosshairContext = createContext<Crosshair | undefined>(undefined)

/** Joins the charts below it: what one points at, all show. */
export function CrosshairProvider({ children }: { readonly children: ReactNode }) {
  const [crosshair] = useState(createCrosshair)
  return <CrosshairContext value={crosshair}>{children}</CrosshairContext>
}

/** Throws outside a `CrosshairProvider`. */
export function useCrosshair(): Crosshair {
  const crosshair = useContext(CrosshairContext)
  if (crosshair === undefined) throw new Error('A chart needs a CrosshairProvider above it')
  return crosshair
}

/** Where the charts point now; redraws only who asks, so that a moving pointer does not redraw the lines. */
export function usePointed(): Pointed | undefined {
  const crosshair = useCrosshair()
  return useSyncExternalStore(crosshair.subscribe, crosshair.pointed)
}
