import type { Injector, InjectorHook, Selector, StringMap } from './objects.ts'
import { at, isObject, listAt, mapAt, textAt } from './reading.ts'

/** Istio's injectors among some MutatingWebhookConfigurations; without any, nothing is injected. */
export function injectorOf(configurations: readonly unknown[]): Injector {
  return { hooks: configurations.flatMap(hooksOf) }
}

function hooksOf(configuration: unknown): readonly InjectorHook[] {
  const labels = mapAt(configuration, 'metadata', 'labels') ?? {}
  const revision = labels['istio.io/rev'] ?? 'default'
  const tag = labels['istio.io/tag']
  return listAt(configuration, 'webhooks').flatMap((hook) => {
    // `namespace.`, `object.`, `rev.namespace.`, `rev.object.`, `auto.`: a prefix for what each selects.
    if (!(textAt(hook, 'name') ?? '').endsWith('sidecar-injector.istio.io')) return []
    return {
      revision,
      ...(tag === undefined ? {} : { tag }),
      namespaces: selectorOf(at(hook, 'namespaceSelector')),
      pods: selectorOf(at(hook, 'objectSelector')),
    }
  })
}

function selectorOf(selector: unknown): Selector {
  return {
    labels: mapAt(selector, 'matchLabels') ?? {},
    expressions: listAt(selector, 'matchExpressions').flatMap((each) => {
      const [key, operator] = [textAt(each, 'key'), textAt(each, 'operator')]
      if (key === undefined || operator === undefined || !isObject(each)) return []
      const values = listAt(each, 'values').filter((value) => typeof value === 'string')
      return { key, operator, values }
    }),
  }
}

/** The revision whose proxy a new pod gets, by its own labels and its namespace's; `undefined`: none. */
export function revisionFor({ hooks }: Injector, namespace: StringMap, pod: StringMap): string | undefined {
  return hooks.find((hook) => isSelected(hook.namespaces, namespace) && isSelected(hook.pods, pod))?.revision
}

/** The revisions, and beside each what stands for it, by name. `default` is what `istio-injection=enabled` asks for. */
export interface Revisions {
  readonly revisions: readonly string[]
  readonly tags: readonly { readonly tag: string; readonly revision: string }[]
  /** Whose proxies `istio-injection=enabled` gives; `undefined`: nobody's, the label does nothing. */
  readonly byDefault: string | undefined
  /** Whether namespaces and pods that say nothing get a sidecar (`enableNamespacesByDefault`). */
  readonly isOnByDefault: boolean
}

export function revisionsOf(injector: Injector): Revisions {
  const { hooks } = injector
  const tags = new Map(hooks.flatMap(({ tag, revision }) => (tag === undefined ? [] : [[tag, revision] as const])))
  const own = hooks.flatMap(({ tag, revision }) => (tag === undefined ? revision : []))
  return {
    revisions: [...new Set([...own, ...tags.values()])].sort(),
    tags: [...tags].map(([tag, revision]) => ({ tag, revision })).sort((a, b) => (a.tag < b.tag ? -1 : 1)),
    byDefault: revisionFor(injector, { 'istio-injection': 'enabled' }, {}),
    isOnByDefault: revisionFor(injector, { 'kubernetes.io/metadata.name': 'a-namespace' }, {}) !== undefined,
  }
}

function isSelected({ labels, expressions }: Selector, of: StringMap): boolean {
  return (
    Object.entries(labels).every(([key, value]) => of[key] === value) &&
    expressions.every(({ key, operator, values }) => {
      const value = of[key]
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value)
        case 'NotIn':
          return value === undefined || !values.includes(value)
        case 'Exists':
          return value !== undefined
        case 'DoesNotExist':
          return value === undefined
        default:
          return false
      }
    })
  )
}
