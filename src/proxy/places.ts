import type { Fetch } from '../clients/http.ts'
import type { ClusterConfig, KubernetesConfig } from './clusterConfig.ts'
import type { ServiceConfig } from './connectionConfig.ts'
import { RefusalError } from './errors.ts'
import type { ReadFile } from './files.ts'
import { type Access, kubeconfigFiles, readAccess } from './kubeconfig.ts'
import type { Environment, Tls, Transport } from './transport.ts'

/** Where a server is, as whom it is asked, and how it is reached. */
export interface Address {
  /** Its root. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly by: Fetch
  /** Behind the API server's service proxy, whose own refusals come in its own shape. */
  readonly service?: ServiceConfig
}

/** The address at this moment: credentials and certificates are renewed. Rejects with `RefusalError` where they cannot be had. */
export interface Place {
  (): Promise<Address>
  /** Forgets credentials that were refused, where fresh ones may be had; says whether that is so. */
  readonly renew?: () => boolean
}

export interface Surroundings {
  readonly transport: Transport
  readonly read: ReadFile
  readonly environment: Environment
  /** Unix seconds. */
  readonly now: () => number
}

/** A cluster's API server twice: without any credentials, for those of viewers, and with Meshboard's own. */
export interface KubernetesPlaces {
  /** Never with a client certificate: it would be taken for the viewer. */
  readonly bare: Place
  readonly own: Place
  /** Whether Meshboard has credentials of its own there. */
  readonly hasOwn: boolean
}

const account = '/var/run/secrets/kubernetes.io/serviceaccount'

/** How a cluster's API server is reached, by whichever of the three ways is configured. */
export function kubernetesPlaces(config: KubernetesConfig, around: Surroundings): KubernetesPlaces {
  const { viewersUrl } = config
  if (viewersUrl === undefined) return placesOf(config, around)
  const bare: Place = async () => ({ url: viewersUrl, headers: {}, by: await around.transport.to(viewersUrl, {}) })
  return { ...placesOf(config, around), bare }
}

function placesOf(config: KubernetesConfig, around: Surroundings): KubernetesPlaces {
  if (config.inCluster === true) return podPlaces(around)
  if (config.url === undefined) return kubeconfigPlaces(config, around)
  const { url, token, tokenFile } = config
  const { transport, read } = around
  const bare: Place = async () => {
    const { cert, key, ...tls } = await tlsOf(config, read)
    return { url, headers: {}, by: await transport.to(url, tls) }
  }
  const own: Place = async () => {
    const bearer = tokenFile === undefined ? token : await read(tokenFile)
    const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }
    return { url, headers, by: await transport.to(url, await tlsOf(config, read)) }
  }
  const hasOwn = [token, tokenFile, config.certFile].some((each) => each !== undefined)
  return { bare, own, hasOwn }
}

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
function podPlaces({ transport, read, environment }: Surroundings): KubernetesPlaces {
  const bare: Place = async () => {
    const host = environment['KUBERNETES_SERVICE_HOST'] ?? ''
    if (host === '') throw notInCluster
    const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443'
    const url = `https://${host.includes(':') ? `[${host}]` : host}:${port}`
    return { url, headers: {}, by: await transport.to(url, { ca: await read(`${account}/ca.crt`) }) }
  }
  const own: Place = async () => {
    const address = await bare()
    return { ...address, headers: { authorization: `Bearer ${await read(`${account}/token`)}` } }
  }
  return { bare, own, hasOwn: true }
}

/** The namespace of the Pod this runs in. Rejects with `RefusalError` where it runs in none. */
export function podNamespace(read: ReadFile): Promise<string> {
  return read(`${account}/namespace`)
}

const rereadSeconds = 30
const early = 60

function kubeconfigPlaces(
  { kubeconfig, context, serverName, insecureSkipVerify }: KubernetesConfig,
  { transport, environment, now }: Surroundings,
): KubernetesPlaces {
  let known: { readonly at: number; until: number; readonly access: Promise<Access> } | undefined

  const readAgain = async (): Promise<Access> => {
    try {
      return await readAccess(kubeconfigFiles(kubeconfig, environment), context, environment)
    } catch (cause) {
      throw kubeconfigFailed(cause)
    }
  }
  const current = (): Promise<Access> => {
    if (known !== undefined && now() < known.until) return known.access
    const at = now()
    const entry = { at, until: Infinity, access: readAgain() }
    known = entry
    entry.access.then(
      // A plugin may open a browser or take seconds: its answer is used until it expires.
      ({ expires }) => (entry.until = expires === undefined ? at + rereadSeconds : expires - early),
      () => (entry.until = 0),
    )
    return entry.access
  }
  const reach = (access: Access, tls: Tls): Promise<Fetch> =>
    transport.to(
      access.server,
      {
        ...tls,
        ...(serverName === undefined ? {} : { servername: serverName }),
        ...(insecureSkipVerify ? { rejectUnauthorized: false } : {}),
      },
      access.proxyUrl,
    )
  const bare: Place = async () => {
    const access = await current()
    const { cert, key, ...tls } = access.tls
    return { url: access.server, headers: {}, by: await reach(access, tls) }
  }
  const ask = async (): Promise<Address> => {
    const access = await current()
    return { url: access.server, headers: access.headers, by: await reach(access, access.tls) }
  }
  const renew = (): boolean => {
    if (known === undefined || now() - known.at < early) return false
    known = undefined
    return true
  }
  return { bare, own: Object.assign(ask, { renew }), hasOwn: true }
}

/** A server at a URL of its own, with the credentials configured for it. */
export function urlPlace(
  url: string,
  config: Pick<ClusterConfig['prometheus'], 'headers' | 'bearerTokenFile' | 'basicAuth'> & TlsFiles,
  { transport, read }: Surroundings,
): Place {
  return async () => ({
    url,
    headers: { ...config.headers, ...(await credentialsOf(config, read)) },
    by: await transport.to(url, await tlsOf(config, read)),
  })
}

interface TlsFiles {
  readonly caFile?: string | undefined
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
  readonly serverName?: string | undefined
  readonly insecureSkipVerify: boolean
}

async function tlsOf(
  { caFile, certFile, keyFile, serverName, insecureSkipVerify }: TlsFiles,
  read: ReadFile,
): Promise<Tls> {
  return {
    ...(caFile === undefined ? {} : { ca: await read(caFile) }),
    ...(certFile === undefined ? {} : { cert: await read(certFile) }),
    ...(keyFile === undefined ? {} : { key: await read(keyFile) }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(insecureSkipVerify ? { rejectUnauthorized: false as const } : {}),
  }
}

async function credentialsOf(
  { bearerTokenFile, basicAuth }: Pick<ClusterConfig['prometheus'], 'bearerTokenFile' | 'basicAuth'>,
  read: ReadFile,
): Promise<Readonly<Record<string, string>>> {
  if (bearerTokenFile !== undefined) return { authorization: `Bearer ${await read(bearerTokenFile)}` }
  if (basicAuth === undefined) return {}
  const login = `${basicAuth.username}:${await read(basicAuth.passwordFile)}`
  return { authorization: `Basic ${Buffer.from(login).toString('base64')}` }
}

function kubeconfigFailed(cause: unknown): RefusalError {
  return new RefusalError(
    {
      status: 502,
      code: 'kubeconfig_failed',
      message: `The kubeconfig gives no access: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Try "kubectl get namespaces" with the same kubeconfig and context',
    },
    cause,
  )
}

const notInCluster = new RefusalError({
  status: 502,
  code: 'not_in_cluster',
  message: 'kubernetes.inCluster is configured, but this does not run in a Pod (KUBERNETES_SERVICE_HOST is not set)',
  hint: 'Configure kubernetes.url or kubernetes.context instead',
})
