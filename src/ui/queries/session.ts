import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'

import { HttpError } from '../../clients/errors.ts'
import { answerBy } from '../../clients/http.ts'
import { fetchLoginPage, fetchSession, logIn, logOut } from '../../clients/session/session.ts'
import type { Login } from '../../clients/session/wire.ts'
import { rancherQuery } from './rancher.ts'

/** Who is looking and what they may do. While it fails it is asked again every 5 s, so that the page comes back by itself. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal, client }) => sessionOrRancher(client, signal),
  staleTime: 60_000,
  refetchInterval: (query) => (query.state.status !== 'error' || isNobody(query.state.error) ? 60_000 : 5000),
})

/** Where the server knows nobody, the session of the Rancher around the page may do. */
async function sessionOrRancher(client: QueryClient, signal: AbortSignal) {
  try {
    return await fetchSession('', signal)
  } catch (error) {
    if (!(error instanceof HttpError) || error.status !== 401) throw error
    const { kind } = await client.query(rancherQuery)
    if (kind !== 'open') throw error
    return fetchSession('', signal)
  }
}

/** How one logs in, and to what. */
export const loginPageQuery = queryOptions({
  queryKey: ['session', 'login'],
  queryFn: ({ signal }) => fetchLoginPage('', signal),
  staleTime: Infinity,
})

/** Whether the server says that nobody is logged in (any more). */
export function isNobody(error: Error | null): boolean {
  return error instanceof HttpError && error.status === 401
}

/** What a login takes from the person; the rest the page knows. */
export type LoginChoice = Omit<Login, 'prefix'>

/**
 * Logs in and forgets everything that was answered to whoever was here before. Leads to the first page, unless the login only stood
 * before a page: then that one is shown.
 */
export function useLogIn({ staysHere = false }: { readonly staysHere?: boolean } = {}) {
  const startOver = useStartOver(staysHere)
  return useMutation({
    mutationFn: async (choice: LoginChoice) => {
      await logIn('', { ...choice, prefix: prefix() })
      // Whoever logs in wants to be that person, not Rancher's.
      answerBy(undefined)
    },
    // The text of a token is not kept.
    gcTime: 0,
    onSuccess: startOver,
  })
}

/** Logs out and forgets everything that was answered. */
export function useLogOut() {
  const startOver = useStartOver()
  return useMutation({ mutationFn: () => logOut(''), onSuccess: startOver })
}

function useStartOver(staysHere = false): () => Promise<void> {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  return async () => {
    await queryClient.cancelQueries()
    if (!staysHere) void navigate('/')
    queryClient.removeQueries({ type: 'inactive' })
    await queryClient.resetQueries()
  }
}

/** The path under which the browser sees the app, as `<base href>` says. */
function prefix(): string {
  return document.querySelector('base') === null ? '/' : new URL(document.baseURI).pathname
}
