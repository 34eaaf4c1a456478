import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { type As, connectTo } from './api.ts'
import { type Pair, authorityIn, makeAuthority } from './certificates.ts'
import { authorityName } from './controlPlane.ts'

const facts = inject('cluster')
const api = connectTo(facts)
const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

const asHolder = async ({ cert, key }: Pair): Promise<As> => ({
  cert: await readFile(cert, 'utf8'),
  key: await readFile(key, 'utf8'),
})

describe('a user with a certificate', () => {
  test('is its name and its groups, with what they may do', async () => {
    const pair = await authorityIn(facts.folder, authorityName).forUser('carla', ['bookinfo-viewers', 'night-shift'])
    const as = await asHolder(pair)
    const { json } = await api.demand('POST', whoAmI, { as, body: {} })
    expect(json).toMatchObject({
      status: {
        userInfo: { username: 'carla', groups: ['bookinfo-viewers', 'night-shift', 'system:authenticated'] },
      },
    })
    expect((await api.ask('GET', '/api/v1/namespaces/bookinfo/pods?limit=1', { as })).status).toBe(200)
    expect((await api.ask('GET', '/api/v1/namespaces/shop-web/pods?limit=1', { as })).status).toBe(403)
  })

  test('that has expired is nobody', async () => {
    const pair = await authorityIn(facts.folder, authorityName).forUser('late', ['cluster-owners'], { isExpired: true })
    await sleep(1100)
    expect((await api.ask('GET', '/api/v1/pods?limit=1', { as: await asHolder(pair) })).status).toBe(401)
  })

  test('of another authority is nobody', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'meshboard-foreign-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const pair = await (await makeAuthority(folder, 'foreign-ca')).forUser('mallory', ['system:masters'])
    expect((await api.ask('GET', '/api/v1/pods?limit=1', { as: await asHolder(pair) })).status).toBe(401)
  })
})
