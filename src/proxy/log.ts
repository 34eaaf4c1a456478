import { AsyncLocalStorage } from 'node:async_hooks'
import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from './config.ts'

export type Log = Logger

/** The id of the request being answered, for every line that is logged meanwhile. */
export const requestIds = new AsyncLocalStorage<string>()

/** Where credentials stand in anything that is ever handed to the log. */
const secret = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-meshboard-token"]',
  '["proxy-authorization"]',
  '["x-scope-orgid"]',
  'token',
  'password',
]

/**
 * The proxy's log: one JSON line each, to `destination` or standard output. Credentials are cut out wherever a header bag or a
 * configuration is logged; request paths are logged without their query, answers and request bodies never.
 */
export function createLog({ logLevel }: Pick<Config, 'logLevel'>, destination?: DestinationStream): Log {
  const under = ['', 'headers.', 'request.headers.', 'prometheus.headers.', 'kubernetes.', '*.headers.']
  const paths = under.flatMap((prefix) =>
    secret.map((key) => (key.startsWith('[') && prefix.endsWith('.') ? prefix.slice(0, -1) + key : prefix + key)),
  )
  const mixin = (): object => {
    const request = requestIds.getStore()
    return request === undefined ? {} : { request }
  }
  const options = { level: logLevel, base: null, mixin, redact: { paths, censor: '[not logged]' } }
  return destination === undefined ? pino(options) : pino(options, destination)
}
