import type {
  APIGroup,
  APIGroupList,
  APIResourceList,
  APIVersions,
  VersionInfo,
} from '../../clients/kubernetes/wire.ts'
import { groupVersion, servedKinds } from './resources.ts'

/** `GET /version`. */
export const versionInfo: VersionInfo & Readonly<Record<string, string>> = {
  major: '1',
  minor: '33',
  gitVersion: 'v1.33.4+demo',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2025-08-13T00:00:00Z',
  goVersion: 'go1.24.5',
  compiler: 'gc',
  platform: 'linux/amd64',
}

/** `GET /api`. */
export const coreVersions: APIVersions = { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }

/** `GET /apis`. */
export function groupList(): APIGroupList {
  const names = [...new Set(servedKinds.map(({ group }) => group))].filter((group) => group !== '')
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: names.flatMap((name) => groupNamed(name) ?? []) }
}

/** `GET /apis/<group>`; `undefined` for a group that is not served. */
export function groupNamed(name: string): APIGroup | undefined {
  const versions = [
    ...new Set(servedKinds.filter(({ group }) => group === name).flatMap(({ versions }) => versions)),
  ].map((version) => ({ groupVersion: groupVersion(name, version), version }))
  const [preferredVersion] = versions
  if (name === '' || preferredVersion === undefined) return undefined
  return { kind: 'APIGroup', apiVersion: 'v1', name, versions, preferredVersion }
}

/** `GET /api/v1`, `GET /apis/<group>/<version>`; `undefined` for one that is not served. */
export function resourceList(group: string, version: string): APIResourceList | undefined {
  const kinds = servedKinds.filter((served) => served.group === group && served.versions.includes(version))
  if (kinds.length === 0) return undefined
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion(group, version),
    resources: kinds.map(({ plural, singular, kind, isNamespaced, shortNames, writes = [] }) => ({
      name: plural,
      singularName: singular,
      namespaced: isNamespaced,
      kind,
      verbs: ['get', 'list', 'watch', ...writes],
      ...(shortNames && { shortNames }),
    })),
  }
}
