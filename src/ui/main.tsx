import '@fontsource/lato/latin-400.css'
import '@fontsource/lato/latin-700.css'
import './mantine.css'
import './theme.css'

import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'

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

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={createQueryClient()}>
        <BrowserRouter basename={basename()}>
          <UrlProvider>
            <ErrorBoundary>
              <App />
            </ErrorBoundary>
          </UrlProvider>
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
