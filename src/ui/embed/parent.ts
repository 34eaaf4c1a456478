/**
 * `meshboard/embed`: for the page of a console that shows Meshboard in an iframe. No dependencies; the browser's own modules.
 *
 *     import { embedMeshboard } from 'meshboard/embed'
 *
 *     const mesh = embedMeshboard(iframe, {
 *       url: 'https://meshboard.example.org/',
 *       path: '/traffic-graph',
 *       namespaces: ['shop-web'],
 *       token: () => console.freshToken(),
 *       onSelected: (selected) => ...,
 *     })
 *     mesh.setTheme('dark')
 */
import { readFromMeshboard, wired, type FromMeshboard, type Selected, type ToMeshboard } from './protocol.ts'

export type { Selected } from './protocol.ts'

export type Theme = 'light' | 'dark' | 'auto'

export interface EmbedOptions {
  /** Where Meshboard is: its root, with whatever prefix it is served under. Absolute, or relative to the console's page. */
  readonly url: string
  /** The page to open, below that root; the landing page unless told. */
  readonly path?: string
  readonly cluster?: string
  /** What to show: namespaces, or a Rancher project's id; all that the viewer may see unless told. */
  readonly namespaces?: readonly string[]
  readonly project?: string
  /** A duration such as `15m`. */
  readonly window?: string
  readonly theme?: Theme
  /** What the console shows itself: `scope`, `window`, `refresh`, `find`, `tools`, `open`. */
  readonly hide?: readonly ('scope' | 'window' | 'refresh' | 'find' | 'tools' | 'open')[]
  /** A Kubernetes token of the viewer; asked for at the start and whenever Meshboard says that it needs one. */
  readonly token?: () => string | Promise<string>
  readonly onReady?: () => void
  readonly onNavigated?: (place: { readonly path: string; readonly search: string }) => void
  readonly onSelected?: (selected: Selected | null) => void
  /** CSS pixels that the page takes without scrolling. */
  readonly onHeight?: (height: number) => void
  /** `token` failed, or there is none to ask; `reason` is Meshboard's or the failure's. */
  readonly onTokenMissing?: (reason: string) => void
}

export interface EmbeddedMeshboard {
  readonly setTheme: (theme: Theme) => void
  readonly setScope: (scope: {
    readonly cluster?: string
    readonly namespaces?: readonly string[]
    readonly project?: string
  }) => void
  readonly setWindow: (window: string | { readonly from: string; readonly to: string }) => void
  readonly navigate: (path: string, search?: string) => void
  /** A renewed token, before Meshboard asks. */
  readonly setToken: (token: string) => void
  /** Stops listening; the iframe stays. */
  readonly close: () => void
}

/**
 * Opens Meshboard in `frame` and keeps the line to it. Throws `TypeError` where `url` is none. Messages are taken only from the frame's
 * own window and from Meshboard's origin, and sent to that origin alone; what is said before Meshboard is ready is said when it is.
 */
export function embedMeshboard(frame: HTMLIFrameElement, options: EmbedOptions): EmbeddedMeshboard {
  const address = addressOf(options)
  const { origin } = address
  let isReady = false
  let later: ToMeshboard[] = []

  const say = (message: ToMeshboard): void => {
    if (!isReady) later.push(message)
    else frame.contentWindow?.postMessage(wired(message), origin)
  }
  const renew = async (reason: string): Promise<void> => {
    if (options.token === undefined) {
      options.onTokenMissing?.(reason)
      return
    }
    try {
      say({ type: 'token', token: await options.token() })
    } catch (error) {
      options.onTokenMissing?.(error instanceof Error ? error.message : String(error))
    }
  }
  const handle = (message: FromMeshboard): void => {
    switch (message.type) {
      case 'ready': {
        isReady = true
        const waiting = later
        later = []
        for (const each of waiting) say(each)
        options.onReady?.()
        break
      }
      case 'navigated':
        options.onNavigated?.({ path: message.path, search: message.search })
        break
      case 'selected':
        options.onSelected?.(message.selected)
        break
      case 'height':
        options.onHeight?.(message.height)
        break
      case 'needs-token':
        void renew(message.reason)
        break
    }
  }
  const hear = (event: MessageEvent): void => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return
    const message = readFromMeshboard(event.data)
    if (message !== undefined) handle(message)
  }

  window.addEventListener('message', hear)
  frame.src = address.href
  return {
    setTheme: (theme) => say({ type: 'theme', theme }),
    setScope: (scope) => say({ type: 'scope', ...scope }),
    setWindow: (span) => say({ type: 'window', ...(typeof span === 'string' ? { window: span } : span) }),
    navigate: (path, search) => say({ type: 'navigate', path, ...(search === undefined ? {} : { search }) }),
    setToken: (token) => say({ type: 'token', token }),
    close: () => window.removeEventListener('message', hear),
  }
}

function addressOf({
  url,
  path = '/',
  cluster,
  namespaces,
  project,
  window: span,
  theme,
  hide,
  token,
}: EmbedOptions): URL {
  const root = new URL(url, window.location.href)
  const address = new URL(path.replace(/^\/+/, ''), root.href.endsWith('/') ? root.href : `${root.href}/`)
  const words = {
    embed: '1',
    'embed-hide': hide?.join(','),
    'embed-token': token === undefined ? undefined : '1',
    cluster,
    namespaces: namespaces?.join(','),
    project,
    window: span,
    theme: theme === 'auto' ? undefined : theme,
  }
  for (const [word, text] of Object.entries(words)) {
    if (text !== undefined && text !== '') address.searchParams.set(word, text)
  }
  return address
}
