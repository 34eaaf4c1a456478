import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { createClock, instantAt } from './clock.ts'

test.each([
  [1_000_014_999, 15, 1_000_005],
  [1_000_020_000, 15, 1_000_020],
  [999, 1, 0],
])('%s ms at a step of %s s is the instant %s', (nowMs, step, instant) => {
  expect(instantAt(nowMs, step)).toBe(instant)
})

describe('the clock', () => {
  let isHidden = false
  const visibility = new EventTarget()
  const surroundings = {
    now: () => Date.now(),
    isHidden: () => isHidden,
    onVisibilityChange: (listener: () => void) => {
      visibility.addEventListener('change', listener)
      return () => visibility.removeEventListener('change', listener)
    },
  }
  const hide = (hidden: boolean) => {
    isHidden = hidden
    visibility.dispatchEvent(new Event('change'))
  }

  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_007_300 })
    isHidden = false
  })
  afterEach(() => void vi.useRealTimers())

  test('moves at multiples of the step, and tells its listeners each time', () => {
    const clock = createClock(15, surroundings)
    const seen: number[] = []
    clock.subscribe(() => seen.push(clock.instant()))
    expect(clock.instant()).toBe(1_000_005)
    vi.advanceTimersByTime(12_699)
    expect(seen).toEqual([])
    vi.advanceTimersByTime(1)
    expect(seen).toEqual([1_000_020])
    vi.advanceTimersByTime(30_000)
    expect(seen).toEqual([1_000_020, 1_000_035, 1_000_050])
  })

  test('stands still in a hidden tab and catches up at once when it is seen again', () => {
    const clock = createClock(15, surroundings)
    const seen: number[] = []
    clock.subscribe(() => seen.push(clock.instant()))
    hide(true)
    vi.advanceTimersByTime(100_000)
    expect(seen).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
    hide(false)
    expect(seen).toEqual([1_000_095])
    vi.advanceTimersByTime(15_000)
    expect(seen).toEqual([1_000_095, 1_000_110])
  })

  test('off means that only the button moves it, to the very second', () => {
    const clock = createClock('off', surroundings)
    clock.subscribe(() => {})
    expect(clock.instant()).toBe(1_000_007)
    vi.advanceTimersByTime(60_000)
    expect(clock.instant()).toBe(1_000_007)
    clock.refreshNow()
    expect(clock.instant()).toBe(1_000_067)
  })

  test('the button works between two steps, and the next step comes when it is due', () => {
    const clock = createClock(15, surroundings)
    clock.subscribe(() => {})
    vi.advanceTimersByTime(3000)
    clock.refreshNow()
    expect(clock.instant()).toBe(1_000_010)
    vi.advanceTimersByTime(9700)
    expect(clock.instant()).toBe(1_000_020)
  })

  test('never goes backwards when the step becomes longer', () => {
    const clock = createClock(5, surroundings)
    clock.subscribe(() => {})
    expect(clock.instant()).toBe(1_000_005)
    clock.setRefresh(300)
    expect(clock.instant()).toBe(1_000_005)
    vi.advanceTimersByTime(300_000)
    expect(clock.instant()).toBe(1_000_200)
  })

  test('stops when nobody listens and leaves no timer behind', () => {
    const clock = createClock(15, surroundings)
    const first = clock.subscribe(() => {})
    const second = clock.subscribe(() => {})
    first()
    expect(vi.getTimerCount()).toBe(1)
    second()
    expect(vi.getTimerCount()).toBe(0)
  })
})
