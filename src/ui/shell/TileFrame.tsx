import { Suspense } from 'react'
import { Outlet, useLocation } from 'react-router'

import { LoadingPanel } from '../panels/StatePanels.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import classes from './TileFrame.module.css'
import { ViewNotices } from './ViewNotices.tsx'

/** What stands around a tile: what makes its numbers doubtful, and nothing else. As high as what is in it. */
export function TileFrame() {
  const { pathname } = useLocation()
  return (
    <main id="main" className={classes['frame']} tabIndex={-1}>
      <ViewNotices isTile />
      <ErrorBoundary key={pathname}>
        <Suspense fallback={<LoadingPanel />}>
          <Outlet />
        </Suspense>
      </ErrorBoundary>
    </main>
  )
}
