import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { chromium as playwright } from '@playwright/test'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

/** Path of the browser the journeys run in: `CHROMIUM_BIN`, else the system's Chromium or Chrome, else Playwright's own; `undefined` where there is none. */
export function installedChromium(): string | undefined {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
  const applications = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']
  return [process.env['CHROMIUM_BIN'] ?? '', ...onPath, ...applications, playwright.executablePath()].find(
    (path) => path !== '' && existsSync(path),
  )
}

/** The same; throws, with the ways to get one, where there is none. */
export function chromium(): string {
  const found = installedChromium()
  if (found === undefined) {
    throw new Error(
      'No Chromium found. Install one (Debian, Ubuntu: apt-get install chromium), run "npx playwright install chromium", or set CHROMIUM_BIN to its path.',
    )
  }
  return found
}
