import { useEffect, useState, useSyncExternalStore } from 'react'

import type { Refresh } from './url.ts'

/**
 * The one clock of the page: the instant (unix seconds) all panels ask for. It moves at multiples of the refresh step, stands still
 * in a hidden tab and when refresh is off, and moves at once when it is asked to.
 */
export interface Clock {
  readonly subscribe: (listener: () => void) => () => void
  /** Unix seconds. */
  readonly instant: () => number
  /** Moves on to the current second, whatever the step. */
  readonly refreshNow: () => void
  readonly setRefresh: (refresh: Refresh) => void
}

/** Unix seconds of `nowMs` rounded down to a multiple of the step, so that everybody who looks asks for the same instant. */
export function instantAt(nowMs: number, stepSeconds: number): number {
  return Math.floor(nowMs / 1000 / stepSeconds) * stepSeconds
}

interface Surroundings {
  readonly now: () => number
  readonly isHidden: () => boolean
  readonly onVisibilityChange: (listener: () => void) => () => void
}

const browser: Surroundings = {
  now: () => Date.now(),
  isHidden: () => document.hidden,
  onVisibilityChange: (listener) => {
    document.addEventListener('visibilitychange', listener)
    return () => document.removeEventListener('visibilitychange', listener)
  },
}

/** A clock that runs while somebody is subscribed. It never goes backwards, also not when the step changes. */
export function createClock(refresh: Refresh, { now, isHidden, onVisibilityChange } = browser): Clock {
  let step = refresh
  let instant = instantAt(now(), step === 'off' ? 1 : step)
  let timer: ReturnType<typeof setTimeout> | undefined
  let ignoreVisibility: (() => void) | undefined
  const listeners = new Set<() => void>()

  const moveTo = (next: number) => {
    if (next <= instant) return
    instant = next
    for (const listener of listeners) listener()
  }
  const schedule = () => {
    clearTimeout(timer)
    timer = undefined
    if (step === 'off' || isHidden() || listeners.size === 0) return
    const boundaryMs = (instantAt(now(), step) + step) * 1000
    timer = setTimeout(tick, boundaryMs - now())
  }
  const tick = () => {
    if (step !== 'off' && !isHidden()) moveTo(instantAt(now(), step))
    schedule()
  }

  return {
    subscribe: (listener) => {
      listeners.add(listener)
      if (listeners.size === 1) {
        ignoreVisibility = onVisibilityChange(tick)
        schedule()
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        ignoreVisibility?.()
        schedule()
      }
    },
    instant: () => instant,
    refreshNow: () => moveTo(instantAt(now(), 1)),
    setRefresh: (next) => {
      if (next === step) return
      step = next
      tick()
    },
  }
}

/** The clock at the given refresh, and the instant it stands at; redraws when the instant moves. */
export function useClock(refresh: Refresh): { readonly instant: number; readonly refreshNow: () => void } {
  const [clock] = useState(() => createClock(refresh))
  useEffect(() => clock.setRefresh(refresh), [clock, refresh])
  const instant = useSyncExternalStore(clock.subscribe, clock.instant)
  return { instant, refreshNow: clock.refreshNow }
}
