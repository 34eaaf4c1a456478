interface Options {
  /** Makes it the webhook of a revision tag; `default` is the one that answers to the plain label. */
  readonly tag?: string
  /** `enableNamespacesByDefault`. */
  readonly isOnByDefault?: boolean
}

const expression = (key: string, operator: string, values?: readonly string[]) => ({
  key,
  operator,
  ...(values === undefined ? {} : { values }),
})
const inject = 'sidecar.istio.io/inject'
const absent = (...keys: readonly string[]) => keys.map((key) => expression(key, 'DoesNotExist'))

/** A webhook configuration as Istio's chart writes it: for a revision, or for a tag that stands for it. */
export function webhook(revision: string, { tag, isOnByDefault = false }: Options = {}) {
  const label = tag ?? revision
  const hook = (prefix: string, namespaces: readonly object[], pods: readonly object[]) => ({
    name: `${prefix}.sidecar-injector.istio.io`,
    namespaceSelector: { matchExpressions: namespaces },
    objectSelector: { matchExpressions: pods },
  })
  const willing = expression(inject, 'NotIn', ['false'])
  const isDefault = label === 'default'
  return {
    metadata: {
      name:
        tag === undefined ? `istio-sidecar-injector${isDefault ? '' : `-${revision}`}` : `istio-revision-tag-${tag}`,
      labels: {
        app: 'sidecar-injector',
        'istio.io/rev': revision,
        ...(tag === undefined ? {} : { 'istio.io/tag': tag }),
      },
    },
    webhooks: [
      hook('rev.namespace', [expression('istio.io/rev', 'In', [label]), ...absent('istio-injection')], [willing]),
      hook('rev.object', absent('istio.io/rev', 'istio-injection'), [
        willing,
        expression('istio.io/rev', 'In', [label]),
      ]),
      ...(isDefault
        ? [
            hook('namespace', [expression('istio-injection', 'In', ['enabled'])], [willing]),
            hook('object', absent('istio-injection', 'istio.io/rev'), [
              expression(inject, 'In', ['true']),
              ...absent('istio.io/rev'),
            ]),
          ]
        : []),
      ...(isOnByDefault
        ? [
            hook(
              'auto',
              [
                ...absent('istio-injection', 'istio.io/rev'),
                expression('kubernetes.io/metadata.name', 'NotIn', ['kube-system', 'kube-public', 'kube-node-lease']),
              ],
              absent(inject, 'istio.io/rev'),
            ),
          ]
        : []),
    ],
  }
}

/** A default revision, a newer one, and a tag that stands for the newer. */
export const demoInjectors = () => [webhook('default'), webhook('1-28-0'), webhook('1-28-0', { tag: 'canary' })]
