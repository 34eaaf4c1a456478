import { HttpError, NetworkError, NotJsonError, TimeoutError, TooLargeError, looksLikeHtml } from '../clients/errors.ts'

/** Which upstream failed, why, and what a person can try, in up to three lines. */
export function failureWords(upstream: string, asked: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error)
  return `${upstream} failed on the query ${asked}: ${oneLine(why)}\n  What to try: ${advice(error)}`
}

function advice(error: unknown): string {
  if (error instanceof NetworkError) {
    return 'is it running there, and reachable from this machine? In a cluster, kubectl port-forward makes it reachable.'
  }
  if (error instanceof TimeoutError) return 'a shorter --window or fewer --namespaces; or the server is overloaded.'
  if (error instanceof TooLargeError) return 'fewer --namespaces, or a narrower --matcher.'
  if (error instanceof NotJsonError) {
    return looksLikeHtml(error.excerpt)
      ? 'the address leads to a web page (a login, or another program); --prometheus-url must be the part before /api/v1.'
      : 'the answer broke off or is not the Prometheus API; --prometheus-url must be the part before /api/v1. Try once more.'
  }
  if (error instanceof HttpError) return statusAdvice(error.status)
  return 'run it once more; if it stays, the message above is the whole story.'
}

function statusAdvice(status: number): string {
  if (status === 401 || status === 403) {
    return 'credentials: https://user:password@host in --prometheus-url, or a bearer token in MESHBOARD_PROMETHEUS_TOKEN.'
  }
  if (status === 404) return 'a path prefix may be missing: --prometheus-url must be the part before /api/v1.'
  if (status === 429 || status === 503 || status === 504)
    return 'wait, or ask for less: a shorter --window, fewer --namespaces.'
  if (status === 400 || status === 422) return 'check --matcher and --window; the message above is the server’s own.'
  return 'look at the server’s own log; the message above is all it said.'
}

/** Text from elsewhere on one line, shortened, without control characters that a terminal would obey. */
export function oneLine(text: string, longest = 500): string {
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim()
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain
}
