import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../../src/demo/prometheus/run.ts'

/** What a control plane is made of. */
export interface Binaries {
  readonly etcd: string
  readonly apiServer: string
}

const here = fileURLToPath(new URL('.', import.meta.url))
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meshboard')

/** One version for kube-apiserver; the newest that Debian's etcd 3.4.23 serves. `go/kube-apiserver/go.mod` names it too. */
export const kubernetesVersion = 'v1.30.14'
const helmVersion = 'v3.22.0'

/**
 * An etcd and a kube-apiserver: envtest's folder where KUBEBUILDER_ASSETS names one, else Debian's etcd and an API server built once
 * from the Kubernetes Go module. Rejects with what to do; nothing is skipped.
 */
export async function obtainBinaries(): Promise<Binaries> {
  const assets = process.env['KUBEBUILDER_ASSETS']
  if (assets !== undefined && assets !== '') {
    const found = { etcd: join(assets, 'etcd'), apiServer: join(assets, 'kube-apiserver') }
    for (const path of Object.values(found)) {
      if (!(await exists(path))) throw new Error(`KUBEBUILDER_ASSETS is ${assets}, but ${path} is not there`)
    }
    return found
  }
  const etcd = (await onPath('etcd')) ?? (await debianProgram('etcd-server', 'etcd'))
  return { etcd, apiServer: await obtainApiServer() }
}

/** kube-apiserver, built unless an earlier build is in the cache. */
function obtainApiServer(): Promise<string> {
  const [major = '', minor = ''] = kubernetesVersion.slice(1).split('.')
  const stamp = (name: string, value: string) => `-X k8s.io/component-base/version.${name}=${value}`
  return built('kube-apiserver', '.', [
    stamp('gitVersion', kubernetesVersion),
    stamp('gitMajor', major),
    stamp('gitMinor', minor),
  ])
}

/** Helm: HELM_BIN, the PATH, or built once from its Go module, as above. */
export async function obtainHelm(): Promise<string> {
  const named = process.env['HELM_BIN']
  if (named !== undefined && named !== '') return named
  const stamp = `-X helm.sh/helm/v3/internal/version.version=${helmVersion}`
  return (await onPath('helm')) ?? built('helm', 'helm.sh/helm/v3/cmd/helm', [stamp])
}

/** Jaeger with everything in memory: JAEGER_BIN, the PATH, or built once from its Go module, as above. */
export async function obtainJaeger(): Promise<string> {
  const named = process.env['JAEGER_BIN']
  if (named !== undefined && named !== '') return named
  return (await onPath('jaeger-all-in-one')) ?? built('jaeger', 'github.com/jaegertracing/jaeger/cmd/all-in-one', [])
}

/** The folder of a published Go module, fetched if need be and checked against Go's checksum database. */
export async function moduleFolder(module: string, version: string): Promise<string> {
  const { code, output } = await run(await go(), ['mod', 'download', '-json', `${module}@${version}`], {
    cwd: here,
    timeoutMs: 300_000,
  })
  const json = /\{[\s\S]*\}/.exec(output)?.[0]
  const { Dir } = json === undefined ? {} : (JSON.parse(json) as { readonly Dir?: string })
  if (code !== 0 || Dir === undefined) throw new Error(`go mod download ${module}@${version} failed: ${output}`)
  return Dir
}

/** Builds `go/<name>` into the cache, under a hash of its sources: a new version is a new build. */
async function built(name: string, main: string, stamps: readonly string[]): Promise<string> {
  const folder = join(here, 'go', name)
  const hash = createHash('sha256').update(stamps.join())
  for (const file of (await readdir(folder)).sort()) hash.update(await readFile(join(folder, file)))
  const program = join(cache, `${name}-${hash.digest('hex').slice(0, 12)}`, name)
  if (await exists(program)) return program
  await mkdir(cache, { recursive: true })
  const into = await mkdtemp(join(cache, `${name}.`))
  try {
    const started = Date.now()
    process.stderr.write(`Building ${name} from its Go module: some minutes, once.\n`)
    const flags = ['-p', '2', '-trimpath', '-ldflags', ['-s', '-w', ...stamps].join(' ')]
    const { code, output } = await run(await go(), ['build', ...flags, '-o', join(into, name), main], {
      cwd: folder,
      timeoutMs: 45 * 60_000,
      env: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false' },
    })
    if (code !== 0) throw new Error(`go build of ${name} failed:\n${output.slice(-2000)}`)
    process.stderr.write(`Built ${name} in ${Math.round((Date.now() - started) / 1000)} s.\n`)
    await mkdir(join(program, '..'), { recursive: true })
    await rename(join(into, name), program)
    return program
  } finally {
    await rm(into, { recursive: true, force: true })
  }
}

/** Debian's package, unpacked into the cache without installing it. */
async function debianProgram(name: string, program: string): Promise<string> {
  const folder = join(cache, `${name}-debian`)
  const path = join(folder, 'usr', 'bin', program)
  if (await exists(path)) return path
  await mkdir(cache, { recursive: true })
  const into = await mkdtemp(`${folder}.`)
  const demand = async (command: string, args: readonly string[]): Promise<void> => {
    const { code, output } = await run(command, args, { cwd: into, timeoutMs: 180_000 })
    if (code === 0) return
    throw new Error(
      `The cluster tests need etcd: ${command} ${args.join(' ')} failed: ${output.slice(-500)}\nPut etcd 3.4.23 or newer on the PATH, or name a folder with etcd and kube-apiserver in KUBEBUILDER_ASSETS.`,
    )
  }
  try {
    const knows = await run('apt-cache', ['show', name])
    if (knows.code !== 0 && process.getuid?.() === 0) await demand('apt-get', ['update', '-qq'])
    await demand('apt-get', ['download', name])
    const file = (await readdir(into)).find((each) => each.endsWith('.deb')) ?? `${name}.deb`
    await demand('dpkg-deb', ['-x', file, '.'])
    await rm(join(into, file))
    await rename(into, folder)
    return path
  } finally {
    await rm(into, { recursive: true, force: true })
  }
}

async function go(): Promise<string> {
  const found = (await onPath('go')) ?? ((await exists('/usr/local/go/bin/go')) ? '/usr/local/go/bin/go' : undefined)
  if (found !== undefined) return found
  throw new Error('These tests need Go 1.26 or newer, to build what is not here: https://go.dev/dl/')
}

async function onPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    if (await exists(join(folder, program))) return join(folder, program)
  }
  return undefined
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
