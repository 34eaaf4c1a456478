import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import type { MissingObjects } from '../../../clients/kubernetes/objects.ts'
import { mtlsPairs } from '../../../mesh/mtlsReport.ts'
import { plaintextGrain } from '../../../mesh/queries.ts'
import { strictVerdict, type StrictVerdict } from '../../../mesh/strict.ts'
import { doctorQuery } from '../../queries/doctor.ts'
import { useLatest } from '../../queries/latest.ts'
import { objectsQuery } from '../../queries/objects.ts'
import { telemetryQuery } from '../../queries/telemetry.ts'
import { useView } from '../../view.tsx'

/** The report of the view's scope; `undefined` parts are not known yet. Plain text is looked for over `lookback` seconds. */
export function useReport(lookback: number) {
  const view = useView()
  const { cluster, namespaces, project, window } = view
  const subject = JSON.stringify([cluster.name, namespaces, project, window.seconds])
  // Looked for no more often than each minute: it reaches far back.
  const at = Math.floor(window.at / 60) * 60
  const mtls = useLatest(useQuery(telemetryQuery({ ask: 'mtls' }, view)), subject)
  const plaintext = useLatest(
    useQuery(telemetryQuery({ ask: 'plaintext' }, { ...view, window: { seconds: lookback, at } })),
    JSON.stringify([subject, lookback]),
  )
  const facts = useQuery(doctorQuery(view))
  const known = useQuery({ ...objectsQuery(cluster.name), enabled: cluster.capabilities.kubernetes.allowed })
  const isReadingObjects = known.isPending && known.fetchStatus !== 'idle'

  // A member's window never reaches back before the namespaces were made: what was looked at is what the answer says.
  const asked = plaintext.data?.window ?? lookback
  const held = facts.data?.evidence?.history
  const history = held === undefined ? asked : Math.min(asked, held)
  const objects = known.data?.objects
  const visible = mtls.data?.namespaces
  const report = useMemo(() => {
    if (mtls.data === undefined || plaintext.data === undefined || isReadingObjects) return undefined
    const { pairs, untold } = mtlsPairs(mtls.data.samples, plaintext.data.samples)
    const inScope = new Set([
      ...(visible ?? [
        ...pairs.map(({ to }) => to),
        ...(objects?.workloads ?? [])
          .filter(({ isInjected, isAmbient }) => isInjected === true || isAmbient === true)
          .map(({ namespace }) => namespace),
      ]),
    ])
    const verdicts = [...inScope]
      .filter((name) => name !== '' && name !== 'unknown')
      .map((name) => strictVerdict(name, { objects, pairs, history, window: window.seconds }))
      .sort((a, b) => answers.indexOf(a.answer) - answers.indexOf(b.answer) || (a.namespace < b.namespace ? -1 : 1))
    return { pairs, untold, verdicts }
  }, [mtls.data, plaintext.data, isReadingObjects, objects, visible, history, window.seconds])
  return {
    report,
    history,
    asked,
    isHistoryKnown: held !== undefined,
    grain: plaintextGrain(asked),
    at: mtls.data?.time ?? window.at,
    hidesPeers: (mtls.data?.notes ?? []).some(
      (note) => note.includes('is not shown') || note.includes('only its namespace'),
    ),
    /** What of the cluster's objects was not read, or not whole. */
    missing: known.data?.missing ?? nothing,
    error: mtls.error ?? plaintext.error,
    retry: () => {
      mtls.retry()
      plaintext.retry()
      void known.refetch()
    },
  }
}

const nothing: readonly MissingObjects[] = []
const answers: readonly StrictVerdict['answer'][] = ['no', 'unproven', 'yes', 'strict', 'nothing']
