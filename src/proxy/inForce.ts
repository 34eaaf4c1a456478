import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createApp } from './surface.ts'
import { type BrowserDoor, createBrowserDoor } from './browserDoor.ts'
import { type Config, readConfig } from './config.ts'
import { ConfigError } from './configErrors.ts'
import { createCookieMemory, createCookies } from './cookies.ts'
import { createFiles } from './files.ts'
import type { Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import type { ConfigurationState, Readiness } from './readiness.ts'
import type { StaticFiles } from './static.ts'
import { type Environment, createTransport } from './transport.ts'

/** The app under the configuration in force. */
export interface InForce {
  readonly answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void
  /** Puts what `read` gives in force where it has changed and can be used; never rejects. */
  readonly reread: (read: () => Promise<unknown>) => Promise<void>
  readonly browserDoor: BrowserDoor
  readonly ready: () => Promise<Readiness>
  /** Those of the configuration in force: the listener's own are among them. */
  readonly limits: () => Config['limits']
  readonly close: () => Promise<void>
}

/** What only a restart changes. */
const fixed = ['host', 'port', 'tls', 'staticDir'] as const

/**
 * One app after another, as the configuration changes: sessions, metrics and running requests survive the change.
 * Rejects with `ConfigError` where the first cannot be used.
 */
export async function createInForce(
  first: Config,
  around: {
    readonly log: Log
    readonly page: StaticFiles | undefined
    readonly environment: Environment
    readonly onBrowser?: (() => void) | undefined
  },
): Promise<InForce> {
  const { log, page, environment } = around
  const metrics = createMetrics()
  const memory = createCookieMemory()
  const browserDoor = createBrowserDoor(first.port, around.onBrowser)
  const now = (): number => Date.now() / 1000
  let configuration: ConfigurationState = { current: true }

  const open = async (config: Config) => {
    const read = createFiles()
    const { limits, caFile } = config
    const cookies = createCookies({ memory, keys: await cookieKeys(config), lifeSeconds: limits.sessionSeconds, now })
    const transport = createTransport({ caFile, environment, read })
    const key = (await cookieKeys(config))[0] ?? memory.ownKey
    const nameInLog = (user: string): string =>
      config.logUsers === 'plain' ? user : createHmac('sha256', key).update(user).digest('base64url').slice(0, 12)
    const parts = {
      nameInLog,
      config,
      log,
      metrics,
      page,
      cookies,
      browserDoor,
      now,
      transport,
      read,
      environment,
    }
    const { app, ready } = createApp({ ...parts, configuration: () => configuration })
    const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
    return {
      config,
      listener,
      ready,
      written: JSON.stringify([config, await cookieKeys(config)]),
      transport,
    }
  }

  let current = await open(first)
  const broken = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error)
    if (!configuration.current && configuration.message === message) return
    configuration = { current: false, message, since: new Date().toISOString() }
    metrics.configurationRead(false)
    log.error({ reason: message }, 'the new configuration cannot be used: the old one stays in force')
  }

  return {
    browserDoor,
    ready: () => current.ready(),
    limits: () => current.config.limits,
    answer: (incoming, outgoing) => {
      const { config, listener } = current
      if (withoutBase(incoming, outgoing, config.basePath)) void listener(incoming, outgoing)
    },
    reread: async (read) => {
      try {
        const config = readConfig(await read())
        const next = JSON.stringify([config, await cookieKeys(config)])
        const wasBroken = !configuration.current
        configuration = { current: true }
        if (wasBroken) metrics.configurationRead(true)
        if (next === current.written) return
        const needsRestart = fixed.filter((key) => JSON.stringify(config[key]) !== JSON.stringify(current.config[key]))
        const old = current
        current = await open({ ...config, ...Object.fromEntries(fixed.map((key) => [key, old.config[key]])) })
        current = { ...current, written: next }
        log.level = config.logLevel
        metrics.configurationRead(true)
        log.info(
          { clusters: config.clusters.map(({ name }) => name), needsRestart },
          'the new configuration is in force',
        )
        // Its running requests end first.
        void old.transport.close()
      } catch (error) {
        broken(error)
      }
    },
    close: () => current.transport.destroy(),
  }
}

async function cookieKeys({ auth: { cookieKeys: given, cookieKeyFile } }: Config): Promise<readonly string[]> {
  if (cookieKeyFile === undefined) return given
  const text = await readFile(cookieKeyFile, 'utf8').catch((cause: unknown) => {
    throw new ConfigError(`auth.cookieKeyFile: cannot be read; got "${cookieKeyFile}"`, { cause })
  })
  const keys = text.split(/\s+/).filter((line) => line !== '')
  if (keys.length === 0 || !keys.every((key) => /^[\w+/-]{43}=?$/.test(key))) {
    throw new ConfigError('auth.cookieKeyFile: takes lines of base64 of 32 bytes each (openssl rand -base64 32)')
  }
  return keys
}

/** Takes the configured prefix off a request's path; answers, and says false, where only its slash is missing. */
function withoutBase(incoming: IncomingMessage, outgoing: ServerResponse, basePath: string): boolean {
  const { url = '/' } = incoming
  if (url.startsWith(basePath)) {
    incoming.url = url.slice(basePath.length - 1)
    return true
  }
  const bare = basePath.slice(0, -1)
  if (bare === '' || (url !== bare && !url.startsWith(`${bare}?`))) return true
  outgoing.writeHead(308, { location: `${bare.slice(bare.lastIndexOf('/') + 1)}/${url.slice(bare.length)}` })
  outgoing.end()
  return false
}
