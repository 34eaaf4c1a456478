import { z } from 'zod'
import { cluster } from './clusterConfig.ts'
import { readWith } from './configErrors.ts'
import { file } from './connectionConfig.ts'
import { healthRules } from './healthPolicy.ts'
import { isLoopback, isRange } from './network.ts'

const seconds = z.number().positive().max(3600)

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

const auth = z.strictObject({
  /**
   * `open`: nobody logs in, everybody sees what the configured credentials see. `token`: a Kubernetes token, pasted at login.
   * `bearer`: a Kubernetes token with each request. `kubeconfig`: whoever opens the address printed at the start is the kubeconfig's
   * own user, on loopback only. `demo`: as `token`, with personas, the first without login; without any, `open`.
   */
  mode: z.enum(['open', 'token', 'bearer', 'kubeconfig', 'demo']).default('open'),
  /** A file of keys, one a line: base64 of 32 bytes each (`openssl rand -base64 32`). The first encrypts, all decrypt. */
  cookieKeyFile: file.optional(),
  /** The same in place. Without either one is made at the start: then replicas do not know each other's sessions. */
  cookieKeys: z.array(z.string().regex(/^[\w+/-]{43}=?$/, 'is not base64 of 32 bytes')).default([]),
  personas: z.array(persona).default([]),
})

const config = z
  .strictObject({
    auth: auth.prefault({}),
    /** What viewers who may see the graph, but not every namespace, are told of the other side of their calls. */
    peers: z.enum(['hide', 'namespace', 'full']).default('namespace'),
    /** Health rules that go before the built-in ones, in every cluster. */
    health: healthRules.default([]),
    /** Host names it answers under; any, unless it listens on loopback. */
    allowedHosts: z.array(z.string().min(1)).default([]),
    host: z.string().min(1).default('127.0.0.1'),
    /** 0 takes any free one. */
    port: z.number().int().min(0).max(65535).default(8080),
    /** TLS spoken here, PEM; read again when the files change. */
    tls: z.strictObject({ certFile: file, keyFile: file }).optional(),
    /** Addresses of proxies before us (`10.0.0.0/8`) whose X-Forwarded-For, -Proto and -Host are believed. */
    trustedProxies: z.array(z.string().refine(isRange, 'is not an IP address or a range like 10.0.0.0/8')).default([]),
    /** A prefix that a gateway before us hands on; one that it strips needs nothing. */
    basePath: z
      .string()
      .regex(/^\/([\w.~-]+\/)*$/, 'is not a path that begins and ends with a slash')
      .default('/'),
    /** Authorities trusted for every upstream, besides Node's own; PEM. */
    caFile: file.optional(),
    /** The built page; without it only the API answers. */
    staticDir: z.string().optional(),
    frameAncestors: z.array(frameAncestor).min(1).default(["'self'"]),
    /** How the log names who asked: `hashed` tells people apart without naming them. */
    logUsers: z.enum(['hashed', 'plain']).default('hashed'),
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
        /** How long new requests are still taken once it is to close: a cluster's gateways go on sending some until they have heard. */
        leaveSeconds: z.number().min(0).max(60).default(0),
        /** How long running requests may take to end once the server closes. */
        drainSeconds: seconds.default(10),
        /** How long the namespaces of projects are remembered. */
        projectsSeconds: z.number().min(0).max(3600).default(10),
        /** How long an access review's answer is believed. */
        reviewSeconds: z.number().min(0).max(30).default(30),
        /** How old the saved settings may be before they are read again. */
        settingsSeconds: z.number().min(0).max(10).default(8),
        /** How long an answer serves whoever asks the very same with the same rights: longer than a refresh, whose viewers do not all come at once. */
        answerSeconds: z.number().min(0).max(60).default(20),
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
  .superRefine(({ auth: { mode, personas }, host, clusters }, context) => {
    const isOpen = mode === 'open' || (mode === 'demo' && personas.length === 0)
    if (mode === 'kubeconfig' && !isLoopback(host)) {
      const message = 'takes a loopback address (127.0.0.1, ::1, localhost) where auth.mode is kubeconfig'
      context.addIssue({ code: 'custom', path: ['host'], message, input: host })
    }
    for (const [index, { kubernetes }] of clusters.entries()) {
      if (isOpen || kubernetes !== undefined) continue
      const message = `is missing: where auth.mode is ${mode} its API server says who may see what`
      context.addIssue({ code: 'custom', path: ['clusters', index, 'kubernetes'], message, input: undefined })
    }
  })

/** What a caller writes. */
export type ProxyConfig = z.input<typeof config>

/** The same with every default in its place. */
export type Config = z.output<typeof config>
export type Limits = Config['limits']

/** The configuration with its defaults. Throws `ConfigError` with every complaint at once; `origins` says which variable or option set a key. */
export function readConfig(input: unknown, origins: ReadonlyMap<string, string> = new Map()): Config {
  return readWith(config, input, origins)
}
