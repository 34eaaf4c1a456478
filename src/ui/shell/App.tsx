import { useQuery } from '@tanstack/react-query'
import { Navigate, Route, Routes, useLocation } from 'react-router'

import { LoadingPanel, StateView } from '../panels/StatePanels.tsx'
import { stateOfError } from '../panels/state.ts'
import { sessionQuery } from '../queries/session.ts'
import { strings } from '../strings.ts'
import { ViewProvider } from '../view.tsx'
import { Frame } from './Frame.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'
import { firstPage, pageAt, routes } from './pages.ts'

/** Asks who is looking, then shows the frame and the page that the path names. */
export function App() {
  const session = useQuery(sessionQuery)
  const { pathname, search } = useLocation()
  const { defaults } = pageAt(pathname) ?? firstPage

  if (session.data === undefined) {
    return (
      <main style={{ height: '100%', display: 'flex' }}>
        {session.error === null ? (
          <LoadingPanel />
        ) : (
          <StateView
            state={stateOfError(session.error)}
            isOwner={false}
            onRetry={() => void session.refetch()}
            headingLevel={1}
          />
        )}
      </main>
    )
  }
  const [cluster] = session.data.clusters
  if (cluster === undefined) {
    return (
      <main style={{ height: '100%', display: 'flex' }}>
        <StateView state={{ kind: 'forbidden', cause: strings.frame.noCluster }} isOwner={false} headingLevel={1} />
      </main>
    )
  }
  return (
    <ViewProvider session={session.data} cluster={cluster} defaults={defaults}>
      <Routes>
        <Route element={<Frame />}>
          <Route index element={<Navigate to={{ pathname: firstPage.path, search }} replace />} />
          {routes.map(({ path, Page }) => (
            <Route key={path} path={path} element={<Page />} />
          ))}
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </ViewProvider>
  )
}
