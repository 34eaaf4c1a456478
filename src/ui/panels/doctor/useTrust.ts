import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { diagnose, doubtsOn } from '../../../mesh/doctor/diagnose.ts'
import type { Affected, DoctorFinding } from '../../../mesh/doctor/finding.ts'
import { doctorQuery } from '../../queries/doctor.ts'
import { useView } from '../../view.tsx'

/** The findings that make a kind of number doubtful, as Prometheus alone tells them: one question for all marks of a page. */
export function useTrust(of: Affected): readonly DoctorFinding[] {
  const view = useView()
  const { seconds } = view.window
  const { data: facts } = useQuery({
    ...doctorQuery(view),
    retry: false,
    enabled: view.cluster.capabilities.metrics.allowed,
  })
  return useMemo(() => {
    if (facts === undefined) return []
    const examined = {
      telemetry: { kind: 'answered', facts, evidence: facts.evidence },
      window: { seconds, at: 0 },
      namespaces: [],
      visible: null,
      viewerAhead: facts.viewerAhead,
      unread: [],
    } as const
    return doubtsOn(of, diagnose(examined))
  }, [facts, seconds, of])
}
