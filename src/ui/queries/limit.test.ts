import { expect, test } from 'vitest'

import { atMost } from './limit.ts'

function gate() {
  let open: () => void = () => undefined
  const closed = new Promise<void>((resolve) => (open = resolve))
  return { closed, open }
}

test('no more than so many run at once, and the rest follow in order', async () => {
  const inTurn = atMost(2)
  const gates = [gate(), gate(), gate(), gate()]
  const started: number[] = []
  const all = gates.map(({ closed }, index) =>
    inTurn(new AbortController().signal, async () => {
      started.push(index)
      await closed
      return index * 10
    }),
  )
  await Promise.resolve()
  expect(started).toEqual([0, 1])
  gates[1]?.open()
  await all[1]
  await Promise.resolve()
  expect(started).toEqual([0, 1, 2])
  for (const { open } of gates) open()
  expect(await Promise.all(all)).toEqual([0, 10, 20, 30])
  expect(started).toEqual([0, 1, 2, 3])
})

test('what is given up while it waits never runs, and its place goes to the next', async () => {
  const inTurn = atMost(1)
  const first = gate()
  const given = new AbortController()
  const ran: string[] = []
  const one = inTurn(new AbortController().signal, async () => {
    ran.push('one')
    await first.closed
  })
  const two = inTurn(given.signal, () => {
    ran.push('two')
    return Promise.resolve()
  })
  const three = inTurn(new AbortController().signal, () => {
    ran.push('three')
    return Promise.resolve()
  })
  given.abort(new Error('the scope changed'))
  await expect(two).rejects.toThrow('the scope changed')
  first.open()
  await Promise.all([one, three])
  expect(ran).toEqual(['one', 'three'])
})

test('a failure frees its place', async () => {
  const inTurn = atMost(1)
  const { signal } = new AbortController()
  await expect(inTurn(signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  await expect(inTurn(signal, () => Promise.resolve('fine'))).resolves.toBe('fine')
})
