import { queryOptions } from '@tanstack/react-query'

import { fetchLog, type LogQuestion } from '../../clients/kubernetes/logs.ts'

/** A container's last lines. A log moves on all the time: it is read when it is asked for, and again by the button. */
export function logQuery(question: LogQuestion) {
  return queryOptions({
    queryKey: ['log', question] as const,
    queryFn: ({ signal }) => fetchLog('', question, signal),
    staleTime: Infinity,
    // Up to some 15 MB of text.
    gcTime: 0,
  })
}
