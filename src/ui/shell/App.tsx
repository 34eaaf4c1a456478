import { useQuery } from '@tanstack/react-query'
import { Navigate, Route, Routes, useLocation } from 'react-router'

import { useEmbedding } from '../embed/Embedding.tsx'
import { LoadingPanel, StateView } from '../panels/StatePanels.tsx'
import { stateOfError } from '../panels/state.ts'
import { isNobody, sessionQuery } from '../queries/session.ts'
import { strings } from '../strings.ts'
import { ViewProvider } from '../view.tsx'
import { ConsoleAsked } from './ConsoleAsked.tsx'
import { Frame } from './Frame.tsx'
import { LoginPage } from './LoginPage.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'
import { PageDoor } from './PageDoor.tsx'
import { firstPage, landing, pageAt, routes, tiles } from './pages.ts'
import { TileFrame } from './TileFrame.tsx'

/** Asks who is looking, then shows the frame and the page that the path names. */
export function App() {
  const { isEmbedded, isWaiting } = useEmbedding()
  const session = useQuery({ ...sessionQuery, enabled: !isWaiting })
  const { pathname, search } = useLocation()
  const { defaults } = pageAt(pathname) ?? firstPage

  if (isWaiting || (isEmbedded && session.error !== null && isNobody(session.error))) return <ConsoleAsked />
  if (pathname === '/login') return <LoginPage error={session.error} />
  if (session.error !== null && isNobody(session.error)) return <LoginPage error={session.error} />
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
        <Route element={<TileFrame />}>
          {tiles.map((page) => (
            <Route key={page.path} path={page.path} element={<PageDoor page={page} />} />
          ))}
        </Route>
        <Route element={<Frame />}>
          <Route index element={<Navigate to={{ pathname: landing(cluster).path, search }} replace />} />
          {routes.map((page) => (
            <Route key={page.path} path={page.path} element={<PageDoor page={page} />} />
          ))}
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </ViewProvider>
  )
}
