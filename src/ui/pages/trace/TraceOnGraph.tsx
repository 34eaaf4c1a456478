import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

import { readMesh } from '../../../mesh/read.ts'
import { overlayOf } from '../../../mesh/traces/overlay.ts'
import type { Span, Trace } from '../../../mesh/traces/trace.ts'
import { GraphCanvas } from '../../canvas/GraphCanvas.tsx'
import { useHealthPolicy } from '../../healthPolicy.ts'
import { strings } from '../../panels/traces/strings.ts'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { LoadingPanel, StateView } from '../../panels/StatePanels.tsx'
import { stateOfError } from '../../panels/state.ts'
import { telemetryQuery } from '../../queries/telemetry.ts'
import { useView } from '../../view.tsx'
import { drawnOver, windowAround } from './drawnOver.ts'
import classes from './TracePage.module.css'

const { graph: words } = strings.page

interface Props {
  readonly trace: Trace
  readonly onChoose: (span: Span) => void
}

/** The graph of the apps the trace went through, over the quarter of an hour around it, with the trace's own way on top. */
export function TraceOnGraph({ trace, onChoose }: Props) {
  const view = useView()
  const policy = useHealthPolicy()
  const namespaces = useMemo(
    () =>
      [...new Set(trace.spans.flatMap(({ namespace, isBlank }) => (isBlank === true ? [] : (namespace ?? []))))].sort(),
    [trace],
  )
  const window = useMemo(() => windowAround(trace, view.window.at), [trace, view.window.at])
  const { data, error, refetch } = useQuery(
    telemetryQuery({ ask: 'requests' }, { cluster: view.cluster, namespaces, project: undefined, window }),
  )
  const drawn = useMemo(() => {
    if (data === undefined) return undefined
    const graph = readMesh({ requests: data.samples, skipped: data.skipped }, undefined, {
      graphType: 'app',
      window: { seconds: data.window ?? window.seconds, at: data.time ?? window.at },
      namespaces: data.namespaces ?? namespaces,
      reporter: 'auto',
      serviceNodes: false,
      waypoints: false,
      idleEdges: false,
      http: true,
      grpc: 'requests',
      policy,
    })
    const overlay = overlayOf(trace, graph)
    return { overlay, ...drawnOver(overlay, graph) }
  }, [data, trace, window, namespaces, policy])

  if (drawn === undefined) {
    if (error === null) return <LoadingPanel />
    return <StateView state={stateOfError(error)} isOwner={view.isOwner} onRetry={() => void refetch()} />
  }
  const { overlay, drawing, highlighted, spansOf, linesOf } = drawn
  if (overlay.nodes.size === 0) return <StatePanel mark="idle" title={words.none.title} text={words.none.text} />
  return (
    <div className={classes['graph']}>
      <p>
        {words.said(overlay.calls.length)}
        {overlay.elsewhere > 0 && ` ${words.elsewhere(overlay.elsewhere)}`}
      </p>
      <div className={classes['canvas']}>
        <GraphCanvas
          drawing={drawing}
          scope={`trace ${trace.id}`}
          selected={undefined}
          highlighted={highlighted}
          camera={undefined}
          onCamera={noCamera}
          onSelect={(id) => {
            const spans = id === undefined ? [] : spansOf(id)
            const span = spans.find(({ isError }) => isError) ?? spans[0]
            if (span !== undefined) onChoose(span)
          }}
          describe={linesOf}
        />
      </div>
    </div>
  )
}

const noCamera = (): void => undefined
