import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contextName, kubeconfigFiles, readAccess } from '../proxy/kubeconfig.ts'
import type { Flag } from './serveArguments.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The configuration of one's own cluster, and a sentence that says which it is. */
export interface Laptop {
  readonly flags: readonly Flag[]
  readonly about: string
}

/**
 * The current (or named) context of a kubeconfig as the only cluster, asked as its user. Undefined where there is no kubeconfig and none
 * was named. Throws an Error with a sentence where the kubeconfig gives no access, exec plugins included.
 */
export async function laptopOf(
  { kubeconfig, context }: { readonly kubeconfig: string | undefined; readonly context: string | undefined },
  environment: Environment,
): Promise<Laptop | undefined> {
  const files = kubeconfigFiles(kubeconfig, environment)
  const [first] = files
  if (kubeconfig === undefined && context === undefined && (first === undefined || !existsSync(first))) return undefined
  const name = await contextName(files, context)
  const { server } = await readAccess(files, name, environment)
  const set = (option: string, key: string, value: unknown): Flag => ({ option, key, value })
  return {
    flags: [
      set('the kubeconfig', 'auth.mode', 'kubeconfig'),
      set('the kubeconfig', 'clusters.0.name', nameOf(name)),
      set('the kubeconfig', 'clusters.0.label', name),
      set('--context', 'clusters.0.kubernetes.context', name),
      ...(kubeconfig === undefined ? [] : [set('--kubeconfig', 'clusters.0.kubernetes.kubeconfig', kubeconfig)]),
      set('the command', 'logLevel', 'warn'),
    ],
    about: `context ${name} (${server}), as yourself`,
  }
}

/** A context's name as a cluster's: `gke_my-project_europe-west1_prod` is `gke-my-project-europe-west1-prod`. */
function nameOf(context: string): string {
  const plain = context.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return plain.slice(0, 63).replace(/^-+|-+$/g, '') || 'local'
}

/**
 * Opens the default browser at an address, by way of a page that only this user can read: a command line is there for every user of the
 * machine to see, and the address holds a secret. Where there is no browser nothing happens.
 */
export async function openBrowser(address: string, platform: NodeJS.Platform, environment: Environment): Promise<void> {
  const command = browserCommand(platform, environment)
  if (command === undefined) return
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-'))
  const file = join(folder, 'open.html')
  const escaped = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  const page = `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${escaped}"><title>Meshboard</title><a href="${escaped}">Meshboard</a>`
  await writeFile(file, page, { mode: 0o600 })
  const [program, ...args] = command
  const child = spawn(program, [...args, file], { detached: true, stdio: 'ignore' })
  child.on('error', () => undefined)
  child.unref()
  setTimeout(() => void rm(folder, { recursive: true, force: true }), 60_000).unref()
}

/** Undefined where no browser can be shown. */
export function browserCommand(
  platform: NodeJS.Platform,
  environment: Environment,
): readonly [program: string, ...args: string[]] | undefined {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return environment['DISPLAY'] === undefined && environment['WAYLAND_DISPLAY'] === undefined ? undefined : ['xdg-open']
}
