import { createServer } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { listen } from '../demo/launch/listen.ts'
import { demo, demoChild } from './demo.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const silenced = (stream: NodeJS.WriteStream) => vi.spyOn(stream, 'write').mockReturnValue(true)

describe('meshboard demo', () => {
  it('says how to use it when asked', async () => {
    const written = silenced(process.stdout)
    expect(await demo(['--help'])).toBe(0)
    expect(written).toHaveBeenCalledWith(expect.stringContaining('MESHBOARD_DEMO_SEED'))
  })

  it('takes no arguments', async () => {
    const written = silenced(process.stderr)
    expect(await demo(['--fast'])).toBe(2)
    expect(written).toHaveBeenCalledWith(expect.stringContaining('takes no arguments'))
  })

  it('says what to do about a busy port, before it starts anything', async () => {
    const { url, close } = await listen(createServer())
    const { port } = new URL(url)
    vi.stubEnv('PORT', port)
    await expect(demo([])).rejects.toThrow(
      `Port ${port} is in use by another program. Stop that program or choose another port`,
    )
    await close()
  })

  it.each(['', 'http', '-1', '70000', '80.5'])('refuses PORT=%s', async (port) => {
    vi.stubEnv('PORT', port)
    await expect(demo([])).rejects.toThrow(`PORT is "${port}", which is no port.`)
  })

  it('refuses a seed that is no whole number', async () => {
    vi.stubEnv('PORT', '0')
    vi.stubEnv('MESHBOARD_DEMO_SEED', 'lucky')
    await expect(demo([])).rejects.toThrow('MESHBOARD_DEMO_SEED is "lucky"')
  })

  it('starts no child of an unknown kind', async () => {
    await expect(demoChild(['toString'])).rejects.toThrow('not by people')
  })
})
