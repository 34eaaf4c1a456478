import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Nginx, startNginx } from '../demo/testing/nginx.ts'
import { blueAnswer, tokens } from '../demo/testing/tenants.ts'
import { requests } from '../mesh/testing/samples.ts'
import { builtCommand, type Upstream, upstream, vector } from './testing.ts'

/** Two replicas as they are deployed: processes that share nothing but the cookie key, behind a real nginx. */
let remove = (): Promise<void> => Promise.resolve()
let folder = ''
let upstreams: readonly Upstream[] = []
let replicas: readonly Replica[] = []
let nginx: Nginx

interface Replica {
  readonly host: string
  readonly process: ChildProcess
}

beforeAll(async () => {
  const built = await builtCommand()
  remove = built.remove
  folder = await mkdtemp(join(tmpdir(), 'meshboard-replicas-'))
  const prometheus = await upstream((query, response) =>
    response.end(
      vector(query.includes('reporter="source"') ? [requests(3, { from: 'mine/web', to: 'mine/cart' })] : []),
    ),
  )
  const kubernetes = await upstream((_query, response, request, body) => {
    const [status, answer] = blueAnswer({ url: request.url ?? '/', headers: request.headers, body })
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  upstreams = [prometheus, kubernetes]
  const config = join(folder, 'meshboard.yaml')
  await writeFile(join(folder, 'keys'), `${Buffer.alloc(32, 7).toString('base64')}\n`)
  await writeFile(
    config,
    JSON.stringify({
      port: 0,
      auth: { mode: 'token', cookieKeyFile: join(folder, 'keys') },
      clusters: [{ name: 'blue', prometheus: { url: prometheus.url }, kubernetes: { url: kubernetes.url } }],
    }),
  )
  replicas = await Promise.all([0, 1].map(() => started(built.command, config)))
  nginx = await startNginx(replicas.map(({ host }) => new URL(`http://${host}`)))
}, 300_000)

afterAll(async () => {
  await nginx.stop()
  await Promise.all(replicas.map(ended))
  await Promise.all(upstreams.map(({ close }) => close()))
  await rm(folder, { recursive: true })
  await remove()
})

describe('two replicas behind nginx', () => {
  it('a session made on one works on the other, and on what is left when that one is gone', async () => {
    const hosts = replicas.map(({ host }) => host).sort()
    const login = await fetch(`${nginx.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ token: tokens.member, prefix: '/' }),
    })
    expect(login.status).toBe(204)
    const cookie = login.headers.getSetCookie().map((line) => line.split(';')[0] ?? '').join('; ') // prettier-ignore
    const question = 'api/clusters/blue/telemetry/requests?namespaces=mine&window=5m&time=1700000000'
    const ask = async () => {
      const session = await fetch(`${nginx.url}/api/session`, { headers: { cookie } })
      const answer = await fetch(`${nginx.url}/${question}`, { headers: { cookie } })
      const { user } = (await session.json()) as { readonly user?: { readonly name: string } }
      const { data } = (await answer.json()) as { readonly data?: { readonly result: readonly unknown[] } }
      return {
        by: [session, answer].map(({ headers }) => headers.get('x-upstream') ?? ''),
        told: { statuses: [session.status, answer.status], user: user?.name, series: data?.result.length },
      }
    }
    const seen = [await ask(), await ask(), await ask()]
    expect([...new Set(seen.flatMap(({ by }) => by))].sort()).toEqual(hosts)
    const [first] = seen
    expect(first?.told).toMatchObject({ statuses: [200, 200], user: 'mara' })
    expect(first?.told.series).toBeGreaterThan(0)
    for (const { told } of seen) expect(told).toEqual(first?.told)

    // It goes as a rollout takes it: what runs is answered, nobody is logged out.
    const [gone, left] = replicas
    if (gone === undefined || left === undefined) throw new Error('there are two replicas')
    await ended(gone)
    for (const { by, told } of [await ask(), await ask()]) {
      expect(told).toEqual(first?.told)
      // nginx names those it tried in vain before the one that answered.
      for (const host of by) expect(host.split(', ').at(-1)).toBe(left.host)
    }
  })
})

/** A replica on a free port, once it says where. */
function started(command: string, config: string): Promise<Replica> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, 'serve', '--config', config], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const host = /meshboard serve: http:\/\/([\w.:]+)/.exec(said)?.[1]
      if (host !== undefined) resolve({ host, process: child })
    })
    child.once('error', reject)
    child.once('close', () => reject(new Error(`meshboard serve ended: ${said}`)))
  })
}

async function ended({ process: child }: Replica): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  await gone
}
