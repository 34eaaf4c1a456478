import { LineCounter, type Node, isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml'
import { z } from 'zod'
import { firstPages } from '../clients/session/wire.ts'
import { type MeshSettings, type ToolSetting, peersLevels } from '../clients/settings/meshWire.ts'
import { type ToolConfig, tool } from './clusterConfig.ts'
import { ConfigError, readWith } from './configErrors.ts'
import { healthRules } from './healthPolicy.ts'

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** Whole seconds of `15m`, one unit as the pickers write it; or one of some words. */
function duration<Word extends string = never>(
  { least, most, words }: { readonly least: number; readonly most: number; readonly words: string },
  also: readonly Word[] = [],
) {
  return z.string().transform((text, context): number | Word => {
    const word = also.find((each) => each === text)
    if (word !== undefined) return word
    const [, count = '', unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? []
    const seconds = Number(count) * (unitSeconds[unit] ?? Number.NaN)
    if (seconds >= least && seconds <= most) return seconds
    context.addIssue({ code: 'custom', message: `takes ${words}`, input: text })
    return z.NEVER
  })
}

const defaults = z.strictObject({
  window: duration({ least: 60, most: 30 * 86_400, words: 'a duration from 1m to 30d, such as 15m' }).optional(),
  // YAML 1.1 reads a bare `off` as false, and so do people who write it by hand.
  refresh: z
    .preprocess(
      (value) => (value === false ? 'off' : value),
      duration({ least: 5, most: 900, words: 'off, or a duration from 5s to 15m' }, ['off']),
    )
    .optional(),
  theme: z.enum(['light', 'dark', 'auto']).optional(),
  page: z.enum(firstPages).optional(),
})

const document = z.strictObject({
  tools: z
    .strictObject({
      kiali: tool.optional(),
      jaeger: tool.optional(),
      grafana: tool.optional(),
      prometheus: tool.optional(),
    })
    .optional(),
  peers: z.enum(peersLevels).optional(),
  health: healthRules.optional(),
  defaults: defaults.optional(),
})

/** What a cluster has whose owners have saved nothing. */
export const noSettings: MeshSettings = { tools: {}, health: [], defaults: {} }

/** The settings of a text, or what is wrong with it: a sentence each, with its key, its line, what it takes and what it got. */
export type ReadSettings = { readonly settings: MeshSettings } | { readonly complaints: readonly string[] }

/** The settings that a YAML text says; an empty one says none. Never throws. */
export function readSettings(text: string): ReadSettings {
  return read(text, (value) => value)
}

/** The settings that a change says, whose health rules are a YAML text of their own: its lines are those of that text. */
export function readChangedSettings(change: {
  readonly tools: unknown
  readonly peers?: unknown
  readonly defaults: unknown
  readonly health: string
}): ReadSettings {
  const { health, ...rest } = change
  return read(health, (rules) => ({ ...rest, ...(rules === null ? {} : { health: rules }) }), ['health'])
}

/** The text that `readSettings` reads as the same. */
export function settingsText({ tools, peers, health, defaults: shown }: MeshSettings): string {
  const { window, refresh, theme, page } = shown
  const written = {
    ...(Object.keys(tools).length === 0 ? {} : { tools }),
    ...(peers === undefined ? {} : { peers }),
    ...(health.length === 0 ? {} : { health: health.map(writtenRule) }),
    ...(Object.keys(shown).length === 0
      ? {}
      : {
          defaults: {
            ...(window === undefined ? {} : { window: durationText(window) }),
            ...(refresh === undefined ? {} : { refresh: refresh === 'off' ? refresh : durationText(refresh) }),
            ...(theme === undefined ? {} : { theme }),
            ...(page === undefined ? {} : { page }),
          },
        }),
  }
  const body = Object.keys(written).length === 0 ? '' : stringify(written, { lineWidth: 0 })
  return `# Written by Meshboard's Settings page; its README says what may stand here.\n${body}`
}

/** The rules as an editor shows them; empty where there are none. */
export function rulesText(health: MeshSettings['health']): string {
  return health.length === 0 ? '' : stringify(health.map(writtenRule), { lineWidth: 0, flowCollectionPadding: true })
}

/** A rule as it is written: both directions have a word there. */
function writtenRule(rule: MeshSettings['health'][number]): object {
  return 'direction' in rule ? rule : { ...rule, direction: 'both' }
}

function durationText(seconds: number): string {
  const unit = (['d', 'h', 'm'] as const).find((each) => seconds % (unitSeconds[each] ?? 1) === 0) ?? 's'
  return `${seconds / (unitSeconds[unit] ?? 1)}${unit}`
}

function read(text: string, whole: (value: unknown) => unknown, under: readonly string[] = []): ReadSettings {
  const lines = new LineCounter()
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (parsed.errors.length > 0) {
    const complaints = parsed.errors.map(({ message, pos: [start] }) => {
      return `${[...under, `line ${lines.linePos(start).line}`].join(', ')}: is not YAML: ${message}`
    })
    return { complaints }
  }
  try {
    const origins = new Map<string, string>()
    noteLines(parsed.contents, under, lines, origins)
    const value = whole(parsed.toJS() as unknown) ?? {}
    const { tools = {}, peers, health = [], defaults: shown = {} } = readWith(document, value, origins)
    return {
      settings: {
        tools: placesOf(tools),
        ...(peers === undefined ? {} : { peers }),
        health,
        defaults: withoutUndefined(shown),
      },
    }
  } catch (error) {
    if (error instanceof ConfigError) return { complaints: error.message.split('\n') }
    // An alias that grows without end.
    return { complaints: [error instanceof Error ? error.message : String(error)] }
  }
}

/** Key → `line 3`, for everything that stands in a text. */
function noteLines(node: unknown, path: readonly string[], lines: LineCounter, into: Map<string, string>): void {
  const note = (at: readonly string[], start: Node['range']): void => {
    if (start) into.set(at.join('.'), `line ${lines.linePos(start[0]).line}`)
  }
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue
      const at = [...path, String(key.value)]
      note(at, key.range)
      noteLines(value, at, lines, into)
    }
  }
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const at = [...path, String(index)]
      if (isMap(item) || isSeq(item) || isScalar(item)) note(at, item.range)
      noteLines(item, at, lines, into)
    }
  }
}

function placesOf(tools: Readonly<Record<string, ToolConfig | undefined>>): MeshSettings['tools'] {
  return Object.fromEntries(
    Object.entries(tools).flatMap(([name, place]) => (place === undefined ? [] : [[name, placeOf(place)]])),
  )
}

function placeOf({ url, service }: ToolConfig): ToolSetting {
  if (service === undefined) return { url: url ?? '' }
  const { scheme, path, ...at } = service
  return { service: { ...at, ...(scheme === 'http' ? {} : { scheme }), ...(path === '/' ? {} : { path }) } }
}

/** zod says `undefined` where nothing was said; here it is absent. */
function withoutUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>
  }
}
