import type { FindError } from '../../../mesh/findParse.ts'
import classes from './FindBar.module.css'

/** Characters shown around the place. */
const around = 24

/** What is wrong with a text and where: the text near the place, carets under it, and the sentence. */
export function FindErrorNote({
  id,
  text,
  error,
}: {
  readonly id: string
  readonly text: string
  readonly error: FindError
}) {
  const { at, length, message } = error
  const start = Math.max(at - around, 0)
  const before = `${start > 0 ? '…' : ''}${text.slice(start, at)}`
  const wrong = text.slice(at, at + Math.min(Math.max(length, 1), around))
  const after = text.slice(at + wrong.length, at + wrong.length + around)
  return (
    <div id={id} className={classes['error']}>
      <pre aria-hidden>
        {before}
        <mark>{wrong === '' ? ' ' : wrong}</mark>
        {after}
        {'\n'}
        {' '.repeat(before.length)}
        <b>{'^'.repeat(Math.max(wrong.length, 1))}</b>
      </pre>
      <p>{message}</p>
    </div>
  )
}
