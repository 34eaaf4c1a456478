import type { Page } from '@playwright/test'

/**
 * Watches everything that a page and its frames ask from now on: what goes anywhere but below `roots`, what the
 * Content-Security-Policy had to stop, and what a script died of. Call it before the first page is opened.
 */
export async function watchStrays(page: Page, roots: readonly string[]): Promise<() => readonly string[]> {
  const strays: string[] = []
  const isAt = (url: string) => /^(blob|data):/.test(url) || roots.some((root) => url.startsWith(root))
  page.on('request', (asked) => {
    if (!isAt(asked.url())) strays.push(`asked: ${asked.url()}`)
  })
  page.on('websocket', (socket) => void strays.push(`socket: ${socket.url()}`))
  page.on('pageerror', (error) => void strays.push(`died: ${error.message}`))
  page.on('console', (message) => {
    if (message.text().startsWith('CSP: ')) strays.push(message.text())
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`CSP: ${violatedDirective} stopped ${blockedURI}`)
    })
  })
  return () => strays
}
