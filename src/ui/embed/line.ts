import { isCovered, namedOrigins } from './origins.ts'
import { readToMeshboard, wired, type FromMeshboard, type ToMeshboard } from './protocol.ts'

/** The line to the console that has us in a frame. */
export interface Line {
  /** Says something to the console, or to nobody where it is not one that may frame us. */
  readonly say: (message: FromMeshboard) => void
  readonly close: () => void
}

interface LineParts {
  readonly self: Window
  /** `frame-ancestors` as configured: who may frame us may also speak to us. */
  readonly sources: readonly string[]
  readonly onMessage: (message: ToMeshboard) => void
}

/**
 * Listens to the window above us. A message counts only when that very window sent it and its origin is covered by `sources`; what
 * is said goes to the origin the console is known to have, and before it is known only to the origins that `sources` names in full.
 */
export function openLine({ self, sources, onMessage }: LineParts): Line {
  const own = self.location.origin
  const console = self.parent
  let known = originAbove(self, sources)

  const hear = (event: MessageEvent): void => {
    if (event.source !== console || !isCovered(event.origin, sources, own)) return
    known = event.origin
    const message = readToMeshboard(event.data)
    if (message !== undefined) onMessage(message)
  }
  self.addEventListener('message', hear)
  return {
    say: (message) => {
      const origins = known === undefined ? namedOrigins(sources, own) : [known]
      for (const origin of origins) console.postMessage(wired(message), origin)
    },
    close: () => self.removeEventListener('message', hear),
  }
}

/** The console's origin as the browser tells it, where it is one of ours to speak to. Firefox before 141 tells none. */
function originAbove({ location, document }: Window, sources: readonly string[]): string | undefined {
  const ancestors = location.ancestorOrigins as DOMStringList | undefined
  const referrer = URL.canParse(document.referrer) ? new URL(document.referrer).origin : undefined
  const origin = ancestors?.item(0) ?? referrer
  return origin !== undefined && isCovered(origin, sources, location.origin) ? origin : undefined
}
