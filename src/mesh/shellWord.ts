/** One word of a POSIX shell, whatever it holds: a command to paste must never run a name, and many names are a tenant's text. */
export function shellWord(text: string): string {
  // A line feed inside quotes is legal, but terminals run a pasted line at it.
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?')
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`
}
