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
  /** A user's certificate: `name` is who, `groups` are what Kubernetes reads as groups. Valid for a day, or for no time. */
  readonly forUser: (
    name: string,
    groups: readonly string[],
    options?: { readonly isExpired?: boolean },
  ) => Promise<Pair>
  readonly forServer: (name: string, addresses: readonly string[]) => Promise<Pair>
}

/** Makes an authority with openssl, which is wherever Debian's ca-certificates are. */
export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  return authorityOf(folder, name, await certificate(folder, name, `/CN=${name}`, ['-days', '2']))
}

/** The authority that was made in a folder, for tests that sign more. */
export function authorityIn(folder: string, name: string): Authority {
  return authorityOf(folder, name, { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) })
}

function authorityOf(folder: string, name: string, own: Pair): Authority {
  const signed = ['-CA', own.cert, '-CAkey', own.key]
  return {
    ...own,
    forUser: async (user, groups, { isExpired = false } = {}) => {
      const subject = `${groups.map((group) => `/O=${group}`).join('')}/CN=${user}`
      const usage = ['-days', '1', '-addext', 'extendedKeyUsage=clientAuth']
      const pair = await certificate(folder, `${name}-${user}`, subject, [...signed, ...usage])
      if (!isExpired) return pair
      // `req` itself makes none of less than a day: signed anew, to end in the second in which it begins.
      const request = `${pair.cert}.csr`
      await openssl(['req', '-new', '-key', pair.key, '-subj', subject, '-out', request])
      await openssl(['x509', '-req', '-in', request, ...signed, '-CAcreateserial', '-days', '0', '-out', pair.cert])
      return pair
    },
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
  await openssl([
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-batch'],
    ...['-keyout', pair.key, '-out', pair.cert, '-subj', subject, ...more],
  ])
  return pair
}

async function openssl(args: readonly string[]): Promise<void> {
  const { code, output } = await run('openssl', args)
  if (code !== 0) throw new Error(`openssl ${args.join(' ')} failed: ${output}`)
}
