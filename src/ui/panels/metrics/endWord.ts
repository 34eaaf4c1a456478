import { endKinds, type CallEnd } from '../../../mesh/callEnd.ts'
import { endText } from '../../../clients/prometheus/series.ts'
import type { Word } from '../../url.ts'

/** `of=workload/shop-core/catalog-v1`, each part percent-encoded: the one end that the page is about. */
export const endWord: Word<Omit<CallEnd, 'direction'> | undefined> = {
  fallback: undefined,
  expects: 'service, workload or app with its namespace and name, for example workload/shop-core/catalog-v1',
  parse: (text) => {
    const parts = text.split('/')
    const [kindText, namespace, name] = parts.map(decoded)
    const kind = endKinds.find((each) => each === kindText)
    const isNamed = kind !== 'namespace' || namespace === name
    return parts.length === 3 && kind !== undefined && isNamed && isNamespace(namespace) && isName(name)
      ? { kind, namespace, name }
      : undefined
  },
  write: (value) => (value === undefined ? undefined : endText(value)),
}

/** As the proxy has it. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
export function isNamespace(text: string | undefined): text is string {
  return text !== undefined && text !== 'unknown' && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)
}

/** A name telemetry may give a service, workload or app. */
export function isName(text: string | undefined): text is string {
  return text !== undefined && text !== '' && text !== 'unknown' && text.length <= 253
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
