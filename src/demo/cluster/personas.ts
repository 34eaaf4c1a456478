import type { Person } from './rbac.ts'

/** Somebody who can log in to the demo cluster. */
export interface Persona extends Person {
  readonly id: string
  readonly label: string
  readonly token: string
}

const everybody = 'system:authenticated'

/** The four whose tokens the demo hands out; their rights are those of Rancher's roles of the same names. */
export const personas: readonly Persona[] = [
  { id: 'owner', label: 'Cluster owner', name: 'olivia', groups: ['cluster-owners', everybody], token: 'demo' },
  {
    id: 'shop-owner',
    label: 'Project owner of the shop',
    name: 'sofia',
    groups: ['shop-owners', everybody],
    token: 'demo-shop-owner-5f1c',
  },
  {
    id: 'shop-member',
    label: 'Project member of the shop',
    name: 'samir',
    groups: ['shop-members', everybody],
    token: 'demo-shop-member-9a27',
  },
  {
    id: 'bookinfo-viewer',
    label: 'Read-only member of Bookinfo',
    name: 'bruno',
    groups: ['bookinfo-viewers', everybody],
    token: 'demo-bookinfo-viewer-c3e8',
  },
]

/** The proxy's own account, which may list namespaces and Services and no more. */
const meshboard: Persona = {
  id: 'meshboard',
  label: 'Meshboard itself',
  name: 'system:serviceaccount:meshboard:meshboard',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:meshboard', everybody],
  token: 'demo-meshboard-71d0',
}

export const meshboardToken = meshboard.token

/** Who comes with a token; undefined for one that the cluster does not know. */
export function personWith(token: string): Persona | undefined {
  return [...personas, meshboard].find((each) => each.token === token)
}
