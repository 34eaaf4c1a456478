import { textWord } from '../../url.ts'

/** Whose log is shown: a pod and one of its containers; the first of each unless the URL says. */
export const logWords = { pod: textWord(), container: textWord() } as const
