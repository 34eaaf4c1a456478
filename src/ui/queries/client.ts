import { QueryClient } from '@tanstack/react-query'

import { HttpError } from '../../clients/errors.ts'

/**
 * The page's one cache. Nothing is asked again because a window got the focus: the clock decides. A failure that may pass (no answer,
 * a status of 500 or above) is tried once more; a refusal is not.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
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
}
