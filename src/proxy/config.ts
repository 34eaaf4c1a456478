import { z } from 'zod'

const seconds = z.number().positive().max(3600)

const httpUrl = z.string().superRefine((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    context.addIssue({ code: 'custom', message: 'is not an http:// or https:// URL' })
  } else if (url.search !== '' || url.hash !== '') {
    context.addIssue({ code: 'custom', message: 'may hold a path, but neither ? nor #' })
  }
})

const matcher = z.strictObject({ label: z.string().min(1), op: z.enum(['=', '!=', '=~', '!~']), value: z.string() })

const cluster = z
  .strictObject({
    /** Part of every URL: `/api/clusters/<name>/...`. */
    name: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'is not a DNS label (a-z, 0-9, -)'),
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
    namespaces: z.array(z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'is not a namespace')).default([]),
    prometheus: z.strictObject({
      url: httpUrl,
      /** Sent with every request: credentials, `X-Scope-OrgID`. */
      headers: z.record(z.string(), z.string()).default({}),
      /** Part of every named question, where one Prometheus holds several clusters. */
      matchers: z.array(matcher).default([]),
    }),
    /** A private authority of the API server goes into NODE_EXTRA_CA_CERTS, which Node reads at its start. */
    kubernetes: z
      .strictObject({ url: httpUrl, token: z.string().optional(), tokenFile: z.string().optional() })
      .refine(({ token, tokenFile }) => token === undefined || tokenFile === undefined, 'has both token and tokenFile')
      .optional(),
  })
  .transform((value) => ({ ...value, label: value.label ?? value.name }))

/** CSP source expressions: nothing that could end the directive or the header. */
const frameAncestor = z
  .string()
  .regex(/^[^\s;,]+$/, "is not one CSP source such as 'self' or https://rancher.example.org")

/** Somebody whose token the demo hands out. */
const persona = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/, 'is not a short name'),
  label: z.string().min(1),
  token: z.string().min(1),
})

const config = z
  .strictObject({
    /**
     * `open`: nobody logs in, everybody sees what the configured credentials see. `token`: a Kubernetes token, pasted at login.
     * `bearer`: a Kubernetes token with each request. `demo`: as `token`, with personas, the first without login; without any, `open`.
     */
    mode: z.enum(['open', 'demo', 'token', 'bearer']).default('open'),
    personas: z.array(persona).default([]),
    /** What viewers who may see the graph, but not every namespace, are told of the other side of their calls. */
    peers: z.enum(['hide', 'namespace', 'full']).default('namespace'),
    /** Base64url of 32 bytes each; the first encrypts. One made at the start unless told: then replicas do not know each other's. */
    cookieKeys: z.array(z.string().regex(/^[\w-]{43}=?$/, 'is not base64url of 32 bytes')).default([]),
    /** Host names it answers under; any, unless it listens on loopback. */
    allowedHosts: z.array(z.string().min(1)).default([]),
    host: z.string().min(1).default('127.0.0.1'),
    /** 0 takes any free one. */
    port: z.number().int().min(0).max(65535).default(8080),
    /** The built page; without it only the API answers. */
    staticDir: z.string().optional(),
    frameAncestors: z.array(frameAncestor).min(1).default(["'self'"]),
    logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    clusters: z
      .array(cluster)
      .min(1, 'names no cluster')
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'has two clusters of one name'),
    limits: z
      .strictObject({
        /** How long an upstream may take for one answer. */
        upstreamSeconds: seconds.default(30),
        /** How long `/readyz` waits for each upstream. */
        readySeconds: seconds.default(5),
        /** The longest upstream answer held in memory. */
        answerBytes: z
          .number()
          .int()
          .positive()
          .default(64 * 1024 * 1024),
        /** The longest request body (a form with a query). */
        requestBytes: z
          .number()
          .int()
          .positive()
          .default(1024 * 1024),
        /** How long running requests may take to end once the server closes. */
        drainSeconds: seconds.default(10),
        /** How long the namespaces of projects are remembered. */
        projectsSeconds: z.number().min(0).max(3600).default(10),
        /** How long an access review's answer is believed. */
        reviewSeconds: z.number().min(0).max(30).default(30),
        /** How long an answer serves whoever asks the very same with the same rights. */
        answerSeconds: z.number().min(0).max(60).default(5),
        /** How many questions of one viewer may run at once. */
        questionsAtOnce: z.number().int().positive().default(48),
        /** How long a request's head and body may take to arrive. */
        requestSeconds: seconds.default(30),
        /** How long a login lasts: at most 8 hours. */
        sessionSeconds: z.number().min(1).max(28_800).default(28_800),
        /** How many namespaces of one viewer are reviewed where a request names none. */
        mostCandidates: z.number().int().positive().default(500),
      })
      .prefault({}),
  })
  .superRefine(({ mode, clusters, personas }, context) => {
    const isOpen = mode === 'open' || (mode === 'demo' && personas.length === 0)
    if (isOpen) return
    for (const { name, kubernetes } of clusters) {
      if (kubernetes !== undefined) continue
      const message = `"${name}" needs kubernetes.url: in mode ${mode} its API server says who may see what`
      context.addIssue({ code: 'custom', path: ['clusters'], message })
    }
  })

/** What a caller writes. */
export type ProxyConfig = z.input<typeof config>

/** The same with every default in its place. */
export type Config = z.output<typeof config>
export type ClusterConfig = Config['clusters'][number]
export type Limits = Config['limits']

/** A configuration that cannot be used; the message lists every complaint, one a line, and never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** The configuration with its defaults. Throws `ConfigError` with every complaint at once. */
export function readConfig(input: ProxyConfig): Config {
  const result = config.safeParse(input)
  if (result.success) return result.data
  const complaints = result.error.issues.map(({ path, message }) => `${path.join('.') || 'configuration'}: ${message}`)
  throw new ConfigError(complaints.join('\n'))
}
