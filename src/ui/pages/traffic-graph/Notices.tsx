import { Button } from '@mantine/core'

import { clockTime } from '../../format.ts'
import { Banner } from '../../panels/Banner.tsx'
import { StaleBanner } from '../../panels/StatePanels.tsx'
import type { PageState } from '../../panels/state.ts'
import { strings as shared } from '../../strings.ts'
import { useView } from '../../view.tsx'
import { graphStrings as strings } from './strings.ts'
import classes from './TrafficGraphPage.module.css'
import type { ShownGraph } from './useMeshGraph.ts'

interface Props {
  readonly page: PageState
  /** Unix seconds of the graph on the screen. */
  readonly time: number | undefined
  readonly shown: Pick<ShownGraph, 'failed' | 'retry'>
}

/** What is to be known of the graph on the screen: that it is older than it should be, or drawn without some of its questions. */
export function Notices({ page, time, shown: { failed, retry } }: Props) {
  const { zone } = useView()
  return (
    <div className={classes['notices']}>
      {page.kind === 'stale' && <StaleBanner asOf={clockTime(time, zone)} cause={page.cause} onRetry={retry} />}
      {failed.length > 0 && page.kind === 'ready' && (
        <Banner
          tone="degraded"
          actions={
            <Button variant="outline" size="xs" onClick={retry}>
              {shared.states.retry}
            </Button>
          }
        >
          {strings.partial(
            failed.map(({ question }) => strings.questions[question]).join(', '),
            failed[0]?.cause ?? '',
          )}
        </Banner>
      )}
    </div>
  )
}
