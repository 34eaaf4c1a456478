import { z } from 'zod'
import { addressProblem, trustedNamespaces } from '../mesh/tools.ts'
import {
  certNeedsKey,
  clusterName,
  credentialFields,
  file,
  httpUrl,
  namespaceName,
  oneCredential,
  service,
  tlsFields,
} from './connectionConfig.ts'
import { healthRules } from './healthPolicy.ts'

const matcher = z.strictObject({
  label: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'is not the name of a label'),
  op: z.enum(['=', '!=', '=~', '!~']),
  value: z.string(),
})

/** The cluster's API server: exactly one of `url`, a kubeconfig's context, and `inCluster`. */
const kubernetes = z
  .strictObject({
    url: httpUrl.optional(),
    /** A context of `kubeconfig`, its current one unless told: address, authority and credentials in one, exec plugins included. */
    context: z.string().min(1).optional(),
    /** The variable KUBECONFIG, or ~/.kube/config, unless told. */
    kubeconfig: file.optional(),
    /** The cluster whose Pod this runs in, with its ServiceAccount. */
    inCluster: z.literal(true, 'takes true, or is left out').optional(),
    /** Meshboard's own credentials, by which candidates are listed; viewers come with their own. */
    token: z.string().min(1).optional(),
    tokenFile: file.optional(),
    ...tlsFields,
    /**
     * Where viewers' tokens are shown instead: Rancher's `https://rancher.example.org/k8s/clusters/c-m-abc`, which takes Rancher's own API
     * keys. Meshboard's own calls stay with the address above.
     */
    viewersUrl: httpUrl.optional(),
    /** Where browsers reach this API server, Rancher's `https://rancher.example.org/k8s/clusters/c-m-abc` included: links to tools start there. */
    browserUrl: httpUrl.optional(),
  })
  .refine(({ token, tokenFile }) => token === undefined || tokenFile === undefined, 'has both token and tokenFile')
  .refine(...certNeedsKey)
  .refine(({ url, context, kubeconfig, inCluster }) => {
    const given = [url, context ?? kubeconfig, inCluster].filter((each) => each !== undefined)
    return given.length === 1
  }, 'takes exactly one of url, context (or kubeconfig) and inCluster')
  .refine(
    ({ url, ...rest }) =>
      url !== undefined || [rest.token, rest.tokenFile, rest.caFile, rest.certFile].every((each) => each === undefined),
    'has credentials or an authority beside a kubeconfig or inCluster, which bring their own',
  )

/** The cluster's Prometheus: `url`, or a Service asked through the API server's service proxy; without either it is looked for. */
const prometheus = z
  .strictObject({
    url: httpUrl.optional(),
    service: service.optional(),
    ...credentialFields,
    ...tlsFields,
    /** Part of every named question, where one Prometheus holds several clusters. */
    matchers: z.array(matcher).default([]),
  })
  .refine(({ url, service: through }) => url === undefined || through === undefined, 'has both url and service')
  .refine(...certNeedsKey)
  .refine(...oneCredential)

/** What a browser is sent to: no script, no credentials. */
const toolUrl = z.string().superRefine((value, context) => {
  const problem = addressProblem(value)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})

/** A tool that is linked to: at an address of its own, or behind the API server's service proxy. */
export const tool = z
  .strictObject({ url: toolUrl.optional(), service: service.optional() })
  .refine(
    ({ url, service: through }) => (url === undefined) !== (through === undefined),
    'takes exactly one of url and service',
  )

/** Where the cluster's tools are; what is not said is looked for. */
const tools = z.strictObject({
  kiali: tool.optional(),
  jaeger: tool.optional(),
  grafana: tool.optional(),
  prometheus: tool.optional(),
  /** Whose Services are believed to be the tools that their labels say. */
  namespaces: z.array(namespaceName).default([...trustedNamespaces]),
})

/** Where traces are queried: Jaeger's query API or Tempo's. */
const traces = z
  .strictObject({
    kind: z.enum(['jaeger', 'tempo']).default('jaeger'),
    url: httpUrl.optional(),
    service: service.optional(),
    ...credentialFields,
    ...tlsFields,
  })
  .refine(
    ({ url, service: through }) => (url === undefined) !== (through === undefined),
    'takes exactly one of url and service',
  )
  .refine(...certNeedsKey)
  .refine(...oneCredential)

export const cluster = z
  .strictObject({
    /** Part of every URL: `/api/clusters/<name>/...`. */
    name: clusterName,
    /** For people; the name unless told. */
    label: z.string().min(1).optional(),
    color: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, 'is not a colour like #0ab1c2')
      .optional(),
    istioVersion: z.string().optional(),
    /** What telemetry calls this cluster (`source_cluster`), where its Prometheus holds several. */
    istioCluster: z.string().min(1).optional(),
    /** Offered to viewers who cannot list namespaces; each is shown only after its review. */
    namespaces: z.array(namespaceName).default([]),
    /** Health rules that go before everybody's. */
    health: healthRules.default([]),
    prometheus: prometheus.prefault({}),
    kubernetes: kubernetes.optional(),
    tools: tools.prefault({}),
    traces: traces.optional(),
    /** Where the ConfigMap `meshboard-settings` is; the Pod's own namespace where `inCluster`, else `meshboard`. */
    settings: z.strictObject({ namespace: namespaceName.optional() }).prefault({}),
  })
  .superRefine(({ prometheus: metrics, kubernetes: api, traces: spans }, context) => {
    if (api !== undefined) return
    const needs = (path: readonly string[], what: string): void => {
      context.addIssue({ code: 'custom', path: [...path], message: `${what} takes kubernetes beside it` })
    }
    if (metrics.service !== undefined) needs(['prometheus', 'service'], 'a Service is asked through the API server: it')
    else if (metrics.url === undefined) needs(['prometheus', 'url'], 'is missing, and looking for it')
    if (spans?.service !== undefined) needs(['traces', 'service'], 'a Service is asked through the API server: it')
  })
  .transform((value) => ({ ...value, label: value.label ?? value.name }))

export type ClusterConfig = z.output<typeof cluster>
export type ToolConfig = z.output<typeof tool>
export type ToolsConfig = ClusterConfig['tools']
export type KubernetesConfig = NonNullable<ClusterConfig['kubernetes']>
