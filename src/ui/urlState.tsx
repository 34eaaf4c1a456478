import { createContext, useCallback, useContext, useLayoutEffect, useMemo, useState, type ReactNode } from 'react'
import { useLocation, useNavigate } from 'react-router'

import { readWords, writeWords, type StateOf, type UrlState, type Words } from './url.ts'

/** The newest query string, also when two changes come before React drew the first: neither undoes the other. */
interface Latest {
  readonly read: () => string
  /** A query string that was navigated to. */
  readonly write: (search: string) => void
  /** The query string that is drawn now. */
  readonly drawn: (search: string) => void
}

/** The newest query string, with what is under way in mind: a navigation may come on after a newer one was asked for. */
export function latestSearch(search: string): Latest {
  let latest = search
  let underWay: readonly string[] = []
  return {
    read: () => latest,
    write: (next) => {
      latest = next
      underWay = [...underWay, next]
    },
    drawn: (now) => {
      // One of ours that comes on while newer ones are under way is not the newest; anything else is.
      underWay = underWay.slice(underWay.includes(now) ? underWay.indexOf(now) + 1 : underWay.length)
      latest = underWay.at(-1) ?? now
    },
  }
}

const LatestSearch = createContext<Latest | undefined>(undefined)

/** Stands once inside the router, around everything that uses `useUrlState`. */
export function UrlProvider({ children }: { readonly children: ReactNode }) {
  const { search } = useLocation()
  const [latest] = useState(() => latestSearch(search))
  useLayoutEffect(() => {
    latest.drawn(search)
  }, [latest, search])
  return <LatestSearch value={latest}>{children}</LatestSearch>
}

export interface UrlStateHandle<W extends Words> extends UrlState<W> {
  /** Writes a choice: a new step in the history, so that Back undoes it. */
  readonly choose: (patch: Partial<StateOf<W>>) => void
  /** Writes what only adjusts (camera, hover, typing): the current step in the history is replaced. */
  readonly adjust: (patch: Partial<StateOf<W>>) => void
}

/**
 * The page's state as the URL has it. `words` must keep its identity between renders (a module's constant).
 * For a text field keep the text in `useState` and `adjust` as it changes: the URL follows a little later.
 */
export function useUrlState<W extends Words>(words: W): UrlStateHandle<W> {
  const latest = useContext(LatestSearch)
  if (latest === undefined) throw new Error('useUrlState needs a UrlProvider above it')
  const { search } = useLocation()
  const navigate = useNavigate()
  const url = useMemo(() => readWords(words, search), [words, search])

  const write = useCallback(
    (patch: Partial<StateOf<W>>, replace: boolean) => {
      const before = latest.read()
      const after = writeWords(words, before, patch)
      if (after === before.replace(/^\?/, '')) return
      const next = after === '' ? '' : `?${after}`
      latest.write(next)
      void navigate({ search: next }, { replace })
    },
    [latest, navigate, words],
  )
  const choose = useCallback((patch: Partial<StateOf<W>>) => write(patch, false), [write])
  const adjust = useCallback((patch: Partial<StateOf<W>>) => write(patch, true), [write])
  return { ...url, choose, adjust }
}
