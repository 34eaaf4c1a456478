import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { archives } from './archives.ts'
import { type Machine, obtainPrometheus } from './binary.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meshboard-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A program that says it is Prometheus of that version. */
async function fake(path: string, version: string): Promise<string> {
  const file = join(folder, path)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, `#!/bin/sh\necho "prometheus, version ${version} (branch: x)"\n`)
  await chmod(file, 0o755)
  return file
}

/** A machine with nothing on it: no apt, no archive. */
const machine = (env: Machine['env']): Machine => ({
  env: { XDG_CACHE_HOME: join(folder, 'cache'), PATH: join(folder, 'bin'), ...env },
  platform: 'sunos',
  arch: 'sparc',
  isRoot: false,
  archives,
  packageLists: join(folder, 'lists'),
})

describe('obtaining Prometheus', () => {
  it('takes PROMETHEUS_BIN before the PATH', async () => {
    await fake('bin/prometheus', '2.50.0')
    const named = await fake('mine', '3.1.0')
    expect(await obtainPrometheus(machine({ PROMETHEUS_BIN: named }))).toEqual({
      path: named,
      version: '3.1.0',
      origin: 'PROMETHEUS_BIN',
    })
  })

  it('does not look further when PROMETHEUS_BIN is wrong', async () => {
    await fake('bin/prometheus', '2.50.0')
    const old = await fake('old', '2.15.2')
    await expect(obtainPrometheus(machine({ PROMETHEUS_BIN: old }))).rejects.toThrow(
      /PROMETHEUS_BIN is .*old, but it is version 2.15.2; 2.39 or newer/,
    )
    await expect(obtainPrometheus(machine({ PROMETHEUS_BIN: join(folder, 'nothing') }))).rejects.toThrow(
      /nothing, but it does not run/,
    )
  })

  it('takes the first on the PATH that is new enough', async () => {
    await fake('bin/prometheus', '2.38.9')
    const later = await fake('later/prometheus', '2.39.0')
    const found = await obtainPrometheus(machine({ PATH: `${join(folder, 'bin')}:${join(folder, 'later')}` }))
    expect(found).toEqual({ path: later, version: '2.39.0', origin: 'the PATH' })
  })

  it('takes what an earlier start put into the cache', async () => {
    const cached = await fake('cache/meshboard/prometheus-release/prometheus', '2.55.1')
    expect((await obtainPrometheus(machine({}))).path).toBe(cached)
  })

  it('says what was tried and the three ways to supply one when there is none', async () => {
    const failure = await obtainPrometheus(machine({})).then(
      () => '',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    )
    expect(failure).toContain('only on Debian and Ubuntu')
    expect(failure).toContain('no pinned archive for sunos-sparc')
    expect(failure).toMatch(/1\. set PROMETHEUS_BIN[\s\S]*2\. put prometheus on the PATH[\s\S]*3\. on Debian/)
  })

  it('pins every archive by a whole sha256 and its own address', () => {
    for (const { version, url, sha256 } of Object.values(archives)) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(url).toContain(`/v${version}/prometheus-${version}.`)
    }
    expect(new Set(Object.values(archives).map(({ sha256 }) => sha256)).size).toBe(Object.keys(archives).length)
  })
})
