import { levelOf } from '../../../mesh/accessLog.ts'

/** A line of a log with its place in it. */
export interface LogLine {
  readonly index: number
  readonly text: string
}

/** A log's lines; the newline at its end begins no line. */
export function linesOf(log: string): readonly string[] {
  if (log === '') return []
  return (log.endsWith('\n') ? log.slice(0, -1) : log).split('\n')
}

/** The lines that hold the text, whatever its case, and tell of trouble where only that is wanted. */
export function linesMatching(
  lines: readonly string[],
  { text, onlyTrouble }: { readonly text: string; readonly onlyTrouble: boolean },
): readonly LogLine[] {
  const wanted = text.trim().toLowerCase()
  const found: LogLine[] = []
  for (const [index, line] of lines.entries()) {
    if (wanted !== '' && !line.toLowerCase().includes(wanted)) continue
    if (onlyTrouble && levelOf(line) === undefined) continue
    found.push({ index, text: line })
  }
  return found
}

/** The line without terminal colours and other control characters, and no longer than can be drawn. */
export function shownText(line: string): string {
  const plain = line
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
  return plain.length > mostShown ? `${plain.slice(0, mostShown)}…` : plain
}

const mostShown = 2000
