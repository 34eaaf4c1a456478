import { createServer } from 'node:http'

import { type Action, decide, type Rbac } from '../../src/demo/cluster/rbac.ts'

/** A Kubernetes API that knows teams, namespaces and who is in which team, and nothing else. */
export interface TeamCluster {
  readonly url: string
  /** Namespaces that a viewer may see at this moment. */
  readonly namespacesOf: (viewer: number) => readonly string[]
  /** The viewer's own and the next team's: what a viewer's page asks for. */
  readonly askedBy: (viewer: number) => readonly string[]
  /** Gives a viewer another team's namespaces too, or takes them away again. */
  readonly turn: (viewer: number, isGuest: boolean) => void
  readonly reviews: () => number
  readonly stop: () => Promise<void>
}

export const tokenOf = (viewer: number): string => `viewer-${viewer}`

/** The namespaces dealt to the teams, the viewers dealt to the teams in turn. */
export async function startTeamCluster(namespaces: readonly string[], teams: number): Promise<TeamCluster> {
  const ofTeam = (team: number): readonly string[] => namespaces.filter((_, index) => index % teams === team % teams)
  const guests = new Set<number>()
  let reviews = 0

  const rightsOf = (viewer: number): Rbac => {
    const own = [...ofTeam(viewer), ...(guests.has(viewer) ? ofTeam(viewer + 1) : [])]
    const subjects = [{ kind: 'User', name: tokenOf(viewer) }] as const
    return {
      roles: {
        view: [
          { apiGroups: [''], resources: ['pods', 'services', 'namespaces'], verbs: ['get', 'list'] },
          { apiGroups: ['meshboard.io'], resources: ['graphs'], verbs: ['get'] },
        ],
      },
      bindings: own.map((namespace) => ({ role: 'view', namespace, subjects })),
    }
  }

  const answer = (viewer: number | undefined, path: string, body: string): readonly [number, unknown] => {
    if (path === '/api/v1/namespaces' && viewer === undefined) {
      const items = namespaces.map((name, index) => ({
        metadata: {
          name,
          creationTimestamp: '2020-01-01T00:00:00Z',
          annotations: { 'field.cattle.io/projectId': `local:p-${index % teams}` },
        },
      }))
      return [200, { items, metadata: {} }]
    }
    if (viewer === undefined) return [404, { kind: 'Status', message: 'not found' }]
    const person = { name: tokenOf(viewer), groups: [] }
    if (path.endsWith('/selfsubjectreviews')) return [201, { status: { userInfo: { username: person.name } } }]
    if (path.endsWith('/selfsubjectaccessreviews')) {
      reviews += 1
      const { spec } = JSON.parse(body) as { spec: { resourceAttributes: Action } }
      return [201, { status: decide(rightsOf(viewer), person, spec.resourceAttributes) }]
    }
    if (/\/namespaces\/[^/]+\/services$/.test(path)) return [200, { items: [], metadata: {} }]
    return [403, { kind: 'Status', message: 'forbidden' }]
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const token = /^Bearer viewer-(\d+)$/.exec(request.headers.authorization ?? '')?.[1]
      const path = (request.url ?? '').replace(/\?.*$/, '')
      const [status, json] = answer(
        token === undefined ? undefined : Number(token),
        path,
        Buffer.concat(parts).toString(),
      )
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    namespacesOf: (viewer) => [...ofTeam(viewer), ...(guests.has(viewer) ? ofTeam(viewer + 1) : [])].sort(),
    askedBy: (viewer) => [...ofTeam(viewer), ...ofTeam(viewer + 1)].sort(),
    turn: (viewer, isGuest) => {
      if (isGuest) guests.add(viewer)
      else guests.delete(viewer)
    },
    reviews: () => reviews,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
