import '@fontsource/lato/latin-400.css'
import '@fontsource/lato/latin-700.css'
import './mantine.css'
import './theme.css'

import { MantineProvider, type MantineColorSchemeManager } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'

import { EmbeddingProvider } from './embed/Embedding.tsx'
import { readWish } from './embed/wish.ts'
import { createQueryClient } from './queries/client.ts'
import { App } from './shell/App.tsx'
import { ErrorBoundary } from './shell/ErrorBoundary.tsx'
import { cssVariables, theme } from './theme.ts'
import { UrlProvider } from './urlState.tsx'

/**
 * The prefix under which the app lives, as the server's `<base href>` says; without one, the root. The server's is relative to the
 * path it was asked for (`../`), and the browser would read it anew after each navigation: it is made absolute once.
 */
function basename(): string {
  const base = document.querySelector('base')
  if (base === null) return '/'
  const { href } = base
  base.href = href
  return new URL(href).pathname
}

/** Keeps the console's theme to this page: it is not this browser's choice, and in a frame there may be no storage to ask. */
const forgetful: MantineColorSchemeManager = {
  get: (scheme) => scheme,
  set: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
}

const wish = readWish(window.location.search)
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme={wish.theme ?? 'auto'}
      {...(wish.isEmbedded || wish.theme !== undefined ? { colorSchemeManager: forgetful } : {})}
    >
      <QueryClientProvider client={createQueryClient()}>
        <BrowserRouter basename={basename()}>
          <UrlProvider>
            <ErrorBoundary>
              <EmbeddingProvider wish={wish}>
                <App />
              </EmbeddingProvider>
            </ErrorBoundary>
          </UrlProvider>
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
