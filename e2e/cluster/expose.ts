import { networkInterfaces } from 'node:os'
import { type Api, until } from './api.ts'

/** An address of this machine that the API server proxies to, which it does to no loopback address; undefined where there is none. */
export function podAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}

/** Makes a Service of a server that runs here, and waits until the API server's service proxy reaches it. */
export async function exposeAsService(
  api: Api,
  { namespace, name, port }: { readonly namespace: string; readonly name: string; readonly port: number },
  at: { readonly address: string | undefined; readonly port: number },
): Promise<void> {
  const root = `/api/v1/namespaces/${namespace}`
  const metadata = { name }
  await api.demand('POST', `${root}/services`, { body: { metadata, spec: { ports: [{ port, targetPort: at.port }] } } })
  // It proxies to nothing but the addresses of Pods.
  await api.demand('POST', `${root}/pods`, {
    body: { metadata, spec: { containers: [{ name: 'only', image: 'only' }] } },
  })
  await api.demand('PATCH', `${root}/pods/${name}/status`, {
    body: { status: { podIP: at.address, podIPs: [{ ip: at.address }] } },
    headers: { 'content-type': 'application/merge-patch+json' },
  })
  const targetRef = { kind: 'Pod', name, namespace }
  await api.demand('POST', `${root}/endpoints`, {
    body: { metadata, subsets: [{ addresses: [{ ip: at.address, targetRef }], ports: [{ port: at.port }] }] },
  })
  // It learns of endpoints by a watch.
  await until(`the Service ${name} is reached`, async () => {
    const { status } = await api.ask('GET', `${root}/services/http:${name}:${port}/proxy/`)
    return status < 500
  })
}
