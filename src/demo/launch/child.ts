import { rm } from 'node:fs/promises'
import { z } from 'zod'
import { startCluster } from '../cluster/server.ts'
import { PrometheusServer } from '../prometheus/server.ts'
import { type Simulator, startSimulator } from '../simulator/simulator.ts'
import { connect, type Handlers } from './calls.ts'

export const childKinds = ['simulator', 'cluster', 'prometheus'] as const
export type ChildKind = (typeof childKinds)[number]

/** What a child is made of: the answers to the launcher's questions, and what to do before it ends. */
interface Role {
  readonly handlers: Handlers
  readonly end: () => Promise<void>
}

const span = { seconds: z.number(), step: z.number() }
const historyShape = z.object({ ...span, recent: z.object(span) })

type Ask = (action: string, payload?: unknown) => Promise<unknown>

/**
 * Lives as one of the demo's children until the launcher goes, however it goes: the channel to it closes even when it is
 * killed. Signals are the launcher's business; a terminal sends Ctrl-C to every process at once.
 */
export async function runChild(kind: ChildKind): Promise<number> {
  if (process.send === undefined) throw new Error('This command is started by "meshboard demo", not by people.')
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => undefined)
  // Whoever read our output may be gone before us.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
  const gone = new Promise((resolve) => process.once('disconnect', resolve))
  const { handlers, end } = roles[kind]((action, payload) => ask(action, payload))
  const ask = connect(process, handlers)
  await gone
  await end().catch(() => undefined)
  process.exit()
}

const roles: Readonly<Record<ChildKind, (ask: Ask) => Role>> = {
  simulator: (ask) => {
    let simulator: Simulator | undefined
    return {
      handlers: {
        start: async (payload) => {
          const { seed, epoch, isControlled } = z
            .object({ seed: z.number(), epoch: z.number(), isControlled: z.boolean() })
            .parse(payload)
          const control = async (action: 'stop' | 'start') => {
            await ask('prometheus', action)
          }
          simulator = await startSimulator({ seed, epoch, ...(isControlled && { control }) })
          return { url: simulator.url }
        },
        history: async (payload) => {
          const { prometheus, history } = z.object({ prometheus: z.string(), history: historyShape }).parse(payload)
          if (simulator === undefined) throw new Error('The simulator has not been started.')
          return { samples: await simulator.writeHistory(prometheus, history) }
        },
      },
      end: () => Promise.resolve(),
    }
  },

  cluster: () => ({
    handlers: {
      start: async (payload) => {
        const { seed } = z.object({ seed: z.number() }).parse(payload)
        return { url: (await startCluster({ seed })).url }
      },
    },
    end: () => Promise.resolve(),
  }),

  prometheus: () => {
    let server: PrometheusServer | undefined
    let folder: string | undefined
    return {
      handlers: {
        start: async (payload) => {
          const options = z.object({ binary: z.string(), simulator: z.string(), folder: z.string() }).parse(payload)
          folder = options.folder
          server = await PrometheusServer.start({ ...options, onCrash: failWith })
          return { url: server.url, pid: server.pid }
        },
        stop: async () => {
          await server?.stop()
          return {}
        },
        restart: async () => {
          await server?.start()
          return { pid: server?.pid }
        },
      },
      end: async () => {
        await server?.kill()
        if (folder !== undefined) await rm(folder, { recursive: true, force: true })
      },
    }
  },
}

/** The launcher reads a child's last words from its error output. */
function failWith(reason: string): void {
  process.stderr.write(`${reason}\n`)
  process.exitCode = 1
  process.disconnect()
}
