import { useMantineColorScheme } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react'
import { useLocation, useNavigate } from 'react-router'

import { sendAlong } from '../../clients/http.ts'
import { rancherQuery } from '../queries/rancher.ts'
import { isNobody, loginPageQuery, sessionQuery } from '../queries/session.ts'
import { sharedWords } from '../url.ts'
import { useUrlState } from '../urlState.tsx'
import { choiceOf } from './choice.ts'
import { openLine, type Line } from './line.ts'
import type { FromMeshboard, Selected, ToMeshboard } from './protocol.ts'
import { withoutWish, withWish, type EmbedPart, type EmbedWish } from './wish.ts'

/** What the rest of the app may know of the frame it stands in. */
interface Embedding {
  readonly isEmbedded: boolean
  readonly isHidden: (part: EmbedPart) => boolean
  /** The console gives the token, and has not yet. */
  readonly isWaiting: boolean
  readonly say: (message: FromMeshboard) => void
}

const alone: Embedding = { isEmbedded: false, isHidden: () => false, isWaiting: false, say: () => {} }
const EmbeddingContext = createContext<Embedding>(alone)

/** The frame we stand in; outside of one, nothing is hidden and nobody listens. */
export function useEmbedding(): Embedding {
  return useContext(EmbeddingContext)
}

/** Tells the console what is selected, once for each change; `undefined` is nothing. */
export function useSaySelected(selected: Selected | undefined): void {
  const { say, isEmbedded } = useEmbedding()
  const text = selected === undefined ? undefined : JSON.stringify(selected)
  const said = useRef<string>(undefined)
  useEffect(() => {
    if (!isEmbedded || text === said.current) return
    said.current = text
    say({ type: 'selected', selected: text === undefined ? null : (JSON.parse(text) as Selected) })
  }, [isEmbedded, say, text])
}

/** Stands inside router and cache: follows what the console says, and tells it where we are. Without a wish to embed, does nothing. */
export function EmbeddingProvider({ wish, children }: { readonly wish: EmbedWish; readonly children: ReactNode }) {
  return wish.isEmbedded ? <Embedded wish={wish}>{children}</Embedded> : children
}

function Embedded({ wish, children }: { readonly wish: EmbedWish; readonly children: ReactNode }) {
  const queryClient = useQueryClient()
  const { setColorScheme } = useMantineColorScheme()
  const { choose } = useUrlState(sharedWords)
  const navigate = useNavigate()
  const { pathname, search } = useLocation()
  const sources = useQuery({ ...loginPageQuery, enabled: isFramed() }).data?.frameAncestors
  const [hasToken, setHasToken] = useState(false)
  const [theme, setTheme] = useState(wish.theme)
  const isWaiting = wish.waitsForToken && !hasToken && isFramed()
  const line = useRef<Line>(undefined)
  // What was to be said before the line was open.
  const waiting = useRef<FromMeshboard[]>([])

  const say = useCallback((message: FromMeshboard) => {
    if (line.current !== undefined) line.current.say(message)
    else if (isFramed()) waiting.current.push(message)
  }, [])

  const takeToken = async (token: string | null) => {
    const before = queryClient.getQueryData(sessionQuery.queryKey)
    sendAlong(token === null ? {} : { 'x-meshboard-token': token })
    setHasToken(token !== null)
    if (before !== undefined && token !== null) {
      // A renewed token of the same person changes nothing on the screen; another person's answers are not shown to this one.
      await queryClient.refetchQueries({ queryKey: sessionQuery.queryKey, exact: true })
      const after = queryClient.getQueryState(sessionQuery.queryKey)
      if (after?.status === 'success' && after.data?.user.name === before.user.name) {
        await queryClient.refetchQueries({ predicate: ({ state }) => state.status === 'error' })
        return
      }
    }
    await queryClient.cancelQueries()
    const isAnothers = ({ queryHash }: { readonly queryHash: string }) => queryHash !== loginPageHash
    queryClient.removeQueries({ type: 'inactive', predicate: isAnothers })
    await queryClient.resetQueries({ predicate: isAnothers })
  }

  const onMessage = useEffectEvent((message: ToMeshboard) => {
    switch (message.type) {
      case 'token':
        void takeToken(message.token)
        break
      case 'theme':
        setColorScheme(message.theme)
        setTheme(message.theme === 'auto' ? undefined : message.theme)
        break
      case 'scope':
      case 'window':
        choose(choiceOf(message, search))
        break
      case 'navigate':
        void navigate({ pathname: message.path, search: message.search ?? '' })
        break
    }
  })

  useEffect(() => {
    if (sources === undefined || !isFramed()) return undefined
    const opened = openLine({ self: window, sources, onMessage: (message) => onMessage(message) })
    line.current = opened
    opened.say({ type: 'ready' })
    for (const message of waiting.current.splice(0)) opened.say(message)
    return () => {
      line.current = undefined
      opened.close()
    }
  }, [sources])

  useEffect(() => {
    if (isWaiting) say({ type: 'needs-token', reason: 'No token has been sent yet' })
  }, [isWaiting, say])
  useEffect(() => {
    say({ type: 'navigated', path: pathname, search: withoutWish(search) })
  }, [pathname, search, say])
  useEffect(() => {
    const { location, history } = window
    const kept = withWish(location.search, { ...wish, theme })
    history.replaceState(history.state, '', `${location.pathname}?${kept}${location.hash}`)
  }, [pathname, search, wish, theme])
  useEffect(() => askForToken(queryClient, say), [queryClient, say])
  useEffect(() => followHeight(say), [say])

  const value = useMemo(
    (): Embedding => ({ isEmbedded: true, isHidden: (part) => wish.hidden.has(part), isWaiting, say }),
    [wish, isWaiting, say],
  )
  return <EmbeddingContext value={value}>{children}</EmbeddingContext>
}

function isFramed(): boolean {
  return window.parent !== window
}

/** Says `needs-token` where an answer is 401: once until something is answered well again. */
function askForToken(
  queryClient: ReturnType<typeof useQueryClient>,
  say: (message: FromMeshboard) => void,
): () => void {
  let hasAsked = false
  return queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated') return
    if (event.action.type === 'success' && !answeredToNobody.has(event.query.queryHash)) hasAsked = false
    const error: unknown = event.action.type === 'error' ? event.action.error : undefined
    if (hasAsked || !(error instanceof Error) || !isNobody(error)) return
    hasAsked = true
    say({ type: 'needs-token', reason: error.message })
  })
}
const loginPageHash = JSON.stringify(loginPageQuery.queryKey)
/** What is answered without a token too, and says nothing of it. */
const answeredToNobody: ReadonlySet<string> = new Set([loginPageHash, JSON.stringify(rancherQuery.queryKey)])

/** Says how high the page is whenever that changes. */
function followHeight(say: (message: FromMeshboard) => void): () => void {
  let last = 0
  const measure = (): void => {
    const main = document.getElementById('main')
    if (main === null) return
    const height = Math.ceil(main.getBoundingClientRect().top + window.scrollY + main.scrollHeight)
    if (height === last) return
    last = height
    say({ type: 'height', height })
  }
  const sizes = new ResizeObserver(measure)
  sizes.observe(document.body)
  const content = new MutationObserver(measure)
  content.observe(document.body, { childList: true, subtree: true })
  return () => {
    sizes.disconnect()
    content.disconnect()
  }
}
