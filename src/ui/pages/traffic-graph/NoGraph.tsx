import { SilenceReason } from '../../panels/doctor/SilenceReason.tsx'
import { LoadingPanel, StateView } from '../../panels/StatePanels.tsx'
import type { PageState } from '../../panels/state.ts'
import { useView } from '../../view.tsx'
import { EmptyGraph } from './EmptyGraph.tsx'
import classes from './TrafficGraphPage.module.css'
import type { GraphChoices } from './words.ts'

interface Props {
  readonly page: PageState
  readonly choices: GraphChoices
  readonly onChoose: (patch: Partial<GraphChoices>) => void
  readonly onRetry: () => void
}

/** In place of a graph: that it is being made, why it is empty, or why it is not there, each with what helps. */
export function NoGraph({ page, choices, onChoose, onRetry }: Props) {
  const view = useView()
  return (
    <div className={classes['empty']}>
      {page.kind === 'empty' ? (
        <EmptyGraph choices={choices} onChoose={onChoose} />
      ) : page.kind === 'loading' || page.kind === 'ready' || page.kind === 'stale' ? (
        <LoadingPanel />
      ) : (
        <StateView
          state={page}
          isOwner={view.isOwner}
          onRetry={onRetry}
          namespaces={view.namespaces}
          windowSeconds={view.window.seconds}
        >
          {'cause' in page ? null : <SilenceReason />}
        </StateView>
      )}
    </div>
  )
}
