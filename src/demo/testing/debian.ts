import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { run } from '../prometheus/run.ts'

/** A program of a Debian package. */
export interface Wanted {
  readonly package: string
  /** Where the package keeps it, below the root. */
  readonly path: readonly string[]
}

/** The program from the PATH, else out of Debian's package, unpacked into the cache without installing it; or why there is none here. */
export async function obtainDebian(wanted: Wanted): Promise<{ readonly path: string } | { readonly problem: string }> {
  const program = wanted.path.at(-1) ?? ''
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    if (await isExecutable(join(folder, program))) return { path: join(folder, program) }
  }
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meshboard')
  const folder = join(cache, `${wanted.package}-debian`)
  const path = join(folder, ...wanted.path)
  if (await isExecutable(path)) return { path }
  const knows = () => run('apt-cache', ['show', wanted.package])
  let known = await knows()
  // On a fresh machine the package lists are empty, and only root may fill them.
  if (known.code !== 0 && process.getuid?.() === 0) {
    await run('apt-get', ['update'], { timeoutMs: 180_000 })
    known = await knows()
  }
  if (known.code !== 0) return { problem: `apt knows no package ${wanted.package} here` }
  await mkdir(cache, { recursive: true })
  const into = await mkdtemp(`${folder}.`)
  try {
    const download = await run('apt-get', ['download', wanted.package], { cwd: into, timeoutMs: 180_000 })
    const file = (await readdir(into)).find((name) => name.endsWith('.deb'))
    if (file === undefined) return { problem: `apt-get download ${wanted.package} failed: ${download.output}` }
    const unpacked = await run('dpkg-deb', ['-x', join(into, file), into], { timeoutMs: 120_000 })
    if (unpacked.code !== 0) return { problem: `dpkg-deb -x ${file} failed: ${unpacked.output}` }
    // Somebody else may have been faster.
    await rename(into, folder).catch(() => undefined)
    return (await isExecutable(path)) ? { path } : { problem: `the package holds no ${wanted.path.join('/')}` }
  } finally {
    await rm(into, { recursive: true, force: true })
  }
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
