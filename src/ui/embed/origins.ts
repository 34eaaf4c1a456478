/**
 * Whether a page of `origin` may speak to us: whether one of the sources of `frame-ancestors` covers it. `own` is our own origin, which
 * `'self'` stands for. As CSP matches, with the exception that `*` and schemes alone (`https:`) cover nobody: a token is not taken from
 * just anyone. https://www.w3.org/TR/CSP3/#match-url-to-source-expression
 */
export function isCovered(origin: string, sources: readonly string[], own: string): boolean {
  return sources.some((source) => {
    if (source === "'self'") return origin === own
    return matches(origin, source, own)
  })
}

/** The origins that the sources name in full: whom a message can be addressed to without knowing who is there. */
export function namedOrigins(sources: readonly string[], own: string): readonly string[] {
  return sources.flatMap((source) => {
    if (source === "'self'") return [own]
    if (source.includes('*') || !source.includes('://') || !URL.canParse(source)) return []
    return [new URL(source).origin]
  })
}

function matches(origin: string, source: string, own: string): boolean {
  const parts = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*\.)?([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d+|\*))?(?:\/.*)?$/i.exec(
    source,
  )
  if (parts === null || !URL.canParse(origin)) return false
  const [, scheme, wildcard, host = '', port] = parts
  const asked = new URL(origin)
  const name = host.toLowerCase()
  const isHost = wildcard === undefined ? asked.hostname === name : asked.hostname.endsWith(`.${name}`)
  const wanted = scheme === undefined ? new URL(own).protocol : `${scheme.toLowerCase()}:`
  // A source over http covers the same host over https.
  const isScheme = asked.protocol === wanted || (wanted === 'http:' && asked.protocol === 'https:')
  const isPort = port === '*' || asked.port === defaultless(port, asked.protocol)
  return isHost && isScheme && isPort
}

/** As `URL` writes a port: not at all where it is the scheme's own. */
function defaultless(port: string | undefined, protocol: string): string {
  return port === undefined || port === (protocol === 'https:' ? '443' : '80') ? '' : port
}
