import { describe, expect, it } from 'vitest'
import { fieldSelector, labelSelector } from './selector.ts'

const labels = { app: 'reviews', version: 'v2', 'istio.io/rev': 'default' }

describe('a label selector', () => {
  it.each([
    ['', true],
    ['app=reviews', true],
    ['app==reviews', true],
    ['app=ratings', false],
    ['app!=ratings', true],
    ['app!=reviews', false],
    ['tier!=web', true],
    ['version in (v1, v2)', true],
    ['version in (v1,v3)', false],
    ['version notin (v1,v3)', true],
    ['tier notin (web)', true],
    ['tier in (web)', false],
    ['istio.io/rev', true],
    ['!istio.io/rev', false],
    ['!tier', true],
    ['tier', false],
    ['app=reviews,version in (v1,v2),!tier', true],
    ['app=reviews,version=v1', false],
    ['toString', false],
  ])('%s: %s', (text, expected) => {
    expect(labelSelector(text)(labels)).toBe(expected)
  })

  it.each(['a b', 'app in v1', 'app=(x)', '=x', 'app in (a'])('refuses %s with 400', (text) => {
    expect(() => labelSelector(text)).toThrow(
      expect.objectContaining({ status: expect.objectContaining({ code: 400, reason: 'BadRequest' }) as unknown }),
    )
  })
})

describe('a field selector', () => {
  it('knows name and namespace, and refuses others', () => {
    const object = { name: 'reviews-v1', namespace: 'bookinfo' }
    expect(fieldSelector('metadata.name=reviews-v1,metadata.namespace!=shop')(object)).toBe(true)
    expect(fieldSelector('metadata.namespace=shop')(object)).toBe(false)
    expect(() => fieldSelector('spec.color=red')).toThrow('field label not supported: spec.color')
  })
})
