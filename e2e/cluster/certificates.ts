import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../src/demo/prometheus/run.ts'

/** A certificate and its key, as files. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

/** A certificate authority that lives in a folder for one run of the tests. */
export interface Authority extends Pair {
  /** A user's certificate: `name` is who, `groups` are what Kubernetes reads as groups. Valid for `days`; 0 has already ended. */
  readonly forUser: (name: string, groups: readonly string[], days?: number) => Promise<Pair>
  readonly forServer: (name: string, addresses: readonly string[]) => Promise<Pair>
}

/** Makes an authority with openssl, which is wherever Debian's ca-certificates are. */
export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const own = await certificate(folder, name, `/CN=${name}`, ['-days', '2'])
  const signed = ['-CA', own.cert, '-CAkey', own.key]
  return {
    ...own,
    forUser: (user, groups, days = 1) =>
      certificate(folder, `${name}-${user}`, `${groups.map((group) => `/O=${group}`).join('')}/CN=${user}`, [
        ...signed,
        ...['-days', String(days)],
        ...['-addext', 'extendedKeyUsage=clientAuth'],
      ]),
    forServer: (server, addresses) =>
      certificate(folder, `${name}-${server}`, `/CN=${server}`, [
        ...signed,
        ...['-days', '1'],
        ...['-addext', `subjectAltName=${addresses.join(',')}`, '-addext', 'extendedKeyUsage=serverAuth'],
      ]),
  }
}

/** A new private key for signing service accounts' tokens, as a file and in PEM. */
export async function signingKey(folder: string): Promise<{ readonly path: string; readonly pem: string }> {
  const path = join(folder, 'service-accounts.key')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'sec1', format: 'pem' }).toString()
  await writeFile(path, pem, { mode: 0o600 })
  return { path, pem }
}

async function certificate(folder: string, name: string, subject: string, more: readonly string[]): Promise<Pair> {
  const safe = name.replaceAll(/[^\w.-]/g, '_')
  const pair = { cert: join(folder, `${safe}.crt`), key: join(folder, `${safe}.key`) }
  const { code, output } = await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-batch'],
    ...['-keyout', pair.key, '-out', pair.cert, '-subj', subject, ...more],
  ])
  if (code !== 0) throw new Error(`openssl made no certificate of ${name}: ${output}`)
  return pair
}
