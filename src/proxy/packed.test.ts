import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

import { Packed } from './packed.ts'
import type { Worked } from './telemetry.ts'

const worked = (data: string): Worked => ({ data, queries: [], warnings: [], notes: [] })
const answer = (work: Worked, notes: string) => ({ head: '{"data":', worked: work, tail: `,"notes":"${notes}"}` })
const text = async (packed: Promise<Uint8Array>) => gunzipSync(await packed).toString()

function counting() {
  const counts = { packed: 0 }
  return { counts, packed: new Packed(() => (counts.packed += 1)) }
}

test('the very same answer is compressed once, however many ask at once or later', async () => {
  const { counts, packed } = counting()
  const same = worked('"ä"'.repeat(500))
  const [one, two] = [packed.of(answer(same, '')), packed.of(answer(same, ''))]
  expect(await text(one)).toBe(`{"data":${same.data},"notes":""}`)
  expect(await two).toBe(await one)
  await packed.of(answer(same, ''))
  expect(counts.packed).toBe(1)
})

test('what is told to one viewer only is in nobody else’s bytes', async () => {
  const { packed } = counting()
  const same = worked('1')
  expect(await text(packed.of(answer(same, 'mine')))).toContain('mine')
  expect(await text(packed.of(answer(same, 'yours')))).not.toContain('mine')
  for (let at = 0; at < 30; at++) expect(await text(packed.of(answer(same, `note ${at}`)))).toContain(`note ${at}"`)
})

test('an equal answer that was worked out anew is compressed anew', async () => {
  const { counts, packed } = counting()
  await packed.of(answer(worked('1'), ''))
  await packed.of(answer(worked('1'), ''))
  expect(counts.packed).toBe(2)
})
