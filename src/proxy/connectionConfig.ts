import { z } from 'zod'

/** Where an upstream is: its root, without query or fragment. */
export const httpUrl = z.string().superRefine((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    context.addIssue({ code: 'custom', message: 'is not an http:// or https:// URL' })
  } else if (url.search !== '' || url.hash !== '') {
    context.addIssue({ code: 'custom', message: 'may hold a path, but neither ? nor #' })
  }
})

export const file = z.string().min(1)

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

export const clusterName = z.string().regex(dnsLabel, 'is not a DNS label (a-z, 0-9, -)')
export const namespaceName = z.string().regex(dnsLabel, 'is not a namespace (a-z, 0-9, -)')

/** A Service, as its API server's service proxy names it: `http:prometheus:9090`. */
export const service = z.strictObject({
  namespace: namespaceName,
  name: z.string().regex(dnsLabel, "is not a Service's name (a-z, 0-9, -)"),
  port: z.union(
    [z.number().int().min(1).max(65_535), z.string().regex(/^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/)],
    'takes a port number, or the name of a port',
  ),
  scheme: z.enum(['http', 'https']).default('http'),
  /** Below the Service: `/jaeger`. */
  path: z
    .string()
    .regex(/^\/[\w./~-]*$/, 'is not a path that begins with a slash')
    .refine((path) => !/(^|\/)\.{1,2}(\/|$)/.test(path), 'holds . or ..')
    .default('/'),
})

export type ServiceConfig = z.output<typeof service>

/** How TLS is spoken to an upstream; files are read again when they change. */
export const tlsFields = {
  /** The authority of this server, PEM: for it no other is trusted. */
  caFile: file.optional(),
  /** A client certificate and its key, PEM. */
  certFile: file.optional(),
  keyFile: file.optional(),
  /** The name the certificate is checked against, where it is not the URL's. */
  serverName: z.string().min(1).optional(),
  insecureSkipVerify: z.boolean().default(false),
}

const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'is not the name of a header')
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'holds a line end or another control character')

/** Who we are to an upstream that is not Kubernetes. */
export const credentialFields = {
  /** Sent with every request: `X-Scope-OrgID`. */
  headers: z.record(headerName, headerValue).default({}),
  bearerTokenFile: file.optional(),
  basicAuth: z.strictObject({ username: z.string().min(1), passwordFile: file }).optional(),
}

type Tls = { readonly certFile?: string | undefined; readonly keyFile?: string | undefined }

export const certNeedsKey = [
  ({ certFile, keyFile }: Tls): boolean => (certFile === undefined) === (keyFile === undefined),
  'has one of certFile and keyFile: a client certificate takes both',
] as const

type Credentials = Pick<z.output<z.ZodObject<typeof credentialFields>>, keyof typeof credentialFields>

export const oneCredential = [
  ({ headers, bearerTokenFile, basicAuth }: Credentials): boolean => {
    const given = [bearerTokenFile, basicAuth, Object.keys(headers).find((name) => /^authorization$/i.test(name))]
    return given.filter((each) => each !== undefined).length <= 1
  },
  'has two of bearerTokenFile, basicAuth and an Authorization header: it takes one',
] as const
