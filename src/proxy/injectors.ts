import { isObject } from '../clients/json.ts'
import type { Upstream } from './upstream.ts'

/**
 * The configurations of Istio's injection webhooks, less their certificates and addresses; `undefined` where the viewer may not list
 * them, which members seldom may. They carry the label of the revision they inject for.
 */
export async function readInjectors(
  kubernetes: Upstream,
  signal: AbortSignal,
): Promise<readonly unknown[] | undefined> {
  const { status, json } = await kubernetes({
    path: 'apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
    query: new URLSearchParams({ labelSelector: 'istio.io/rev' }),
    signal,
  })
  if (status !== 200 || !isObject(json) || !Array.isArray(json['items'])) return undefined
  return (json['items'] as readonly unknown[]).map(lean)
}

function lean(item: unknown): unknown {
  if (!isObject(item)) return item
  const { name, labels } = isObject(item['metadata']) ? item['metadata'] : {}
  const hooks = Array.isArray(item['webhooks']) ? (item['webhooks'] as readonly unknown[]) : []
  return { metadata: { name, labels }, webhooks: hooks.map(leanHook) }
}

function leanHook(hook: unknown): unknown {
  if (!isObject(hook)) return hook
  const { name, namespaceSelector, objectSelector } = hook
  return { name, namespaceSelector, objectSelector }
}
