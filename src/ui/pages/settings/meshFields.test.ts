import { describe, expect, test } from 'vitest'

import type { MeshSettings } from '../../../clients/settings/meshWire.ts'
import { changedDraft, changeOf, clashesOf, complaintsByField, fieldsOf, movedIn } from './meshFields.ts'

const settings: MeshSettings = {
  tools: {
    kiali: { url: 'https://kiali.example.org' },
    jaeger: { service: { namespace: 'tracing', name: 'query', port: 16686, path: '/jaeger' } },
    grafana: { service: { namespace: 'monitoring', name: 'grafana', port: 'web', scheme: 'https' } },
  },
  peers: 'hide',
  health: [],
  defaults: { window: 900, refresh: 'off', theme: 'dark', page: 'overview' },
}
const saved = fieldsOf({ settings, healthText: '- rule\n' })
const empty = fieldsOf({ settings: { tools: {}, health: [], defaults: {} }, healthText: '' })

test('fields are texts, and say the same when they are saved', () => {
  expect(saved).toEqual({
    kiali: 'https://kiali.example.org',
    jaeger: 'tracing/query:16686/jaeger',
    grafana: 'monitoring/https:grafana:web',
    prometheus: '',
    peers: 'hide',
    window: '15m',
    refresh: 'off',
    theme: 'dark',
    page: 'overview',
    health: '- rule\n',
  })
  expect(changeOf(saved, '7')).toEqual({
    tools: settings.tools,
    peers: 'hide',
    defaults: { window: '15m', refresh: 'off', theme: 'dark', page: 'overview' },
    health: '- rule\n',
    version: '7',
  })
  expect(changeOf(empty, '')).toEqual({ tools: {}, defaults: {}, health: '', version: '' })
  expect(changeOf({ ...empty, kiali: ' javascript:alert(1) ' }, '').tools).toEqual({
    kiali: { url: 'javascript:alert(1)' },
  })
})

describe('a draft', () => {
  test('is what was typed, and nothing once it is typed back', () => {
    const draft = changedDraft(undefined, saved, 'peers', 'full')
    expect(draft?.changed).toEqual({ peers: 'full' })
    expect(changedDraft(draft, saved, 'peers', 'hide')).toBeUndefined()
  })

  test('stays on top of what somebody else saves; both are told where both changed the same', () => {
    const mine = changedDraft(changedDraft(undefined, saved, 'peers', 'full'), saved, 'window', '1h')
    if (mine === undefined) throw new Error('no draft')
    const theirs = { ...saved, peers: 'namespace', theme: 'light' }
    expect(movedIn(mine, theirs)).toEqual(['peers', 'theme'])
    expect(clashesOf(mine, theirs)).toEqual([{ field: 'peers', theirs: 'namespace', mine: 'full' }])
    expect({ ...theirs, ...mine.changed }).toMatchObject({ peers: 'full', window: '1h', theme: 'light' })
    expect(clashesOf(mine, { ...saved, peers: 'full' })).toEqual([])
    expect(clashesOf(mine, saved)).toEqual([])
  })
})

test('complaints stand at their fields', () => {
  const found = complaintsByField(
    ['tools.kiali.url: is no URL', 'health.0.codes (line 1): is wrong', 'health, line 2: is not YAML', 'odd'].join(
      '\n',
    ),
  )
  expect(found.get('kiali')).toEqual(['tools.kiali.url: is no URL'])
  expect(found.get('health')).toHaveLength(2)
  expect(found.get(undefined)).toEqual(['odd'])
  expect(complaintsByField('').size).toBe(0)
})
