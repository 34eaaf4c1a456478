import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type Archive, archives } from './archives.ts'
import { download } from './download.ts'
import { run } from './run.ts'

export interface PrometheusBinary {
  readonly path: string
  readonly version: string
  /** Where it comes from, for a person: `PROMETHEUS_BIN`, `the PATH`, ... */
  readonly origin: string
}

export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>
  /** As Node names them: `linux`, `x64`. */
  readonly platform: string
  readonly arch: string
  readonly isRoot: boolean
  readonly archives: Readonly<Record<string, Archive>>
  /** Where Debian keeps its package lists. */
  readonly packageLists: string
}

export const thisMachine = (): Machine => ({
  env: process.env,
  platform: process.platform,
  arch: process.arch,
  isRoot: process.getuid?.() === 0,
  archives,
  packageLists: '/var/lib/apt/lists',
})

/** The first release with `storage.tsdb.out_of_order_time_window` (https://github.com/prometheus/prometheus/releases/tag/v2.39.0). */
const oldest = [2, 39] as const

/**
 * A Prometheus that runs here: PROMETHEUS_BIN, the PATH, an earlier download, Debian's package unpacked into the cache, or the
 * official archive with a pinned checksum. Rejects with what was tried and the three ways to supply one.
 */
export async function obtainPrometheus(machine: Machine = thisMachine()): Promise<PrometheusBinary> {
  const { env, platform } = machine
  const program = platform === 'win32' ? 'prometheus.exe' : 'prometheus'
  const named = env['PROMETHEUS_BIN']
  if (named !== undefined && named !== '') {
    const found = await probe(named, 'PROMETHEUS_BIN')
    if ('path' in found) return found
    throw new Error(
      `PROMETHEUS_BIN is ${named}, but ${found.problem}.\nPoint it at a Prometheus binary, 2.39 or newer, or unset it.`,
    )
  }

  const tried: string[] = []
  const consider = async (path: string, origin: string): Promise<PrometheusBinary | undefined> => {
    if (!(await isExecutable(path))) return undefined
    const found = await probe(path, origin)
    if ('path' in found) return found
    tried.push(`${path}: ${found.problem}`)
    return undefined
  }
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const found = await consider(join(folder, program), 'the PATH')
    if (found) return found
  }
  tried.push('PATH: no usable prometheus on it')

  const cache = join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meshboard')
  const sources = [
    { folder: 'prometheus-debian', path: join('usr', 'bin', program), name: "Debian's package", fill: fromDebian },
    { folder: 'prometheus-release', path: program, name: 'the official release', fill: fromArchive },
  ]
  for (const { folder, path, name } of sources) {
    const found = await consider(join(cache, folder, path), `${name}, cached`)
    if (found) return found
  }
  for (const { folder, path, name, fill } of sources) {
    const problem = await fillFolder(cache, folder, (into) => fill(into, machine))
    const found = problem === undefined ? await consider(join(cache, folder, path), name) : undefined
    if (found) return found
    if (problem !== undefined) tried.push(`${name}: ${problem}`)
  }
  throw new Error(guidance(tried))
}

/** Fills a folder of the cache by way of a temporary one beside it, so that a half-filled one is never found; what went wrong, if anything. */
async function fillFolder(
  cache: string,
  folder: string,
  fill: (into: string) => Promise<void>,
): Promise<string | undefined> {
  try {
    await mkdir(cache, { recursive: true })
    const into = await mkdtemp(join(cache, `${folder}.`))
    try {
      await fill(into)
      await rm(join(cache, folder), { recursive: true, force: true })
      await rename(into, join(cache, folder))
    } finally {
      await rm(into, { recursive: true, force: true })
    }
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function fromDebian(into: string, { platform, isRoot, packageLists }: Machine): Promise<void> {
  if (platform !== 'linux') throw new Error('only on Debian and Ubuntu')
  if ((await run('dpkg-deb', ['--version'])).code !== 0 || (await run('apt-get', ['--version'])).code !== 0) {
    throw new Error('apt-get and dpkg-deb are not here')
  }
  const lists = await readdir(packageLists).catch(() => [])
  const hasLists = lists.some((name) => name.includes('_Packages'))
  if (!hasLists && !isRoot) throw new Error('the package lists are empty, and only root may run apt-get update')
  if (!hasLists) await demand('apt-get', ['update'], into)
  await demand('apt-get', ['download', 'prometheus'], into)
  const file = (await readdir(into)).find((name) => name.endsWith('.deb'))
  if (file === undefined) throw new Error('apt-get download left no package')
  await demand('dpkg-deb', ['-x', file, '.'], into)
  await rm(join(into, file))
}

async function fromArchive(into: string, { platform, arch, archives }: Machine): Promise<void> {
  const archive = archives[`${platform}-${arch}`]
  if (archive === undefined) throw new Error(`no pinned archive for ${platform}-${arch}`)
  const file = join(into, 'prometheus.tar.gz')
  await download(archive.url, file, archive.sha256)
  await demand('tar', ['-xzf', 'prometheus.tar.gz', '--strip-components=1'], into)
  await rm(file)
}

async function demand(program: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, output } = await run(program, args, { cwd, timeoutMs: 180_000 })
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${output.split('\n').at(-1) ?? ''}`)
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function probe(path: string, origin: string): Promise<PrometheusBinary | { readonly problem: string }> {
  const { code, output } = await run(path, ['--version'], { timeoutMs: 15_000 })
  if (code !== 0) return { problem: `it does not run: ${output.split('\n')[0] ?? ''}` }
  const [, version = '', major = '', minor = ''] = /prometheus, version ((\d+)\.(\d+)\S*)/.exec(output) ?? []
  if (version === '') return { problem: 'it does not say that it is Prometheus' }
  const isOld = Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1])
  return isOld ? { problem: `it is version ${version}; 2.39 or newer is needed` } : { path, version, origin }
}

const guidance = (tried: readonly string[]) => `The demo needs a real Prometheus (2.39 or newer) and found none:
${tried.map((line) => `  - ${line}`).join('\n')}
Supply one in any of these ways, then start the demo again:
  1. set PROMETHEUS_BIN to the path of a prometheus binary (https://prometheus.io/download/);
  2. put prometheus on the PATH, for example with "brew install prometheus" or "apt-get install prometheus";
  3. on Debian or Ubuntu run "apt-get update" as root once: the demo then unpacks the package by itself, without installing it.`
