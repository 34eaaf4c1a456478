import { queryOptions } from '@tanstack/react-query'

import { HttpError } from '../../clients/errors.ts'
import { requestJson, urlUnder } from '../../clients/http.ts'
import { doorOf, listAll } from '../../clients/kubernetes/list.ts'
import { askFacts, type Asked } from '../../clients/prometheus/telemetry.ts'
import type { FactsData } from '../../clients/prometheus/wire.ts'
import { monitoringKinds, monitoringOf, type Monitoring } from '../../mesh/doctor/monitors.ts'
import type { Subject } from './telemetry.ts'

/** How long an examination stands: what it finds changes with configuration, not with traffic. */
const fresh = 300

export interface DeepFacts extends FactsData {
  readonly asked: Asked
  /** Seconds that this browser's clock is ahead of Meshboard's, as far as the time an answer takes lets it be told. */
  readonly viewerAhead: number
}

/** The facts with the doctor's evidence, of the view's scope and window; asked anew after some minutes. */
export function doctorQuery({ cluster, namespaces, project, window: { seconds } }: Subject) {
  return queryOptions({
    queryKey: ['doctor', { cluster: cluster.name, namespaces, project }, seconds] as const,
    queryFn: async ({ signal }): Promise<DeepFacts> => {
      const before = Date.now() / 1000
      const scope = project !== undefined ? { project } : namespaces.length > 0 ? { namespaces } : {}
      const facts = await askFacts({ base: '', cluster: cluster.name }, { ...scope, window: seconds }, signal, 'doctor')
      const meshboard = facts.evidence?.clocks.meshboard
      return { ...facts, viewerAhead: meshboard === undefined ? 0 : aheadOf(before, Date.now() / 1000, meshboard) }
    },
    staleTime: fresh * 1000,
    refetchInterval: fresh * 1000,
    gcTime: 2 * fresh * 1000,
  })
}

/** An instant between asking and the answer is no difference; an answer may be some seconds old. */
function aheadOf(before: number, after: number, meshboard: number): number {
  if (meshboard > after) return after - meshboard
  return Math.max(0, before - meshboard)
}

/** What the Prometheus operator was told to scrape; null where the cluster has no operator or the viewer may not read it. */
export function monitoringQuery(cluster: string) {
  return queryOptions({
    queryKey: ['kubernetes', cluster, 'monitoring'] as const,
    queryFn: async ({ signal }): Promise<{ readonly monitoring: Monitoring | null; readonly isRefused: boolean }> => {
      const place = doorOf('', cluster)
      try {
        // Asked first: most clusters have no operator, and a list that is not there is an error in the browser's eyes.
        const groups = await requestJson(urlUnder(place.root, 'apis'), { signal })
        if (!JSON.stringify(groups).includes('"monitoring.coreos.com"')) return { monitoring: null, isRefused: false }
        const [prometheuses, podMonitors, serviceMonitors] = await Promise.all([
          listAll(place, monitoringKinds.prometheuses, {}, signal),
          listAll(place, monitoringKinds.podMonitors, {}, signal),
          listAll(place, monitoringKinds.serviceMonitors, {}, signal),
        ])
        const monitoring = monitoringOf({
          prometheuses: prometheuses.items,
          podMonitors: podMonitors.items,
          serviceMonitors: serviceMonitors.items,
        })
        return { monitoring, isRefused: false }
      } catch (error) {
        if (error instanceof HttpError && error.status === 403) return { monitoring: null, isRefused: true }
        throw error
      }
    },
    staleTime: fresh * 1000,
  })
}
