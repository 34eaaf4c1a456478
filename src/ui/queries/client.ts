import { QueryCache, QueryClient } from '@tanstack/react-query'

import { HttpError } from '../../clients/errors.ts'

/**
 * The page's one cache. Nothing is asked again because a window got the focus: the clock decides. A failure that may pass (no answer,
 * a status of 500 or above) is tried once more; a refusal is not. Where an answer says that nobody is logged in (any more) the page
 * asks at once who is, so that the login does not wait until it would have asked by itself.
 */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { queryKey: [what] }) => {
        if (what !== 'session' && error instanceof HttpError && error.status === 401) {
          void client.invalidateQueries({ queryKey: ['session'], exact: true })
        }
      },
    }),
    defaultOptions: {
      queries: {
        refetchOnWindowFocus: false,
        refetchOnReconnect: true,
        retry: (failures, error) => failures < 1 && !(error instanceof HttpError && error.status < 500),
        retryDelay: 500,
        // The proxy may live on this very machine: "offline" is for a request to find out.
        networkMode: 'always',
      },
    },
  })
  return client
}
