import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Fetches a file over HTTPS, following redirects; rejects unless its sha256 is the one expected. */
export async function download(url: string, file: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(await open(url, 5), tap, createWriteStream(file))
  const actual = hash.digest('hex')
  if (actual !== sha256) throw new Error(`the checksum of ${url} is ${actual}, expected ${sha256}`)
}

function open(url: string, redirects: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = get(url, { timeout: 15_000 }, (response) => {
      const { statusCode = 0 } = response
      const { location } = response.headers
      if (statusCode >= 300 && statusCode < 400 && location !== undefined && redirects > 0) {
        response.resume()
        open(new URL(location, url).href, redirects - 1).then(resolve, reject)
      } else if (statusCode === 200) {
        resolve(response)
      } else {
        response.resume()
        reject(new Error(`${url} answered ${statusCode}`))
      }
    })
    call.on('timeout', () => call.destroy(new Error(`${url} did not answer within 15 s`)))
    call.on('error', reject)
  })
}
