// Makes sure that a Chromium is there for the journeys: the system's, else Debian's package, else Playwright's own.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']
const onPath = (name) => (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)))
const run = (command, args, env = {}) =>
  spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } }).status === 0

/** Whether a browser is there in the end; says on the terminal what it installs. */
export function ensureBrowser() {
  if (process.env.CHROMIUM_BIN || names.some(onPath)) return true
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    console.log('No Chromium on this machine: installing the distribution’s package.')
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
    const install = ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core']
    if (run('apt-get', ['update', '-qq'], quiet) && run('apt-get', install, quiet)) return true
  }
  console.log('No Chromium on this machine: asking Playwright for its own.')
  return run('npx', ['playwright', 'install', 'chromium'])
}
