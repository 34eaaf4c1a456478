import { expect, test } from 'vitest'
import { RefusalError } from './errors.ts'
import type { KubernetesUsers } from './kubernetesUser.ts'
import { createStanding } from './standing.ts'
import { credentialsOf } from './viewer.ts'

const named = (...names: readonly string[]) => ({ items: names.map((name) => ({ metadata: { name } })) })
const entry = (hosts: unknown, exportTo?: unknown) => ({
  spec: { hosts, ...(exportTo === undefined ? {} : { exportTo }) },
})

function standing(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = []
  const clock = { now: 1000 }
  const users: KubernetesUsers = {
    whoIs: () => Promise.reject(new Error('not asked')),
    may: () => Promise.reject(new Error('not asked')),
    ask: (_, { path }) => {
      asked.push(path)
      const json = answers[path]
      return Promise.resolve({ status: json === undefined ? 403 : 200, json, text: '' })
    },
  }
  const user = credentialsOf('token')
  if (user === undefined) throw new Error('no token')
  const known = createStanding(users, { seconds: 30, now: () => clock.now })
  return { asked, clock, of: (...namespaces: readonly string[]) => known(user, namespaces) }
}

const entries = (namespace: string): string => `apis/networking.istio.io/v1/namespaces/${namespace}/serviceentries`
const services = (namespace: string): string => `api/v1/namespaces/${namespace}/services`

test('Services stand in their namespace; of ServiceEntries only hosts that no other namespace can see', async () => {
  const { of } = standing({
    [services('mine')]: named('shop', 'web'),
    [entries('mine')]: {
      items: [
        entry(['own.example.com'], ['.']),
        entry(['named.example.com'], ['mine']),
        entry(['everywhere.example.com'], ['*']),
        entry(['by-default.example.com']),
        entry(['nowhere-said.example.com'], []),
        entry(['also-theirs.example.com'], ['.', 'theirs']),
        entry(['*.wild.example.com', 'tame.example.com'], ['.']),
        entry(['no-list.example.com'], '.'),
        entry('no-list.example.com', ['.']),
        entry([7, null], ['.']),
        null,
        {},
      ],
    },
  })
  expect(await of('mine')).toEqual({
    services: ['shop.mine.svc', 'web.mine.svc'],
    entries: ['own.example.com', 'named.example.com', 'tame.example.com'],
  })
})

test('what may not be read, or cannot be understood, does not stand', async () => {
  const { of } = standing({ [services('mine')]: { items: 'none' }, [services('other')]: named('shop') })
  expect(await of('mine', 'other')).toEqual({ services: ['shop.other.svc'], entries: [] })
})

test('each namespace is read once in as long as it is remembered, for whoever asks with it', async () => {
  const { of, asked, clock } = standing({ [services('mine')]: named('shop') })
  await Promise.all([of('mine'), of('mine', 'other')])
  expect(asked.sort()).toEqual([entries('mine'), entries('other'), services('mine'), services('other')].sort())
  clock.now += 30
  await of('mine')
  expect(asked).toHaveLength(6)
})

test('a token that is no longer taken is told, not taken for nothing', async () => {
  const refused = new RefusalError({ status: 401, code: 'token_refused', message: 'no' })
  const users: KubernetesUsers = {
    whoIs: () => Promise.reject(refused),
    may: () => Promise.reject(refused),
    ask: () => Promise.reject(refused),
  }
  const user = credentialsOf('token')
  if (user === undefined) throw new Error('no token')
  await expect(createStanding(users, { seconds: 30, now: () => 1 })(user, ['mine'])).rejects.toBe(refused)
})
