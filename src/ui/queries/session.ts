import { queryOptions } from '@tanstack/react-query'

import { fetchSession } from '../../clients/session/session.ts'

/** Who is looking and what they may do. While it fails it is asked again every 5 s, so that the page comes back by itself. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => fetchSession('', signal),
  staleTime: 60_000,
  refetchInterval: (query) => (query.state.status === 'error' ? 5000 : 60_000),
})
