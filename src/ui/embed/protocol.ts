/**
 * What Meshboard in a frame and the console around it say to each other by `postMessage`, version 1. Both sides check the origin of
 * every message; this file says what a message may look like. https://html.spec.whatwg.org/multipage/web-messaging.html
 */
export const protocolVersion = 1

/** What the console says. Instants are RFC 3339 or unix seconds, durations are Prometheus's (`15m`), as in Meshboard's own URL. */
export type ToMeshboard =
  /** A Kubernetes token: kept in memory, sent as `X-Meshboard-Token`; again whenever it is renewed. `null` takes it back. */
  | { readonly type: 'token'; readonly token: string | null }
  | { readonly type: 'theme'; readonly theme: 'light' | 'dark' | 'auto' }
  /** Namespaces, or a Rancher project's id; an empty list is all that the viewer may see. */
  | {
      readonly type: 'scope'
      readonly cluster?: string
      readonly namespaces?: readonly string[]
      readonly project?: string
    }
  /** A window that ends now, or one between two instants. */
  | { readonly type: 'window'; readonly window?: string; readonly from?: string; readonly to?: string }
  /** A page of Meshboard: a path below its root, and the words of its query. */
  | { readonly type: 'navigate'; readonly path: string; readonly search?: string }

/** What Meshboard says. */
export type FromMeshboard =
  /** Listening: what was to be said before this was not heard. */
  | { readonly type: 'ready' }
  /** The page that is open now; `path` and `search` are what `navigate` takes. */
  | { readonly type: 'navigated'; readonly path: string; readonly search: string }
  /** What the viewer selected, so that the console can open its own page on it; `null`: nothing any more. */
  | { readonly type: 'selected'; readonly selected: Selected | null }
  /** CSS pixels that the page takes without scrolling. */
  | { readonly type: 'height'; readonly height: number }
  /** No token yet, or one that the cluster takes no longer. */
  | { readonly type: 'needs-token'; readonly reason: string }

/** `kind` in Kubernetes's and Istio's words: `workload`, `app`, `service`, `namespace`. */
export interface Selected {
  readonly cluster: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** As it goes over the wire: the version tells our messages from everybody else's. */
export type Wire<M> = M & { readonly meshboard: typeof protocolVersion }

export function wired<M extends ToMeshboard | FromMeshboard>(message: M): Wire<M> {
  return { ...message, meshboard: protocolVersion }
}

const tokenPattern = /^[\x21-\x7e]{1,16384}$/

/** A message for Meshboard, or `undefined` for whatever else a window may be sent: other versions, other kinds, wrong shapes. */
export function readToMeshboard(data: unknown): ToMeshboard | undefined {
  if (!isOurs(data)) return undefined
  switch (data['type']) {
    case 'token': {
      const { token } = data
      return token === null || (typeof token === 'string' && tokenPattern.test(token))
        ? { type: 'token', token }
        : undefined
    }
    case 'theme': {
      const { theme } = data
      return theme === 'light' || theme === 'dark' || theme === 'auto' ? { type: 'theme', theme } : undefined
    }
    case 'scope':
      return readScope(data)
    case 'window': {
      const { window, from, to } = data
      if (![window, from, to].every(isTextOrAbsent)) return undefined
      return { type: 'window', ...texts({ window, from, to }) }
    }
    case 'navigate': {
      const { path, search } = data
      // One slash, not two: `//host` would be somewhere else.
      if (typeof path !== 'string' || !/^\/(?![/\\])/.test(path) || !isTextOrAbsent(search)) return undefined
      return { type: 'navigate', path, ...texts({ search }) }
    }
    default:
      return undefined
  }
}

/** A message from Meshboard, or `undefined`, as `readToMeshboard`. */
export function readFromMeshboard(data: unknown): FromMeshboard | undefined {
  if (!isOurs(data)) return undefined
  const { type, path, search, height, reason, selected } = data
  switch (type) {
    case 'ready':
      return { type }
    case 'navigated':
      return typeof path === 'string' && typeof search === 'string' ? { type, path, search } : undefined
    case 'selected':
      return selected === null || isSelected(selected) ? { type, selected } : undefined
    case 'height':
      return typeof height === 'number' && Number.isFinite(height) ? { type, height } : undefined
    case 'needs-token':
      return typeof reason === 'string' ? { type, reason } : undefined
    default:
      return undefined
  }
}

function readScope({ cluster, namespaces, project }: Fields): ToMeshboard | undefined {
  if (!isTextOrAbsent(cluster) || !isTextOrAbsent(project)) return undefined
  if (namespaces === undefined) return { type: 'scope', ...texts({ cluster, project }) }
  if (project !== undefined || !Array.isArray(namespaces)) return undefined
  const names = namespaces.filter((name) => typeof name === 'string')
  return names.length === namespaces.length ? { type: 'scope', ...texts({ cluster }), namespaces: names } : undefined
}

type Fields = Readonly<Record<string, unknown>>

function isOurs(data: unknown): data is Fields {
  return typeof data === 'object' && data !== null && 'meshboard' in data && data.meshboard === protocolVersion
}

function isSelected(value: unknown): value is Selected {
  if (typeof value !== 'object' || value === null) return false
  return ['cluster', 'kind', 'namespace', 'name'].every((field) => typeof (value as Fields)[field] === 'string')
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

/** The fields that are there; the caller has seen that they are texts. */
function texts<K extends string>(fields: Readonly<Record<K, unknown>>): Partial<Record<K, string>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string')) as Partial<
    Record<K, string>
  >
}
