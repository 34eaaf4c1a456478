import type { KubernetesObject } from '../../clients/kubernetes/wire.ts'
import { metadata } from './metadata.ts'

const expression = (key: string, operator: string, values?: readonly string[]) => ({
  key,
  operator,
  ...(values !== undefined && { values }),
})
const absent = (...keys: readonly string[]) => keys.map((key) => expression(key, 'DoesNotExist'))
const willing = expression('sidecar.istio.io/inject', 'NotIn', ['false'])

const hook = (prefix: string, namespaces: readonly object[], pods: readonly object[]) => ({
  name: `${prefix}.sidecar-injector.istio.io`,
  clientConfig: { service: { namespace: 'istio-system', name: 'istiod', path: '/inject', port: 443 } },
  rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], scope: '*' }],
  // Istio's own say Fail: where the same objects stand in a real cluster, nobody answers there.
  failurePolicy: 'Ignore',
  matchPolicy: 'Equivalent',
  reinvocationPolicy: 'Never',
  timeoutSeconds: 1,
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  namespaceSelector: { matchExpressions: namespaces },
  objectSelector: { matchExpressions: pods },
})

const ofLabel = (label: string) => [
  hook('rev.namespace', [expression('istio.io/rev', 'In', [label]), ...absent('istio-injection')], [willing]),
  hook('rev.object', absent('istio.io/rev', 'istio-injection'), [willing, expression('istio.io/rev', 'In', [label])]),
]

const byDefault = [
  hook('namespace', [expression('istio-injection', 'In', ['enabled'])], [willing]),
  hook('object', absent('istio-injection', 'istio.io/rev'), [
    expression('sidecar.istio.io/inject', 'In', ['true']),
    ...absent('istio.io/rev'),
  ]),
]

const configuration = (name: string, labels: Readonly<Record<string, string>>, webhooks: readonly object[]) => ({
  metadata: metadata('MutatingWebhookConfiguration', name, undefined, {
    labels: { app: 'sidecar-injector', ...labels },
  }),
  webhooks,
})

/** What injects sidecars: the default revision, and a tag that stands for it. */
export const webhookObjects: readonly KubernetesObject[] = [
  configuration('istio-sidecar-injector', { 'istio.io/rev': 'default' }, [...ofLabel('default'), ...byDefault]),
  configuration(
    'istio-revision-tag-stable',
    { 'istio.io/rev': 'default', 'istio.io/tag': 'stable' },
    ofLabel('stable'),
  ),
]
