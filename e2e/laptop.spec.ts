import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from '@playwright/test'

import { demoInfo } from './start.ts'

const run = promisify(execFile)
let folder: string
let served: ChildProcess | undefined

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meshboard-laptop-'))
})
test.afterAll(async () => {
  served?.kill('SIGTERM')
  await rm(folder, { recursive: true, force: true })
})

/** The dashboard from the packed file, in a folder where nothing else is, with a kubeconfig alone; what it printed. */
async function serveFromPack(): Promise<{ readonly address: string; readonly said: () => string }> {
  // What is built already is packed as it is.
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder])
  const pack = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? ''
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-save', join(folder, pack)]
  await run('npm', install, { cwd: folder })
  const { cluster, prometheus } = await demoInfo()
  const kubeconfig = {
    'current-context': 'my-laptop',
    contexts: [{ name: 'my-laptop', context: { cluster: 'demo', user: 'olivia' } }],
    clusters: [{ name: 'demo', cluster: { server: cluster } }],
    users: [{ name: 'olivia', user: { token: 'demo' } }],
  }
  await writeFile(join(folder, 'kubeconfig'), JSON.stringify(kubeconfig))
  const command = join(folder, 'node_modules', '.bin', 'meshboard')
  const child = spawn(command, ['serve', '--no-open', '--port', '0', '--prometheus-url', prometheus], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: join(folder, 'kubeconfig') },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  served = child
  let said = ''
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const url = /meshboard serve: (http:\S+)/.exec(said)?.[1]
      if (url !== undefined) resolve(url)
    })
    child.once('exit', () => reject(new Error(`meshboard serve did not start:\n${said}`)))
  })
  return { address, said: () => said }
}

test('a kubeconfig is enough: the packed command serves the mesh to the browser that was let in, and to no other', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000)
  const { address, said } = await serveFromPack()
  expect(said()).toContain('context my-laptop')
  await page.goto(address)
  await expect(page.getByRole('heading', { level: 1, name: 'Traffic Graph' })).toBeVisible()
  expect(page.url()).not.toContain('once')
  await expect(page.getByRole('button', { name: 'Signed in as olivia' })).toBeVisible()
  await expect.poll(said).toContain('for another browser: http://127.0.0.1:')

  // The console's helper comes with the same package, types included.
  const script = "import('meshboard/embed').then(({ embedMeshboard }) => console.log(typeof embedMeshboard))"
  expect((await run(process.execPath, ['--eval', script], { cwd: folder })).stdout.trim()).toBe('function')
  const types = await readFile(join(folder, 'node_modules/meshboard/dist/embed/parent.d.ts'), 'utf8')
  expect(types).toContain('embedMeshboard(frame: HTMLIFrameElement')

  const other = await browser.newPage()
  const root = new URL('/', address).href
  await other.goto(root)
  await expect(other.getByText('This browser has not been let in')).toBeVisible()
  await expect(other.getByText('Open the address that meshboard serve printed in its terminal')).toBeVisible()
  const used = await other.goto(address)
  expect(used?.status()).toBe(403)
  await other.close()
})
