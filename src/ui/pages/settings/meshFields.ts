import type {
  MeshSettings,
  MeshSettingsAnswer,
  MeshSettingsChange,
  ToolSetting,
} from '../../../clients/settings/meshWire.ts'
import { toolNames, type ToolName } from '../../../mesh/tools.ts'
import { writeDuration } from '../../url.ts'

/** Every setting as a text of the form; empty where the owners say nothing. */
export type MeshFields = Readonly<Record<MeshField, string>>
export type MeshField = ToolName | 'peers' | 'window' | 'refresh' | 'theme' | 'page' | 'health'

export const meshFields: readonly MeshField[] = [...toolNames, 'peers', 'window', 'refresh', 'theme', 'page', 'health']

/** What is changed and not saved yet, with what stood there when the change began. */
export interface Draft {
  readonly base: MeshFields
  readonly changed: Partial<MeshFields>
}

/** The fields of what is saved. */
export function fieldsOf({ settings, healthText }: Pick<MeshSettingsAnswer, 'settings' | 'healthText'>): MeshFields {
  const { tools, peers = '', defaults } = settings
  const { window, refresh, theme = '', page = '' } = defaults
  return {
    kiali: placeText(tools.kiali),
    jaeger: placeText(tools.jaeger),
    grafana: placeText(tools.grafana),
    prometheus: placeText(tools.prometheus),
    peers,
    window: window === undefined ? '' : writeDuration(window),
    refresh: refresh === undefined ? '' : refresh === 'off' ? refresh : writeDuration(refresh),
    theme,
    page,
    health: healthText,
  }
}

/** What is saved, of the fields as they are shown: a whole document on top of the version that was read. */
export function changeOf(fields: MeshFields, version: string): MeshSettingsChange {
  const { peers, window, refresh, theme, page, health } = fields
  const tools = toolNames.flatMap((name) => (fields[name].trim() === '' ? [] : [[name, placeIn(fields[name].trim())]]))
  return {
    tools: Object.fromEntries(tools) as MeshSettings['tools'],
    ...(peers === '' ? {} : { peers }),
    defaults: {
      ...(window === '' ? {} : { window }),
      ...(refresh === '' ? {} : { refresh }),
      ...(theme === '' ? {} : { theme }),
      ...(page === '' ? {} : { page }),
    },
    health,
    version,
  }
}

/** The draft after one field took another text; `undefined` once nothing differs from what is saved. */
export function changedDraft(
  draft: Draft | undefined,
  current: MeshFields,
  field: MeshField,
  text: string,
): Draft | undefined {
  const base = draft?.base ?? current
  const { [field]: _, ...others } = draft?.changed ?? {}
  const changed = text === current[field] && current[field] === base[field] ? others : { ...others, [field]: text }
  return Object.keys(changed).length === 0 ? undefined : { base, changed }
}

/** A field that two owners changed to different texts. */
export interface Clash {
  readonly field: MeshField
  readonly theirs: string
  readonly mine: string
}

/** Where somebody else saved something different in the very fields that are changed here. */
export function clashesOf({ base, changed }: Draft, current: MeshFields): readonly Clash[] {
  return meshFields.flatMap((field) => {
    const mine = changed[field]
    const theirs = current[field]
    return mine === undefined || theirs === base[field] || theirs === mine ? [] : [{ field, theirs, mine }]
  })
}

/** The fields that somebody else changed since the draft began, whether they are changed here or not. */
export function movedIn({ base }: Draft, current: MeshFields): readonly MeshField[] {
  return meshFields.filter((field) => base[field] !== current[field])
}

/** The server's complaints by the field that they are about; those of none under `undefined`. */
export function complaintsByField(message: string): ReadonlyMap<MeshField | undefined, readonly string[]> {
  const found = new Map<MeshField | undefined, readonly string[]>()
  for (const line of message.split('\n').filter((each) => each !== '')) {
    const [, first = '', second = ''] = /^(\w+)(?:\.(\w+))?/.exec(line) ?? []
    const name = first === 'tools' || first === 'defaults' ? second : first
    const field = meshFields.find((each) => each === name)
    found.set(field, [...(found.get(field) ?? []), line])
  }
  return found
}

/** `https://kiali.example.org`, or `istio-system/kiali:20001` for a Service. */
export function placeText(place: ToolSetting | undefined): string {
  if (place === undefined) return ''
  if ('url' in place) return place.url
  const { namespace, name, port, scheme = 'http', path = '/' } = place.service
  return `${namespace}/${scheme === 'https' ? 'https:' : ''}${name}:${port}${path === '/' ? '' : path}`
}

/** What cannot be a Service is an address: the server says what is wrong with it. */
function placeIn(text: string): ToolSetting {
  const match = /^([a-z0-9-]+)\/(?:(https?):)?([a-z0-9-]+):([a-z0-9-]+)(\/.*)?$/.exec(text)
  if (match === null) return { url: text }
  const [, namespace = '', scheme, name = '', port = '', path] = match
  return {
    service: {
      namespace,
      name,
      port: /^\d+$/.test(port) ? Number(port) : port,
      ...(scheme === 'https' ? { scheme } : {}),
      ...(path === undefined ? {} : { path }),
    },
  }
}
