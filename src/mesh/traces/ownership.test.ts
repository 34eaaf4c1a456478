import fc from 'fast-check'
import { expect, test } from 'vitest'
import { traceOf } from './jaeger.ts'
import { type SpanRights, seenBy } from './ownership.ts'
import { type Span, summaryOf } from './trace.ts'

const rights: SpanRights = {
  namespaces: new Map([
    ['mine', 100],
    ['young', 5000],
  ]),
  cluster: 'blue',
  mustNameCluster: false,
  tellsNamespaces: false,
  tellsPeers: false,
}

const span = (id: string, service: string, tags: Span['tags'] = {}, start = 6000): Span => ({
  id,
  parent: 'root',
  service,
  ...(tags['istio.namespace'] === undefined ? {} : { namespace: tags['istio.namespace'] }),
  operation: `canary-${id}`,
  start,
  duration: 2,
  kind: 'server',
  isError: true,
  status: '503',
  flags: 'UF',
  tags,
  events: [{ at: 1, text: 'canary-event' }],
})

test.each<[string, Span, boolean]>([
  ['by its tag', span('a', 'web.mine', { 'istio.namespace': 'mine' }), true],
  ['by its service’s name alone', span('a', 'web.mine'), true],
  ['by the tag of a collector', span('a', 'web', { 'k8s.namespace.name': 'mine' }), true],
  ['another’s by its tag', span('a', 'web.mine', { 'istio.namespace': 'theirs' }), false],
  [
    'another’s by one of two tags',
    span('a', 'web.mine', { 'istio.namespace': 'mine', 'k8s.namespace.name': 'theirs' }),
    false,
  ],
  ['nobody’s', span('a', 'web'), false],
  ['of a name with more dots', span('a', 'web.mine.example'), false],
  ['of another cluster', span('a', 'web.mine', { 'istio.namespace': 'mine', 'istio.cluster_id': 'green' }), false],
  ['of this cluster', span('a', 'web.mine', { 'istio.namespace': 'mine', 'istio.cluster_id': 'blue' }), true],
  ['from before the namespace was made', span('a', 'web.young', { 'istio.namespace': 'young' }, 4999), false],
  ['from after', span('a', 'web.young', { 'istio.namespace': 'young' }, 5000), true],
])('a span is the viewer’s own: %s', (_, one, isOwn) => {
  expect(seenBy(traceOf('ab', [one]), rights) !== undefined).toBe(isOwn)
})

test('where stores are shared a span that names no cluster is nobody’s', () => {
  const one = traceOf('ab', [span('a', 'web.mine', { 'istio.namespace': 'mine' })])
  expect(seenBy(one, { ...rights, mustNameCluster: true })).toBeUndefined()
})

test('of somebody else’s span nothing is left but when it was and where', () => {
  const theirs = span('b', 'canary.theirs', { 'istio.namespace': 'theirs', 'canary-tag': 'canary' })
  const trace = traceOf('ab', [span('a', 'web.mine'), theirs])
  const seen = seenBy(trace, rights)
  expect(seen?.spans.find(({ id }) => id === 'b')).toEqual({
    id: 'b',
    parent: 'root',
    service: '',
    operation: '',
    start: 6000,
    duration: 2,
    isError: false,
    tags: {},
    events: [],
    isBlank: true,
  })
  expect(seen === undefined ? undefined : summaryOf(seen)).toMatchObject({
    spans: 2,
    errors: 1,
    blank: 1,
    services: ['web.mine'],
  })
  const told = seenBy(trace, { ...rights, tellsNamespaces: true })
  expect(told?.spans.find(({ id }) => id === 'b')?.namespace).toBe('theirs')
})

test('whatever a foreign span says, no word of it passes', () => {
  const words = fc.string().map((text) => `canary${text}`)
  fc.assert(
    fc.property(words, words, fc.dictionary(words, words), (service, namespace, tags) => {
      const foreign: Span = { ...span('b', service, { ...tags, 'istio.namespace': namespace }), operation: service }
      const seen = seenBy(traceOf('ab', [span('a', 'web.mine'), foreign]), rights)
      expect(JSON.stringify(seen?.spans.filter(({ id }) => id === 'b'))).not.toContain('canary')
    }),
  )
})

test('a call of one’s own keeps how it went; whom it called is told only where that is one’s own, or at full sight', () => {
  const tags = {
    'http.url': 'http://canary.theirs/',
    upstream_cluster: 'outbound|80||canary.theirs.svc.cluster.local',
    'http.method': 'GET',
    response_flags: 'UF',
  }
  const call: Span = { ...span('a', 'web.mine', tags), kind: 'client' }
  const callee = { ...span('b', 'db.theirs', { 'istio.namespace': 'theirs' }), parent: 'a' }
  const hidden = seenBy(traceOf('ab', [call, callee]), rights)
  expect(JSON.stringify(hidden)).not.toContain('canary')
  expect(hidden?.spans.find(({ id }) => id === 'a')).toMatchObject({
    service: 'web.mine',
    operation: 'GET',
    status: '503',
    flags: 'UF',
    duration: 2,
    tags: { 'http.method': 'GET', response_flags: 'UF' },
  })
  const own = { ...span('b', 'db.mine'), parent: 'a' }
  expect(seenBy(traceOf('ab', [call, own]), rights)?.spans).toContainEqual(call)
  expect(seenBy(traceOf('ab', [call, callee]), { ...rights, tellsPeers: true })?.spans).toContainEqual(call)
})
