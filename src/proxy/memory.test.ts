import { expect, test, vi } from 'vitest'
import { Memory, atMost, fairly } from './memory.ts'

function memory(most = 10) {
  const clock = { now: 1000 }
  return { clock, memory: new Memory<string>({ seconds: 30, most, now: () => clock.now }) }
}

test('asks once for many who want it, and again when it has grown old', async () => {
  const { clock, memory: known } = memory()
  const ask = vi.fn(() => Promise.resolve(`at ${clock.now}`))
  expect(await Promise.all([known.get('a', ask), known.get('a', ask)])).toEqual(['at 1000', 'at 1000'])
  clock.now = 1029
  expect(await known.get('a', ask)).toBe('at 1000')
  clock.now = 1030
  expect(await known.get('a', ask)).toBe('at 1030')
  expect(ask).toHaveBeenCalledTimes(2)
})

test('a failure is told to all who waited and not remembered', async () => {
  const { memory: known } = memory()
  await expect(known.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await known.get('a', () => Promise.resolve('yes'))).toBe('yes')
})

test('what one asks for is nobody else’s answer, and the oldest goes when there are too many', async () => {
  const { memory: known } = memory(2)
  for (const key of ['a', 'b', 'c']) await known.get(key, () => Promise.resolve(key))
  const again = vi.fn(() => Promise.resolve('again'))
  expect(await known.get('b', again)).toBe('b')
  expect(await known.get('c', again)).toBe('c')
  expect(await known.get('a', again)).toBe('again')
})

test('no more run at once than may, and all run in the end', async () => {
  const limited = atMost(3)
  let running = 0
  let most = 0
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      limited(async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 1))
        running -= 1
        if (index === 4) throw new Error('one fails')
        return index
      }).catch(() => -1),
    ),
  )
  expect(most).toBe(3)
  expect(results).toEqual(Array.from({ length: 20 }, (_, index) => (index === 4 ? -1 : index)))
})

test('of each key no more than it may, so that one’s thousand do not stand before the next one’s first', async () => {
  const inTurn = fairly(4)
  const order: string[] = []
  const most = { all: 0, greedy: 0 }
  const running = { all: 0, greedy: 0 }
  const one = (key: 'greedy' | 'modest', index: number) =>
    inTurn(key, 3, async () => {
      running.all += 1
      if (key === 'greedy') running.greedy += 1
      most.all = Math.max(most.all, running.all)
      most.greedy = Math.max(most.greedy, running.greedy)
      await new Promise((resolve) => setTimeout(resolve, 1))
      running.all -= 1
      if (key === 'greedy') running.greedy -= 1
      order.push(`${key} ${index}`)
    })
  await Promise.all([...Array.from({ length: 200 }, (_, index) => one('greedy', index)), one('modest', 0)])
  expect(most).toEqual({ all: 4, greedy: 3 })
  expect(order).toHaveLength(201)
  expect(order.indexOf('modest 0')).toBeLessThan(8)
})
