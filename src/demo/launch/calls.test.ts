import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { connect, type Handlers } from './calls.ts'

class End extends EventEmitter {
  other: End | undefined
  send(message: unknown): boolean {
    const copy: unknown = JSON.parse(JSON.stringify(message))
    queueMicrotask(() => this.other?.emit('message', copy))
    return true
  }
}

function pair(handlers: Handlers) {
  const [left, right] = [new End(), new End()]
  left.other = right
  right.other = left
  connect(right, handlers)
  return { ask: connect(left, {}), left }
}

describe('calls over a channel', () => {
  it('bring each answer to its own question, whatever the order', async () => {
    const waiting: (() => void)[] = []
    const { ask } = pair({
      late: (payload) => new Promise((resolve) => waiting.push(() => resolve(`late ${String(payload)}`))),
      soon: (payload) => Promise.resolve(`soon ${String(payload)}`),
    })
    const late = ask('late', 1)
    expect(await ask('soon', 2)).toBe('soon 2')
    waiting[0]?.()
    expect(await late).toBe('late 1')
  })

  it('bring the other side’s error', async () => {
    const { ask } = pair({ fail: () => Promise.reject(new Error('the disk is full')) })
    await expect(ask('fail')).rejects.toThrow('the disk is full')
    await expect(ask('toString')).rejects.toThrow('Nobody here can toString.')
  })

  it('fail when the other side goes', async () => {
    const { ask, left } = pair({ never: () => new Promise(() => undefined) })
    const asked = ask('never')
    left.emit('disconnect')
    await expect(asked).rejects.toThrow('The other process has gone.')
  })
})
