import { sharedWords, readWords, type StateOf } from '../url.ts'
import type { ToMeshboard } from './protocol.ts'

/**
 * What a `scope` or `window` message changes in the URL's shared words. It is read as the URL is: a word that cannot be read changes
 * nothing. `search` is the URL's query now.
 */
export function choiceOf(
  message: Extract<ToMeshboard, { readonly type: 'scope' | 'window' }>,
  search: string,
): Partial<StateOf<typeof sharedWords>> {
  if (message.type === 'scope') {
    const { cluster, namespaces, project } = message
    const { state, malformed } = read({ cluster, project, namespaces: namespaces?.join(',') })
    if (malformed.length > 0) return {}
    const now = readWords(sharedWords, search).state
    return {
      // Another cluster has other namespaces: the scope does not come along.
      ...(cluster === undefined || cluster === now.cluster ? {} : { cluster, namespaces: [], project: undefined }),
      ...(namespaces === undefined ? {} : { namespaces: state.namespaces, project: undefined }),
      ...(project === undefined ? {} : { project: state.project, namespaces: [] }),
    }
  }
  const { window, from, to } = message
  const { state, malformed } = read({ window, from, to })
  if (malformed.length > 0) return {}
  if (from !== undefined && to !== undefined) return { from: state.from, to: state.to }
  return window === undefined ? {} : { window: state.window, from: undefined, to: undefined }
}

function read(texts: Readonly<Record<string, string | undefined>>) {
  const params = new URLSearchParams()
  for (const [word, text] of Object.entries(texts)) if (text !== undefined) params.set(word, text)
  return readWords(sharedWords, params.toString())
}
