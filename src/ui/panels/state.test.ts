import { expect, test } from 'vitest'

import { HttpError, NetworkError, NotJsonError, TimeoutError } from '../../clients/errors.ts'
import { pageState, stateOfError, type Findings } from './state.ts'

const quiet: Findings = { answer: 'empty', error: null, facts: undefined, factsError: null, hasIstioApi: undefined }
const ours = (status: number, message: string, code = 'upstream_unreachable') =>
  new HttpError('u', status, { kind: 'meshboard', body: { error: { code, message, hint: 'Do this.' } } })
const facts = (hasIstioMetrics: boolean, hasTraffic: boolean) => ({ hasIstioMetrics, hasTraffic })

test.each<[string, Partial<Findings>, string]>([
  ['nothing has come yet', { answer: 'none' }, 'loading'],
  ['there are numbers', { answer: 'full' }, 'ready'],
  ['there are numbers, whatever the facts say', { answer: 'full', facts: facts(false, false) }, 'ready'],
  ['an empty answer waits for the facts', {}, 'loading'],
  ['the mesh has traffic, this scope has none', { facts: facts(true, true) }, 'empty'],
  [
    'nothing of the scope may be seen, whatever the facts say',
    { facts: { ...facts(false, false), asked: { namespaces: [] } }, hasIstioApi: true },
    'nothingVisible',
  ],
  ['all may be seen', { facts: { ...facts(true, true), asked: { namespaces: null } } }, 'empty'],
  ['metrics, but nothing counted', { facts: facts(true, false), hasIstioApi: true }, 'noTraffic'],
  ['Istio’s API, but no metrics', { facts: facts(false, false), hasIstioApi: true }, 'noMetrics'],
  ['neither API nor metrics', { facts: facts(false, false), hasIstioApi: false }, 'noIstio'],
  ['no metrics, and the API may not be asked', { facts: facts(false, false) }, 'noIstio'],
  ['old numbers outlive a failure', { answer: 'full', error: ours(502, 'refused') }, 'stale'],
  ['a failure is not emptiness', { answer: 'empty', error: ours(502, 'refused') }, 'noPrometheus'],
  ['the facts failed too', { factsError: ours(504, 'slow') }, 'noPrometheus'],
])('%s', (_, findings, kind) => {
  expect(pageState({ ...quiet, ...findings }).kind).toBe(kind)
})

test('only a cluster that says so has certainly no Istio', () => {
  const without = { ...quiet, facts: facts(false, false) }
  expect(pageState({ ...without, hasIstioApi: false })).toEqual({ kind: 'noIstio', isCertain: true })
  expect(pageState(without)).toEqual({ kind: 'noIstio', isCertain: false })
})

test.each<[string, Error, string]>([
  ['no answer at all', new NetworkError('u', new Error('ECONNREFUSED')), 'unreachable'],
  ['no answer in time', new TimeoutError('u', 60), 'unreachable'],
  [
    'a gateway’s own page, not our proxy’s words',
    new HttpError('u', 502, { kind: 'other', excerpt: '<html>' }),
    'unreachable',
  ],
  ['our proxy says its Prometheus is gone', ours(503, 'gone'), 'noPrometheus'],
  ['our proxy fails at something else', ours(502, 'no projects', 'projects_unreadable'), 'failed'],
  ['not signed in', ours(401, 'who?'), 'forbidden'],
  ['signed in and refused', ours(403, 'no'), 'forbidden'],
  [
    'a question Prometheus refuses',
    new HttpError('u', 422, {
      kind: 'prometheus',
      body: { status: 'error', errorType: 'execution', error: 'too many samples' },
    }),
    'failed',
  ],
  ['something that is not JSON', new NotJsonError('u', 200, '<html>'), 'failed'],
  ['a mistake of ours', new TypeError('x is undefined'), 'failed'],
])('%s', (_, error, kind) => {
  expect(stateOfError(error).kind).toBe(kind)
})

test('a refusal brings its sentence, its hint and the missing permission', () => {
  const permission = { verb: 'get', group: 'meshboard.io', resource: 'graphs' }
  const error = new HttpError('u', 403, {
    kind: 'meshboard',
    body: { error: { code: 'forbidden', message: 'You may not see the graph', hint: 'Ask an owner.', permission } },
  })
  expect(stateOfError(error)).toEqual({
    kind: 'forbidden',
    cause: 'You may not see the graph',
    hint: 'Ask an owner.',
    permission,
  })
})
