import { expect, test } from 'vitest'
import { flagFacts, flagKinds, flagWords, splitFlags } from './flags.ts'

test('flags are said in words', () => {
  expect(flagWords('UO')).toBe('circuit open')
  expect(flagWords('RL')).toBe('rate limited')
  expect(flagWords('UAEX')).toBe('refused')
  expect(flagWords('RBAC')).toBe('refused')
  expect(flagWords('DC')).toBe('client left')
  expect(flagWords('UF,URX')).toBe('connection failed, retries used up')
  expect(flagWords('-')).toBe('')
  expect(flagWords(undefined)).toBe('')
  expect(flagWords('UF,BRANDNEW')).toBe('connection failed, BRANDNEW')
})

test('each fact names its flag, a sentence and a page of Envoy', () => {
  const facts = flagFacts(
    'UH,UF,UO,NR,URX,NC,DT,DC,LH,UT,LR,UR,UC,DI,FI,RL,UAEX,RLSE,IH,SI,DPE,UPE,UMSDR,RFCF,NFCF,OM,DF,DO,DR,UDO',
  )
  expect(facts).toHaveLength(30)
  for (const { text, link, name, words } of facts) {
    expect(text).toMatch(/^[A-Z].*\.$/)
    expect(link).toMatch(/^https:\/\/www\.envoyproxy\.io\/docs\//)
    expect(name).toMatch(/^[A-Z][A-Za-z]+$/)
    expect(words).not.toBe('')
  }
})

test('an unlisted flag is trouble, a listed one says whose', () => {
  expect(flagKinds('UF,DC,FI,UO,RFCF,XYZ')).toEqual([
    'neverReached',
    'client',
    'injected',
    'refused',
    'neutral',
    'upstream',
  ])
})

test('spaces, empty parts and dashes are no flags', () => {
  expect(splitFlags(' UF , ,-,URX')).toEqual(['UF', 'URX'])
  expect(splitFlags('')).toEqual([])
})
