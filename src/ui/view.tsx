import { createContext, useCallback, useContext, useMemo, type ReactNode } from 'react'

import type { Session, SessionCluster } from '../clients/session/wire.ts'
import type { Window } from '../mesh/scope.ts'
import { useClock } from './clock.ts'
import { sharedWords, spanOf, type Malformed, type Refresh, type Span } from './url.ts'
import { useUrlState } from './urlState.tsx'
import type { Zone } from './zone.ts'

/** What a page shows when neither its URL nor the cluster's owners say. */
export interface PageDefaults {
  /** Seconds. */
  readonly window: number
  /** Seconds. */
  readonly refresh: number
}

/** What the page is about, as header and URL have it: every question of the page is asked with these. */
export interface View {
  readonly session: Session
  readonly cluster: SessionCluster
  /** Whether this viewer can act on the cluster: reads what to do where others read whom to ask. */
  readonly isOwner: boolean
  /** Empty means all the viewer may see; never filled together with `project`. */
  readonly namespaces: readonly string[]
  readonly project: string | undefined
  readonly span: Span
  /** The span as a question takes it: its length in seconds, and the instant (unix seconds) it ends at. */
  readonly window: Window
  readonly refresh: Refresh
  /** Whose wall clock the page's instants are shown on. */
  readonly zone: Zone
  /** Whether the instant moves by itself: not for a span in the past, and not with refresh off. */
  readonly isLive: boolean
  readonly refreshNow: () => void
  /** Words of the URL that could not be read. */
  readonly malformed: readonly Malformed[]
  /** The cluster that the URL names and the session does not have. */
  readonly unknownCluster: string | undefined
}

export interface ViewChoice {
  readonly cluster?: string
  readonly scope?: { readonly namespaces: readonly string[] } | { readonly project: string }
  readonly span?: Span
  readonly refresh?: Refresh
  readonly zone?: Zone
}

const ViewContext = createContext<View | undefined>(undefined)

interface Props {
  readonly session: Session
  readonly cluster: SessionCluster
  readonly defaults: PageDefaults
  readonly children: ReactNode
}

/** Joins URL, clock and session to the one `View` below it. `cluster` is the one shown when the URL names none that exists. */
export function ViewProvider({ session, cluster: fallback, defaults, children }: Props) {
  const { state, malformed } = useUrlState(sharedWords)
  const { cluster: named, namespaces, project, window, from, to, zone } = state
  const known = session.clusters.find(({ name }) => name === named)
  const { defaults: owners } = known ?? fallback
  const refresh = state.refresh ?? owners?.refresh ?? defaults.refresh
  const defaultWindow = owners?.window ?? defaults.window
  const { instant, refreshNow } = useClock(from === undefined ? refresh : 'off')

  const view = useMemo((): View => {
    const { span, malformed: badSpan } = spanOf({ window, from, to }, defaultWindow)
    return {
      session,
      cluster: known ?? fallback,
      isOwner: isOwnerOf(known ?? fallback),
      namespaces: project === undefined ? namespaces : [],
      project,
      span,
      window:
        span.kind === 'last' ? { seconds: span.seconds, at: instant } : { seconds: span.to - span.from, at: span.to },
      refresh,
      zone,
      isLive: span.kind === 'last' && refresh !== 'off',
      refreshNow,
      malformed: [...malformed, ...badSpan],
      unknownCluster: known === undefined ? named : undefined,
    }
  }, [
    session,
    known,
    fallback,
    defaultWindow,
    named,
    namespaces,
    project,
    window,
    from,
    to,
    instant,
    refresh,
    zone,
    refreshNow,
    malformed,
  ])

  return <ViewContext value={view}>{children}</ViewContext>
}

/** Without login everybody sees what the server's own credentials see: who runs it, reads it. */
function isOwnerOf({ namespaces, capabilities }: SessionCluster): boolean {
  return namespaces === undefined || capabilities.settings.allowed
}

/** Whether the viewer sees every namespace; without login everybody sees what the server's own credentials see. */
export function seesEverything({ namespaces }: Pick<SessionCluster, 'namespaces'>): boolean {
  return namespaces === null || namespaces === undefined
}

/** What the page is about. Throws outside a `ViewProvider`. */
export function useView(): View {
  const view = useContext(ViewContext)
  if (view === undefined) throw new Error('useView needs a ViewProvider above it')
  return view
}

/** Writes what the header's pickers choose, each as one step in the history. */
export function useChooseView(): (choice: ViewChoice) => void {
  const { choose } = useUrlState(sharedWords)
  return useCallback(
    ({ cluster, scope, span, refresh, zone }: ViewChoice) =>
      choose({
        // Another cluster has other namespaces: the scope does not come along.
        ...(cluster === undefined ? {} : { cluster, namespaces: [], project: undefined }),
        ...(scope === undefined ? {} : { namespaces: [], project: undefined, ...scope }),
        ...(span === undefined
          ? {}
          : span.kind === 'last'
            ? { window: span.seconds, from: undefined, to: undefined }
            : { from: span.from, to: span.to }),
        ...(refresh === undefined ? {} : { refresh }),
        ...(zone === undefined ? {} : { zone }),
      }),
    [choose],
  )
}
