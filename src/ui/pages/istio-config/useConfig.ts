import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { checkableOf } from '../../../mesh/checks/checkable.ts'
import { checkObjects } from '../../../mesh/checks/check.ts'
import type { Checked } from '../../../mesh/checks/finding.ts'
import type { ConfigResource } from '../../../mesh/checks/kinds.ts'
import { listedObjects, type ListedObject } from '../../../mesh/checks/listed.ts'
import { seenTraffic } from '../../../mesh/checks/objectTraffic.ts'
import { namespacesQuery } from '../../queries/cluster.ts'
import { doctorQuery } from '../../queries/doctor.ts'
import { objectsQuery, type KnownObjects } from '../../queries/objects.ts'
import { telemetryQuery } from '../../queries/telemetry.ts'
import { useView } from '../../view.tsx'

/** The configuration of a cluster, as far as the viewer may read it. */
export interface Config {
  readonly known: KnownObjects
  readonly checked: Checked
  /** Of all namespaces that were read. */
  readonly all: readonly ListedObject[]
  /** Of the view's scope. */
  readonly inScope: readonly ListedObject[]
  readonly unnamed: ReadonlyMap<ConfigResource, number>
}

/** Seconds: less than this tells nothing about use. */
const leastUse = 3600
const useEvery = 300

/** What was called lately, over the page's window and an hour at least, never longer than Prometheus holds; `undefined` where it is not known. */
function useSeen() {
  const view = useView()
  const { cluster, window } = view
  const seconds = Math.max(window.seconds, leastUse)
  const at = Math.floor(window.at / useEvery) * useEvery
  const whole = { cluster, namespaces: [], project: undefined, window: { seconds, at } }
  const enabled = cluster.capabilities.metrics.allowed
  const requests = useQuery({ ...telemetryQuery({ ask: 'requests' }, whole), enabled }).data
  const tcp = useQuery({ ...telemetryQuery({ ask: 'tcp', direction: 'sent' }, whole), enabled }).data
  const history = useQuery({ ...doctorQuery({ ...whole, window }), enabled, retry: false }).data?.evidence?.history
  return useMemo(() => {
    if (requests === undefined || tcp === undefined || history === undefined) return undefined
    // Where nobody reports, silence of an object says nothing about the object.
    if (requests.samples.length + tcp.samples.length === 0) return undefined
    const looked = Math.min(requests.window ?? seconds, history)
    return { ...seenTraffic([...requests.samples, ...tcp.samples], looked), at }
  }, [requests, tcp, history, seconds, at])
}

/** Every object with its findings; `config` is `undefined` until the first answer, and stale beside an `error`. */
export function useConfig(): {
  readonly config: Config | undefined
  readonly error: Error | null
  readonly retry: () => void
} {
  const { cluster, namespaces, project } = useView()
  const objects = useQuery(objectsQuery(cluster.name))
  const candidates = useQuery({ ...namespacesQuery(cluster.name), enabled: project !== undefined })
  const known = objects.data
  const seen = useSeen()
  const read = useMemo(() => {
    if (known === undefined) return undefined
    const checked = checkableOf(known.objects, known.namespaces, known.missing)
    const { objects: all, unnamed } = listedObjects(known.lists, checkObjects(checked, seen))
    return { known, checked, all, unnamed }
  }, [known, seen])
  const ofProject = candidates.data
  const config = useMemo(() => {
    if (read === undefined || (project !== undefined && ofProject === undefined)) return undefined
    const scope =
      project === undefined
        ? namespaces
        : (ofProject ?? []).filter((each) => each.project === project).map(({ name }) => name)
    const isEverything = project === undefined && namespaces.length === 0
    return { ...read, inScope: isEverything ? read.all : read.all.filter((one) => scope.includes(one.namespace)) }
  }, [read, ofProject, project, namespaces])
  return {
    config,
    error: objects.error ?? candidates.error,
    retry: () => {
      void objects.refetch()
      if (candidates.isError) void candidates.refetch()
    },
  }
}
