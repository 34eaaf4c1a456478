import { describe, expect, test } from 'vitest'
import { metricsReview } from '../mesh/access.ts'
import { RefusalError } from './errors.ts'
import { kubernetesUsers } from './kubernetesUser.ts'
import type { UpstreamAnswer, UpstreamRequest } from './upstream.ts'
import { credentialsOf } from './viewer.ts'

const token = (text: string) => {
  const credentials = credentialsOf(text)
  if (credentials === undefined) throw new Error('no token')
  return credentials
}
const answered = (status: number, json: unknown): UpstreamAnswer => ({ status, json, text: JSON.stringify(json) })
const reviewed = (allowed: boolean, more = {}) => answered(201, { status: { allowed, ...more } })
const person = (username: string) => answered(201, { status: { userInfo: { username, groups: ['team'] } } })
const none = answered(404, { kind: 'Status', message: 'the server could not find the requested resource' })

function users(answer: (request: UpstreamRequest) => UpstreamAnswer | Promise<UpstreamAnswer>) {
  const clock = { now: 1000 }
  const asked: UpstreamRequest[] = []
  const known = kubernetesUsers(
    (request) => {
      asked.push(request)
      return Promise.resolve(answer(request))
    },
    { own: undefined, reviewSeconds: 30, now: () => clock.now },
  )
  return { known, asked, clock }
}

const isReview = ({ path }: UpstreamRequest): boolean => path.endsWith('/selfsubjectaccessreviews')

describe('who somebody is', () => {
  test.each(['v1', 'v1beta1', 'v1alpha1'])('is told by a SelfSubjectReview of %s', async (version) => {
    const { known, asked } = users(({ path }) => (path.includes(`/${version}/`) ? person('mara') : none))
    expect(await known.whoIs(token('good'))).toEqual({ name: 'mara', groups: ['team'] })
    expect(asked.at(-1)?.json).toMatchObject({
      apiVersion: `authentication.k8s.io/${version}`,
      kind: 'SelfSubjectReview',
    })
    expect(asked.every(({ headers }) => headers?.['authorization'] === 'Bearer good')).toBe(true)
  })

  test.each([404, 403])(
    'is nobody by name where the cluster has no such review (%i), if it takes the token',
    async (status) => {
      const missing = answered(status, { kind: 'Status', message: 'no' })
      const { known, asked } = users((request) => (isReview(request) ? reviewed(false) : missing))
      expect(await known.whoIs(token('good'))).toEqual({ name: 'somebody', groups: [] })
      expect(asked.filter(isReview)).toHaveLength(1)
    },
  )

  test('is refused where an old cluster does not take the token', async () => {
    const { known } = users((request) => (isReview(request) ? answered(401, {}) : none))
    await expect(known.whoIs(token('bad'))).rejects.toMatchObject({ refusal: { status: 401, code: 'token_refused' } })
  })

  test.each<[string, UpstreamAnswer, number]>([
    ['401', answered(401, { kind: 'Status' }), 401],
    ['anonymous', person('system:anonymous'), 401],
    ['a person without a name', answered(201, { status: { userInfo: {} } }), 401],
    ['no person', answered(201, {}), 401],
    ['500', answered(500, {}), 502],
  ])('is refused where the cluster says %s, and asked again the next time', async (_, answer, status) => {
    const { known, asked } = users(() => answer)
    await expect(known.whoIs(token('bad'))).rejects.toMatchObject({ refusal: { status } })
    const before = asked.length
    await expect(known.whoIs(token('bad'))).rejects.toBeInstanceOf(RefusalError)
    expect(asked.length).toBeGreaterThan(before)
  })
})

describe('what somebody may', () => {
  test('is believed for thirty seconds and no longer, for that one alone', async () => {
    let allowed = true
    const { known, asked, clock } = users(() => reviewed(allowed))
    const [one, other] = [token('one'), token('other')]
    expect((await known.may(one, metricsReview('mine'))).allowed).toBe(true)
    allowed = false
    clock.now += 29.9
    expect((await known.may(one, metricsReview('mine'))).allowed).toBe(true)
    expect((await known.may(other, metricsReview('mine'))).allowed).toBe(false)
    expect((await known.may(one, metricsReview('theirs'))).allowed).toBe(false)
    expect((await known.may(one, metricsReview())).allowed).toBe(false)
    clock.now += 0.1
    expect((await known.may(one, metricsReview('mine'))).allowed).toBe(false)
    expect(asked).toHaveLength(5)
  })

  test.each<[string, UpstreamAnswer]>([
    ['a denial beside an allowance', reviewed(true, { denied: true })],
    ['a denial', reviewed(false, { reason: 'no' })],
  ])('%s is no', async (_, answer) => {
    expect((await users(() => answer).known.may(token('one'), metricsReview('mine'))).allowed).toBe(false)
  })

  test.each<[string, UpstreamAnswer]>([
    ['nothing', answered(201, {})],
    ['a word', answered(201, { status: { allowed: 'true' } })],
    ['a failure', answered(500, { status: { allowed: true } })],
  ])('%s is no answer, and keeps the door closed', async (_, answer) => {
    await expect(users(() => answer).known.may(token('one'), metricsReview('mine'))).rejects.toMatchObject({
      refusal: { code: 'reviews_unanswered' },
    })
  })
})

test('tokens that nobody has shown to be good do not keep the reviews of others waiting', async () => {
  const held: (() => void)[] = []
  const { known } = users(({ headers }) => {
    if (headers?.['authorization'] !== 'Bearer good') {
      return new Promise((resolve) => held.push(() => resolve(answered(401, {}))))
    }
    return { ...person('mara'), json: { status: { userInfo: { username: 'mara' }, allowed: true } } }
  })
  const good = token('good')
  await known.whoIs(good)
  const strangers = Array.from({ length: 500 }, (_, index) => known.whoIs(token(`bad-${index}`)).catch(() => 'refused'))
  expect((await known.may(good, metricsReview('mine'))).allowed).toBe(true)
  expect(held.length).toBeLessThanOrEqual(4)
  const done = Promise.all(strangers)
  const progress = { isDone: false }
  void done.then(() => (progress.isDone = true))
  while (!progress.isDone) {
    for (const release of held.splice(0)) release()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(new Set(await done)).toEqual(new Set(['refused']))
})
