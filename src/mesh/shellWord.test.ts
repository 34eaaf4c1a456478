import { execFileSync } from 'node:child_process'

import { expect, test } from 'vitest'

import { shellWord } from './shellWord.ts'

test.each([
  ['reviews-v1', 'reviews-v1'],
  ['service.istio.io/canonical-name=a,b', 'service.istio.io/canonical-name=a,b'],
  ["a'; rm -rf / #", `'a'\\''; rm -rf / #'`],
  ['$(reboot)', `'$(reboot)'`],
  ['a*', `'a*'`],
  ['a\nreboot', `'a?reboot'`],
  ['', `''`],
])('%j is one word of a shell', (text, expected) => {
  expect(shellWord(text)).toBe(expected)
})

test.each(['0; curl x|sh #', '`id`', "'; id; '", '"$(id)"', '~', '{a,b}', '!!', 'a\\', '#', '&&', ' '])(
  'a shell reads %j as it is',
  (text) => {
    const said = execFileSync('/bin/sh', ['-c', `printf '[%s]' ${shellWord(text)}`], { encoding: 'utf8' })
    expect(said).toBe(`[${text}]`)
  },
)
