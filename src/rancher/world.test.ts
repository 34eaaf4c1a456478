import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

/** What a browser may be sent besides our own code. */
const packages = new Set(['hono', 'yaml', 'zod'])

test('what runs in browsers brings along nothing of Node and none of the server’s packages', async () => {
  const seen = new Set<string>()
  const strays: string[] = []
  const follow = async (file: URL): Promise<void> => {
    if (seen.has(file.href)) return
    seen.add(file.href)
    const text = await readFile(file, 'utf8')
    for (const [, name = ''] of text.matchAll(/^(?:import|export)\s+(?!type\b)[^;'"]*?from '([^']+)'/gm)) {
      if (name.startsWith('.')) await follow(new URL(name, file))
      else if (!packages.has(name)) strays.push(`${file.pathname.split('/src/')[1] ?? ''}: ${name}`)
    }
  }
  await follow(new URL('./open.ts', import.meta.url))
  expect(strays).toEqual([])
  // It did follow the proxy's own files.
  expect([...seen].some((file) => file.endsWith('/proxy/telemetry.ts'))).toBe(true)
})
