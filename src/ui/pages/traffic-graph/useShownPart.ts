import { useMemo } from 'react'

import type { MeshGraph } from '../../../mesh/graph.ts'
import { partOf, trailOf, type PartChoice } from './focusPart.ts'
import { wholeOf } from './folding.ts'
import { octopusOf } from './octopus.ts'
import { seek, type Seeking } from './seeking.ts'
import type { DrawingChoices } from './words.ts'

interface Choice extends PartChoice, Pick<DrawingChoices, 'layout' | 'noise'> {
  readonly quiet: boolean
  readonly find: string | undefined
  readonly hide: string | undefined
  readonly view: 'graph' | 'table'
}

/** What of the graph is shown, and what Find and Hide say of it; all undefined before there is a graph. */
export interface ShownPart {
  readonly part: MeshGraph | undefined
  /** With one in the middle: how many of its callers and callees may be left out. */
  readonly arms: number | undefined
  /** The part of it that Find and Hide look at. */
  readonly searched: MeshGraph | undefined
  readonly seeking: Seeking | undefined
}

/** The part that a viewer chose to see: around a focus, on the ways between two, only what is unhealthy, or all. */
export function useShownPart(graph: MeshGraph | undefined, choice: Choice): ShownPart {
  const { focus, hops, direction, unhealthy, pathFrom, pathTo, layout, quiet, noise, find, hide, view } = choice
  const { part, arms } = useMemo(() => {
    if (graph === undefined) return { part: undefined, arms: undefined }
    if (layout !== 'octopus')
      return { part: partOf(graph, { focus, hops, direction, unhealthy, pathFrom, pathTo }), arms: undefined }
    const octopus = octopusOf(graph, trailOf(focus).at(-1), quiet)
    return { part: octopus.graph, arms: octopus.more }
  }, [graph, focus, hops, direction, unhealthy, pathFrom, pathTo, layout, quiet])
  const searched = useMemo(
    () => (part === undefined ? undefined : wholeOf(part, noise || view === 'table')),
    [part, noise, view],
  )
  const seeking = useMemo(
    () => (searched === undefined ? undefined : seek(searched, find, hide)),
    [searched, find, hide],
  )
  return { part, arms, searched, seeking }
}
