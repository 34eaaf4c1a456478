import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { acceptedEncodings } from './accepts.ts'

export interface StaticAnswer {
  readonly status: 200 | 304 | 404
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer> | undefined
}

export interface StaticRequest {
  /** As it came, still percent-encoded. */
  readonly path: string
  readonly acceptEncoding: string | undefined
  readonly ifNoneMatch: string | undefined
}

/** Answers for the page and its assets. */
export type StaticFiles = (request: StaticRequest) => Promise<StaticAnswer>

/** A folder without a page in it. */
export class NoPageError extends Error {
  override readonly name = 'NoPageError'
}

type Encoding = 'br' | 'gzip' | 'identity'

interface File {
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly etag: string
  /** Its name holds a hash of its content, so it never changes. */
  readonly isHashed: boolean
  readonly encoded: Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>
}

/**
 * The built page, read into memory once: a request can only name what was there, so no path leads out of the folder.
 * Assets are found by their path; every other path is a route of the app and gets the page with a `<base href>` that leads
 * back to the root from there. Compressed forms are made at the first request for each and kept.
 * Rejects with `NoPageError` where the folder has no `index.html`.
 */
export async function loadStatic(folder: string): Promise<StaticFiles> {
  const files = await filesIn(folder)
  const page = files.get('index.html')
  if (page === undefined) throw new NoPageError(`There is no page in ${folder}: build it with "npm run build"`)
  const pages = new Map<string, File>()

  return async ({ path, acceptEncoding, ifNoneMatch }) => {
    const name = path.slice(1)
    const file = name === 'index.html' ? undefined : files.get(name)
    if (file !== undefined) return answer(file, acceptEncoding, ifNoneMatch)
    if (name !== 'index.html' && isAsset(name))
      return { status: 404, headers: { 'cache-control': 'no-store' }, body: undefined }
    const base = baseOf(path)
    let based = pages.get(base)
    if (based === undefined) {
      based = fileOf('index.html', Buffer.from(withBase(page.bytes, base)))
      // Depths a person reaches are few; a scanner's are not worth memory.
      if (pages.size < 16) pages.set(base, based)
    }
    return answer(based, acceptEncoding, ifNoneMatch)
  }
}

/** From the folder of a request path back to the root, so that it holds under any prefix: `./`, `../`, `../../`. */
export function baseOf(path: string): string {
  const depth = path.split('/').length - 2
  return depth <= 0 ? './' : '../'.repeat(depth)
}

async function answer(
  file: File,
  acceptEncoding: string | undefined,
  ifNoneMatch: string | undefined,
): Promise<StaticAnswer> {
  const encoding = isWorthIt(file) ? preferred(acceptEncoding) : 'identity'
  const etag = `"${file.etag}${encoding === 'identity' ? '' : `-${encoding}`}"`
  const headers = {
    'content-type': file.type,
    'cache-control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag,
    vary: 'Accept-Encoding',
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
  }
  if (ifNoneMatch?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag) === true) {
    return { status: 304, headers, body: undefined }
  }
  let body = file.encoded.get(encoding)
  if (body === undefined) {
    body = encode(file.bytes, encoding)
    file.encoded.set(encoding, body)
  }
  const bytes = await body
  return { status: 200, headers: { ...headers, 'content-length': String(bytes.byteLength) }, body: bytes }
}

const compressBrotli = promisify(brotliCompress)
const compressGzip = promisify(gzip)

async function encode(bytes: Uint8Array<ArrayBuffer>, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
  switch (encoding) {
    case 'br':
      // 9 of 11: within a few per cent of the best, ten times sooner.
      return new Uint8Array(await compressBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
    case 'gzip':
      return new Uint8Array(await compressGzip(bytes, { level: 9 }))
    case 'identity':
      return bytes
  }
}

/** `br` before `gzip`. */
function preferred(acceptEncoding: string | undefined): Encoding {
  const accepted = acceptedEncodings(acceptEncoding)
  if (accepted.includes('br')) return 'br'
  return accepted.includes('gzip') ? 'gzip' : 'identity'
}

function isWorthIt({ type, bytes }: File): boolean {
  return bytes.byteLength > 1024 && /^(text\/|application\/(json|manifest)|image\/svg)/.test(type)
}

async function filesIn(folder: string): Promise<ReadonlyMap<string, File>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new NoPageError(`The folder of the page, ${folder}, cannot be read: build it with "npm run build"`, { cause })
  })
  const files = new Map<string, File>()
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).split(sep).join('/')
    // `.vite/manifest.json` and the like are the build's own.
    if (!entry.isFile() || name.split('/').some((part) => part.startsWith('.'))) continue
    files.set(name, fileOf(name, await readFile(path)))
  }
  return files
}

function fileOf(name: string, content: Buffer): File {
  const bytes = new Uint8Array(content)
  return {
    type: types[extname(name)] ?? 'application/octet-stream',
    bytes,
    etag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    isHashed: /^assets\/.*-[\w-]{8}\.\w+$/.test(name),
    encoded: new Map(),
  }
}

/** Under `assets/`, or with the ending of a file: its absence is a 404, never the page in its place. */
function isAsset(name: string): boolean {
  return name.startsWith('assets/') || types[extname(name)] !== undefined || extname(name) === '.map'
}

/** Right after `<head>`, before anything that has a URL. */
function withBase(page: Uint8Array, base: string): string {
  return new TextDecoder().decode(page).replace(/<head[^>]*>/i, (head) => `${head}<base href="${base}">`)
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}
