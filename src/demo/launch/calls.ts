/** Either end of Node's channel between a parent and a forked child. */
export interface Channel {
  send?(message: unknown): boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'disconnect', listener: () => void): unknown
}

export type Handlers = Readonly<Record<string, (payload: unknown) => Promise<unknown>>>

interface Call {
  readonly call: number
  readonly action: string
  readonly payload?: unknown
}

interface Reply {
  readonly reply: number
  readonly value?: unknown
  readonly error?: string
}

/**
 * Questions and answers over a channel, both ways: answers the other side's by `handlers` and returns the function that asks.
 * Asking rejects with the other side's error, or when the channel closes before the answer.
 */
export function connect(channel: Channel, handlers: Handlers): (action: string, payload?: unknown) => Promise<unknown> {
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let last = 0

  async function answer({ call, action, payload }: Call): Promise<void> {
    let reply: Reply
    try {
      const handler = Object.hasOwn(handlers, action) ? handlers[action] : undefined
      if (handler === undefined) throw new Error(`Nobody here can ${action}.`)
      reply = { reply: call, value: await handler(payload) }
    } catch (error) {
      reply = { reply: call, error: error instanceof Error ? error.message : String(error) }
    }
    channel.send?.(reply)
  }

  channel.on('message', (message) => {
    if (isCall(message)) void answer(message)
    if (!isReply(message)) return
    const waiting = open.get(message.reply)
    open.delete(message.reply)
    if (message.error === undefined) waiting?.resolve(message.value)
    else waiting?.reject(new Error(message.error))
  })
  channel.on('disconnect', () => {
    for (const { reject } of open.values()) reject(new Error('The other process has gone.'))
    open.clear()
  })

  return (action, payload) =>
    new Promise((resolve, reject) => {
      last += 1
      open.set(last, { resolve, reject })
      const call: Call = { call: last, action, payload }
      channel.send?.(call)
    })
}

const isCall = (message: unknown): message is Call =>
  typeof message === 'object' && message !== null && 'call' in message && 'action' in message

const isReply = (message: unknown): message is Reply =>
  typeof message === 'object' && message !== null && 'reply' in message
