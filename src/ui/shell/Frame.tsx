import { Drawer } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { Suspense } from 'react'
import { Outlet, useLocation } from 'react-router'

import { useEmbedding } from '../embed/Embedding.tsx'
import { LoadingPanel } from '../panels/StatePanels.tsx'
import { strings } from '../strings.ts'
import { useView } from '../view.tsx'
import { EmbedBar } from './EmbedBar.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import classes from './Frame.module.css'
import { Header } from './Header.tsx'
import { Navigation } from './Navigation.tsx'
import { useDefaultTheme } from './useDefaultTheme.ts'
import { ViewNotices } from './ViewNotices.tsx'

/** What stands around every page: in a console's frame a slim bar, elsewhere header and navigation. */
export function Frame() {
  return useEmbedding().isEmbedded ? <SlimFrame /> : <FullFrame />
}

function SlimFrame() {
  return (
    <div className={classes['slim']}>
      <EmbedBar />
      <Main />
    </div>
  )
}

/** Header, side navigation (a drawer on narrow screens), and the page in the middle. */
function FullFrame() {
  useDefaultTheme(useView().cluster.defaults?.theme)
  const [isOpen, { open, close }] = useDisclosure(false)
  const isNarrow = useMediaQuery('(max-width: 900px)', false, { getInitialValueInEffect: false })
  return (
    <div className={classes['frame']}>
      <a className={classes['skip']} href="#main" onClick={focusMain}>
        {strings.frame.skip}
      </a>
      <Header onOpenNavigation={open} />
      {isNarrow ? (
        <Drawer.Root
          opened={isOpen}
          onClose={close}
          size={280}
          padding={0}
          classNames={{ content: classes['drawer'] ?? '' }}
          transitionProps={{ duration: 0 }}
        >
          <Drawer.Overlay backgroundOpacity={1} color="var(--overlay)" />
          <Drawer.Content>
            <div className={classes['drawerHead']}>
              <Drawer.Title className={classes['drawerTitle']}>{strings.product}</Drawer.Title>
              <Drawer.CloseButton aria-label={strings.frame.closeNavigation} />
            </div>
            <div className={classes['drawerBody']}>
              <Navigation onFollow={close} />
            </div>
          </Drawer.Content>
        </Drawer.Root>
      ) : (
        <div className={classes['side']}>
          <Navigation />
        </div>
      )}
      <Main />
    </div>
  )
}

function Main() {
  const { pathname } = useLocation()
  return (
    <main id="main" className={classes['main']} tabIndex={-1}>
      <ViewNotices />
      <div className={classes['page']}>
        <ErrorBoundary key={pathname}>
          <Suspense fallback={<LoadingPanel />}>
            <Outlet />
          </Suspense>
        </ErrorBoundary>
      </div>
    </main>
  )
}

/** A fragment link would go to `<base href>#main`, away from the page: the focus is moved by hand. */
function focusMain(event: { preventDefault: () => void }): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
