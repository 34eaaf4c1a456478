import { readFile } from 'node:fs/promises'
import type { ClusterConfig } from './config.ts'
import { RefusalError } from './errors.ts'

/** The credentials for a cluster's Kubernetes API, at this moment. */
export type Token = () => Promise<string | undefined>

const remembered = 30_000

/**
 * The configured token; one from a file is read again every half minute, since Kubernetes rotates what it mounts.
 * https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken
 * Rejects with `RefusalError` where the file cannot be read or is empty.
 */
export function tokenOf(kubernetes: NonNullable<ClusterConfig['kubernetes']>): Token {
  const { token, tokenFile } = kubernetes
  if (tokenFile === undefined) return () => Promise.resolve(token)
  let known: { readonly at: number; readonly token: string } | undefined
  return async () => {
    if (known !== undefined && Date.now() - known.at < remembered) return known.token
    const text = await readFile(tokenFile, 'utf8').catch((cause: unknown) => {
      throw unreadable(cause)
    })
    if (text.trim() === '') throw unreadable()
    known = { at: Date.now(), token: text.trim() }
    return known.token
  }
}

function unreadable(cause?: unknown): RefusalError {
  return new RefusalError(
    {
      status: 502,
      code: 'token_unreadable',
      message: 'The file with the token for the Kubernetes API is empty or cannot be read',
      hint: 'Check the configured tokenFile',
    },
    cause,
  )
}
