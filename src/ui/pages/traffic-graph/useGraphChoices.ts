import { useMemo } from 'react'

import type { GraphChoices } from './words.ts'

/** What of the URL decides which questions are asked and how their answers are read; the same object while none of it changes. */
export function useGraphChoices(url: GraphChoices): GraphChoices {
  const {
    graphType,
    protocols,
    grpc,
    tcp,
    labels,
    statistic,
    throughput,
    serviceNodes,
    operations,
    idle,
    waypoints,
    reporter,
  } = url
  return useMemo(
    () => ({
      graphType,
      protocols,
      grpc,
      tcp,
      labels,
      statistic,
      throughput,
      serviceNodes,
      operations,
      idle,
      waypoints,
      reporter,
    }),
    [
      graphType,
      protocols,
      grpc,
      tcp,
      labels,
      statistic,
      throughput,
      serviceNodes,
      operations,
      idle,
      waypoints,
      reporter,
    ],
  )
}
