import { readFile } from 'node:fs/promises'
import { RefusalError } from './errors.ts'

/** The text of a file at this moment, without the white space around it. Rejects with `RefusalError` where it is empty or cannot be read. */
export type ReadFile = (file: string) => Promise<string>

const rememberedMs = 10_000

/**
 * Reads configured files (tokens, certificates) again every ten seconds, since Kubernetes rotates what it mounts.
 * https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken
 */
export function createFiles(): ReadFile {
  const known = new Map<string, { readonly at: number; readonly text: Promise<string> }>()
  return (file) => {
    const before = known.get(file)
    if (before !== undefined && Date.now() - before.at < rememberedMs) return before.text
    const text = readTrimmed(file)
    known.set(file, { at: Date.now(), text })
    text.catch(() => known.delete(file))
    return text
  }
}

async function readTrimmed(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, 'cannot be read', cause)
  })
  if (text.trim() === '') throw unreadable(file, 'is empty')
  return text.trim()
}

function unreadable(file: string, problem: string, cause?: unknown): RefusalError {
  return new RefusalError(
    {
      status: 502,
      code: 'file_unreadable',
      message: `A configured file ${problem}: ${file}`,
      hint: 'Check the configuration and who may read the file',
    },
    cause,
  )
}
