import { isObject } from '../clients/json.ts'
import type { MeshSettings, PeersLevel, SettingsProblem } from '../clients/settings/meshWire.ts'
import type { HealthPolicy } from '../mesh/policy.ts'
import type { ClusterConfig, ToolsConfig } from './clusterConfig.ts'
import type { Config } from './config.ts'
import { RefusalError } from './errors.ts'
import type { Log } from './log.ts'
import { noSettings, readSettings } from './settingsDocument.ts'
import type { Upstream } from './upstream.ts'

/** The ConfigMap's name, and the key that its text stands under. */
export const settingsName = 'meshboard-settings'
export const settingsKey = 'settings.yaml'

/** What holds in a cluster at this moment: what its owners saved, over the configuration file. */
export interface SettingsInForce {
  readonly settings: MeshSettings
  readonly tools: ToolsConfig
  readonly peers: PeersLevel
  readonly health: HealthPolicy
  /** Why what is saved is not what holds. */
  readonly problem?: SettingsProblem
  /** A sentence: why settings cannot be followed here at all. */
  readonly unfollowed?: string
}

export interface FollowedSettings {
  /** Never older than half a minute while the API server answers; never rejects. */
  readonly inForce: () => Promise<SettingsInForce>
  /** Reads them again before the next answer. */
  readonly forget: () => void
  /** Where the ConfigMap is. Rejects with `RefusalError` where that cannot be told. */
  readonly namespace: () => Promise<string>
}

/** So many times `limits.settingsSeconds` old, they are read again before they are used; younger ones meanwhile. */
const tooOld = 2.5
/** Seconds. */
const patience = 5

/**
 * The settings of one cluster, as its ConfigMap has them. One that cannot be read (or no answer at all) leaves what was in force in
 * force; a process that never read a good one takes the configuration file's, and tells members nothing of the other side of their calls
 * until it has, since that is what settings may have been saved for.
 */
export function createSettings({
  own,
  namespace,
  cluster,
  config,
  log,
  now,
}: {
  /** The API server as Meshboard itself; undefined where it has no credentials there. */
  readonly own: Upstream | undefined
  readonly namespace: () => Promise<string>
  readonly cluster: ClusterConfig
  readonly config: Pick<Config, 'peers' | 'health'> & { readonly limits: Pick<Config['limits'], 'settingsSeconds'> }
  readonly log: Pick<Log, 'info' | 'warn'>
  /** Unix seconds. */
  readonly now: () => number
}): FollowedSettings {
  const holding = (settings: MeshSettings, more: Partial<SettingsInForce> = {}): SettingsInForce => ({
    settings,
    tools: { ...cluster.tools, ...toolsOf(settings) },
    peers: settings.peers ?? config.peers,
    health: [...settings.health, ...cluster.health, ...config.health],
    ...more,
  })
  const nothing = holding(noSettings)
  if (own === undefined) {
    const unfollowed = {
      ...nothing,
      unfollowed:
        'Meshboard has no account of its own in this cluster, so it follows no settings: its configuration file alone decides.',
    }
    return { inForce: () => Promise.resolve(unfollowed), forget: () => undefined, namespace }
  }

  let good: MeshSettings | undefined
  let known: { readonly at: number; readonly value: SettingsInForce } | undefined
  let reading: Promise<SettingsInForce> | undefined
  /** Counts what was forgotten: a reading that began before must not stand for what was saved since. */
  let generation = 0
  let said = ''

  const say = (words: string): void => {
    if (words === said) return
    said = words
    if (words === '') log.info({ cluster: cluster.name }, 'the settings can be read again')
    else
      log.warn({ cluster: cluster.name, reason: words }, 'the saved settings are not in force: the last good ones stay')
  }
  const keep = (problem: SettingsProblem): SettingsInForce => {
    say(problem.complaints.join('; '))
    return good === undefined ? { ...nothing, peers: 'hide', problem } : holding(good, { problem })
  }
  const look = async (): Promise<SettingsInForce> => {
    try {
      const at = await namespace()
      const path = `api/v1/namespaces/${at}/configmaps/${settingsName}`
      const { status, json } = await own({ path, timeoutSeconds: patience })
      if ((status === 403 || status === 401) && good === undefined) {
        const unfollowed = `Meshboard's own account may not read the ConfigMap ${settingsName} in ${at}, so it follows no settings: it takes the permission to get it.`
        return { ...nothing, unfollowed }
      }
      if (status === 404) {
        good = noSettings
        say('')
        return nothing
      }
      if (status !== 200)
        return keep({ complaints: [`The cluster would not show them (HTTP status ${status})`], text: '' })
      const text = textIn(json)
      const found = readSettings(text)
      if ('complaints' in found) return keep({ complaints: found.complaints, text })
      good = found.settings
      say('')
      return holding(good)
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      return keep({ complaints: [error.refusal.message], text: '' })
    }
  }
  const readAgain = (): Promise<SettingsInForce> => {
    if (reading !== undefined) return reading
    const begun = generation
    const next = look()
      .then((value) => {
        if (begun === generation) known = { at: now(), value }
        return value
      })
      .finally(() => {
        if (reading === next) reading = undefined
      })
    return (reading = next)
  }

  return {
    namespace,
    forget: () => {
      known = undefined
      reading = undefined
      generation += 1
    },
    inForce: () => {
      if (known === undefined) return readAgain()
      const age = now() - known.at
      const { settingsSeconds } = config.limits
      if (age > tooOld * settingsSeconds) return readAgain()
      if (age > settingsSeconds) readAgain().catch(() => undefined)
      return Promise.resolve(known.value)
    },
  }
}

/** The text in a ConfigMap; empty where it holds none. */
export function textIn(configMap: unknown): string {
  const data = isObject(configMap) && isObject(configMap['data']) ? configMap['data'] : {}
  const text = data[settingsKey]
  return typeof text === 'string' ? text : ''
}

function toolsOf({ tools }: MeshSettings): Partial<ToolsConfig> {
  return Object.fromEntries(
    Object.entries(tools).map(([name, place]) => [
      name,
      'service' in place ? { service: { scheme: 'http', path: '/', ...place.service } } : place,
    ]),
  )
}
