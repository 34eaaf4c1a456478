import { isNode, LineCounter, parseDocument, stringify } from 'yaml'

/** A piece of a line, by what it is. */
export interface Token {
  readonly kind: 'key' | 'mark' | 'text' | 'number' | 'comment'
  readonly text: string
}

/** An object as `kubectl get -o yaml` prints it: without `managedFields`, kind first. */
export function yamlOf(object: Readonly<Record<string, unknown>>): string {
  const { apiVersion, kind, metadata, ...others } = object
  const kept =
    typeof metadata === 'object' && metadata !== null
      ? Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== 'managedFields'))
      : metadata
  return stringify(
    {
      ...(apiVersion === undefined ? {} : { apiVersion }),
      ...(kind === undefined ? {} : { kind }),
      metadata: kept,
      ...others,
    },
    // kubectl reads YAML 1.1, where a bare `yes` is no text: https://yaml.org/type/bool.html
    { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false },
  )
}

/**
 * The line (from 0) of a path such as `spec.http[1].route[0].destination.host`, or of the nearest part of it that is there; `undefined`
 * where nothing of it is.
 */
export function lineAt(yaml: string, path: string): number | undefined {
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines })
  const steps = path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step))
  for (let length = steps.length; length > 0; length -= 1) {
    const found = document.getIn(steps.slice(0, length), true)
    const start = isNode(found) ? found.range?.[0] : undefined
    if (start === undefined) continue
    const line = lines.linePos(start).line - 1
    // What a key holds begins on the line below it; the key is what the reader looks for.
    const isBelow = typeof steps[length - 1] === 'string' && startsLine(yaml, start)
    return isBelow ? Math.max(0, line - 1) : line
  }
  return undefined
}

function startsLine(yaml: string, offset: number): boolean {
  return yaml.slice(yaml.lastIndexOf('\n', offset - 1) + 1, offset).trim() === ''
}

/** A line of YAML in pieces, enough to tell keys from values: not a parser, and no line is lost or changed. */
export function tokensOf(line: string): readonly Token[] {
  const parts = /^(\s*(?:- )*)(?:((?:"[^"]*"|'[^']*'|[^\s"'#][^:#]*):)(?=\s|$))?(.*)$/.exec(line)
  const [, lead = '', key = '', rest = line] = parts ?? []
  return [
    ...(lead === '' ? [] : [{ kind: 'mark', text: lead } as const]),
    ...(key === '' ? [] : [{ kind: 'key', text: key } as const]),
    ...value(rest),
  ]
}

function value(text: string): readonly Token[] {
  if (text === '') return []
  const bare = text.trim()
  if (bare.startsWith('#')) return [{ kind: 'comment', text }]
  return [{ kind: /^(-?\d+(\.\d+)?|true|false|null)$/.test(bare) ? 'number' : 'text', text }]
}
