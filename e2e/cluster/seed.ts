import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { KubernetesObject } from '../../src/clients/kubernetes/wire.ts'
import { groupVersion, qualified, servedKinds } from '../../src/demo/cluster/resources.ts'
import { type RoleObject, staleAggregates } from '../../src/demo/cluster/rights.ts'
import { objectsOf } from '../../src/demo/cluster/store.ts'
import { type Api, until } from './api.ts'
import { moduleFolder } from './binaries.ts'

/** The seed of the demo mesh, here and in the demo that tests compare with. */
export const seed = 1

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const clusterRoles = '/apis/rbac.authorization.k8s.io/v1/clusterroles'

/** Fills a new cluster with Istio's kinds and everything that the demo's cluster holds. */
export async function seedCluster(api: Api): Promise<void> {
  await installKinds(api)
  const objects = objectsOf(seed)
  await apply(api, 'namespaces', [...(objects['namespaces'] ?? []), ...['meshboard'].map(namespaceCalled)])
  const others = Object.keys(objects).filter((kind) => kind !== 'namespaces')
  for (const kind of others) await apply(api, kind, objects[kind] ?? [])
  await api.demand('POST', '/api/v1/namespaces/meshboard/serviceaccounts', {
    body: { metadata: { name: 'meshboard' } },
  })
  await aggregateRoles(api)
  await settled(api)
}

/** Waits until the API server itself has heard of the roles, which it watches like anybody else. */
async function settled(api: Api): Promise<void> {
  const attributes = { verb: 'list', group: '', resource: 'pods' }
  const asked = [
    { user: 'sofia', groups: ['shop-owners'], namespace: 'shop-core' },
    { user: 'samir', groups: ['shop-members'], namespace: 'shop-core' },
    { user: 'bruno', groups: ['bookinfo-viewers'], namespace: 'bookinfo' },
  ]
  await until('the roles of the personas hold', async () => {
    const answers = await Promise.all(
      asked.map(async ({ namespace, ...subject }) => {
        const body = { spec: { ...subject, resourceAttributes: { ...attributes, namespace } } }
        return (await api.demand('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { body })).json
      }),
    )
    return answers.every((json) => (json as { readonly status: { readonly allowed: boolean } }).status.allowed)
  })
}

export const namespaceCalled = (name: string): KubernetesObject => ({ metadata: { name } })

/** What the controller-manager does with roles that gather others, some of which gather others; whoever changes such roles asks for it. */
export async function aggregateRoles(api: Api): Promise<void> {
  for (let pass = 0; pass < 10; pass++) {
    const { json } = await api.demand('GET', clusterRoles)
    const stale = staleAggregates((json as { readonly items: readonly RoleObject[] }).items)
    if (stale.length === 0) return
    for (const role of stale) await api.demand('PUT', `${clusterRoles}/${role.metadata.name}`, { body: role })
  }
  throw new Error('aggregated roles do not come to rest')
}

/** Istio's and the Gateway API's own definitions, from the modules that publish them. */
async function installKinds(api: Api): Promise<void> {
  const [istio, gateway] = await Promise.all([
    moduleFolder('istio.io/api', 'v1.31.1'),
    moduleFolder('sigs.k8s.io/gateway-api', 'v1.2.1'),
  ])
  const folder = join(gateway, 'config', 'crd', 'standard')
  const files = [
    join(istio, 'kubernetes', 'customresourcedefinitions.gen.yaml'),
    ...['gatewayclasses', 'gateways', 'httproutes', 'grpcroutes'].map((plural) =>
      join(folder, `gateway.networking.k8s.io_${plural}.yaml`),
    ),
  ]
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  const definitions = texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as unknown))
  for (const definition of definitions) if (definition !== null) await api.demand('POST', crds, { body: definition })
  await established(api)
}

async function established(api: Api): Promise<void> {
  await until('every kind is served', async () => {
    const served = await Promise.all(
      servedKinds.map(async ({ group, versions: [version = 'v1'], plural }) => {
        const root = group === '' ? '/api/v1' : `/apis/${group}/${version}`
        return (await api.ask('GET', `${root}/${plural}?limit=1`)).status === 200
      }),
    )
    return !served.includes(false)
  })
}

/** Makes objects where they are not there yet, with their status where their kind keeps one apart. */
export async function apply(api: Api, kind: string, objects: readonly KubernetesObject[]): Promise<void> {
  const served = servedKinds.find((each) => qualified(each) === kind)
  if (served === undefined) throw new Error(`the demo serves no ${kind}`)
  const { group, versions, plural, isNamespaced } = served
  const version = versions[0] ?? 'v1'
  const root = group === '' ? '/api/v1' : `/apis/${group}/${version}`
  for (const object of objects) {
    const { resourceVersion: _, uid: _uid, ...metadata } = object.metadata
    const typed = { ...object, apiVersion: groupVersion(group, version), kind: served.kind, metadata }
    const folder = isNamespaced ? `${root}/namespaces/${metadata.namespace ?? ''}/${plural}` : `${root}/${plural}`
    // Kubernetes' own roles, Service and namespaces stand already.
    if ((await api.ask('GET', `${folder}/${metadata.name}`)).status === 200) {
      await api.demand('PATCH', `${folder}/${metadata.name}`, {
        body: { metadata: { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} } },
        headers: { 'content-type': 'application/merge-patch+json' },
      })
      continue
    }
    await api.demand('POST', folder, { body: typed })
    if (kind === 'pods' || kind.endsWith('.apps')) {
      await api.demand('PATCH', `${folder}/${metadata.name}/status`, {
        body: { status: 'status' in object ? object.status : {} },
        headers: { 'content-type': 'application/merge-patch+json' },
      })
    }
  }
}
