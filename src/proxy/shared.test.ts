import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Shared } from './shared.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const shared = (mostSize = 100) => new Shared<string>({ seconds: 20, mostSize, sizeOf: ({ length }) => length })
const never = (): Promise<string> => new Promise(() => undefined)

describe('an answer', () => {
  test('is worked out once for all who wait, and serves whoever comes while it is kept', async () => {
    const answers = shared()
    const work = vi.fn(() => Promise.resolve('x'))
    expect(await Promise.all([answers.get('a', work, undefined), answers.get('a', work, undefined)])).toEqual([
      'x',
      'x',
    ])
    await vi.advanceTimersByTimeAsync(19_999)
    await answers.get('a', work, undefined)
    expect(work).toHaveBeenCalledTimes(1)
    await answers.get('b', work, undefined)
    expect(work).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(1)
    await answers.get('a', work, undefined)
    expect(work).toHaveBeenCalledTimes(3)
  })

  test('that failed is told to all who waited, and kept for nobody', async () => {
    const answers = shared()
    const work = vi.fn(() => Promise.reject(new Error('no')))
    const both = [answers.get('a', work, undefined), answers.get('a', work, undefined)]
    for (const one of both) await expect(one).rejects.toThrow('no')
    expect(await answers.get('a', () => Promise.resolve('yes'), undefined)).toBe('yes')
  })

  test('makes room: the oldest go first, the newest stays', async () => {
    const answers = shared(100)
    const text = (letter: string, size: number) => () => Promise.resolve(letter.repeat(size))
    for (const key of ['a', 'b', 'c']) await answers.get(key, text(key, 40), undefined)
    const again = vi.fn(() => Promise.resolve('again'))
    expect((await answers.get('c', again, undefined)).length).toBe(40)
    expect((await answers.get('b', again, undefined)).length).toBe(40)
    expect(await answers.get('a', again, undefined)).toBe('again')
    expect(again).toHaveBeenCalledTimes(1)
    // One that is too large for all of them together serves those who wait and nobody after.
    expect((await answers.get('d', text('d', 101), undefined)).length).toBe(101)
    expect(await answers.get('d', again, undefined)).toBe('again')
  })
})

test('whoever leaves alone gets no answer; when the last one leaves the work ends and is begun anew', async () => {
  const answers = shared()
  const [one, other] = [new AbortController(), new AbortController()]
  let ended = 0
  const work = vi.fn((signal: AbortSignal) => {
    signal.addEventListener('abort', () => (ended += 1))
    return never()
  })
  const first = answers.get('a', work, one.signal)
  const second = answers.get('a', work, other.signal)
  one.abort(new Error('left'))
  await expect(first).rejects.toThrow('left')
  expect(ended).toBe(0)
  other.abort(new Error('left too'))
  await expect(second).rejects.toThrow('left too')
  expect(ended).toBe(1)
  expect(await answers.get('a', () => Promise.resolve('x'), undefined)).toBe('x')
})
