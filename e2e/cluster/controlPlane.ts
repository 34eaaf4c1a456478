import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../src/demo/launch/listen.ts'
import { personas } from '../../src/demo/cluster/personas.ts'
import { type Api, connectTo } from './api.ts'
import { obtainBinaries } from './binaries.ts'
import { makeAuthority, signingKey } from './certificates.ts'
import { testUsers } from './people.ts'

/** What a test file needs to know of the running cluster: plain data, so that it crosses to the test's process. */
export interface ClusterFacts {
  /** `https://127.0.0.1:12345`. */
  readonly url: string
  /** Its authority, in PEM. */
  readonly ca: string
  /** The same as a file. */
  readonly caFile: string
  readonly folder: string
  /** A bearer token of `system:masters`. */
  readonly adminToken: string
  /** What the cluster signs service accounts' tokens with. */
  readonly signingKey: string
}

export interface ControlPlane {
  readonly facts: ClusterFacts
  readonly api: Api
  readonly stop: () => Promise<void>
}

/** Who the cluster takes a service account's token from, and for. */
export const issuer = 'https://kubernetes.default.svc'

/** Of the cluster's own authority, in `ClusterFacts.folder`. */
export const authorityName = 'meshboard-test-ca'

const adminToken = 'test-admin-0c7d'

/**
 * An etcd and a real kube-apiserver with RBAC, on loopback, with the demo's personas and more users by static tokens
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#static-token-file), client certificates and service
 * accounts. Of the controllers none runs: what a test needs of them it does itself.
 */
export async function startControlPlane(): Promise<ControlPlane> {
  const { etcd, apiServer } = await obtainBinaries()
  const folder = await mkdtemp(join(tmpdir(), 'meshboard-cluster-'))
  const children: ChildProcess[] = []
  const stop = async (): Promise<void> => {
    for (const child of children.reverse()) await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const [port, etcdPort, peerPort] = await Promise.all([freePort(), freePort(), freePort()])
    const authority = await makeAuthority(folder, authorityName)
    const serving = await authority.forServer('kube-apiserver', ['IP:127.0.0.1', 'DNS:localhost'])
    const { path: signing, pem } = await signingKey(folder)
    const tokens = join(folder, 'tokens.csv')
    await writeFile(tokens, tokenLines(), { mode: 0o600 })

    const etcdUrl = `http://127.0.0.1:${etcdPort}`
    const peerUrl = `http://127.0.0.1:${peerPort}`
    children.push(
      launch(etcd, [
        ...['--name', 'test', '--data-dir', join(folder, 'etcd'), '--logger', 'zap', '--log-level', 'error'],
        ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
        ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
        ...['--initial-cluster', `test=${peerUrl}`],
      ]),
      launch(apiServer, [
        `--etcd-servers=${etcdUrl}`,
        `--secure-port=${port}`,
        '--bind-address=127.0.0.1',
        '--advertise-address=127.0.0.1',
        '--endpoint-reconciler-type=none',
        `--cert-dir=${folder}`,
        `--tls-cert-file=${serving.cert}`,
        `--tls-private-key-file=${serving.key}`,
        `--client-ca-file=${authority.cert}`,
        `--token-auth-file=${tokens}`,
        '--authorization-mode=RBAC',
        '--disable-admission-plugins=ServiceAccount',
        '--service-cluster-ip-range=10.43.0.0/16',
        `--service-account-issuer=${issuer}`,
        `--service-account-key-file=${signing}`,
        `--service-account-signing-key-file=${signing}`,
        '--v=0',
      ]),
    )
    const facts: ClusterFacts = {
      url: `https://127.0.0.1:${port}`,
      ca: await readFile(authority.cert, 'utf8'),
      caFile: authority.cert,
      folder,
      adminToken,
      signingKey: pem,
    }
    const api = connectTo(facts)
    await ready(api, children)
    return { facts, api, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** `token,user,uid,"group,group"`. */
function tokenLines(): string {
  const people = [
    ...personas.map(({ token, name, id, groups }) => ({ token, name, id: `u-${id}`, groups })),
    ...testUsers.map(({ token, name, groups }) => ({ token, name, id: `u-${name}`, groups })),
    { token: adminToken, name: 'test-admin', id: 'u-test-admin', groups: ['system:masters'] },
  ]
  // Kubernetes itself adds the group of everybody who is known.
  const own = (groups: readonly string[]) => groups.filter((group) => group !== 'system:authenticated').join(',')
  return people.map(({ token, name, id, groups }) => `${token},${name},${id},"${own(groups)}"\n`).join('')
}

async function ready(api: Api, children: readonly ChildProcess[]): Promise<void> {
  const until = Date.now() + 180_000
  let last = ''
  while (Date.now() < until) {
    for (const child of children) {
      if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended: ${lastWords.get(child) ?? ''}`)
    }
    // RBAC's own roles are written after the port is open.
    const answer = await api.ask('GET', '/readyz').catch((error: unknown) => ({ status: 0, text: String(error) }))
    if (answer.status === 200) return
    last = answer.text
    await sleep(250)
  }
  throw new Error(
    `kube-apiserver did not become ready in three minutes: ${last}\n${[...children].map((child) => lastWords.get(child) ?? '').join('\n')}`,
  )
}

const lastWords = new WeakMap<object, string>()

function launch(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  child.on('error', (error) => lastWords.set(child, error.message))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords.set(child, ((lastWords.get(child) ?? '') + text).slice(-4000))
  })
  return child
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}
