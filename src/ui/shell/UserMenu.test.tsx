import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { aCluster, aSession, renderInApp } from '../testing/render.tsx'
import { landing } from './pages.ts'
import { UserMenu } from './UserMenu.tsx'
import { ViewNotices } from './ViewNotices.tsx'

const member = {
  ...aCluster('demo', ['graph', 'settings']),
  user: { name: 'samir', groups: ['shop-members'] },
  namespaces: ['shop-core', 'shop-web'],
}
const closed = {
  allowed: false,
  reason: 'Traffic Graph is closed to you.',
  check: 'kubectl auth can-i get graphs.meshboard.io --namespace=shop-core',
  grant: 'kind: RoleBinding',
}
const closedGraph = { ...member, capabilities: { ...member.capabilities, graph: closed } }

test('says who one is, what one may do, and what would open the rest', async () => {
  renderInApp(<UserMenu />, { session: aSession([closedGraph]) })
  await userEvent.click(screen.getByRole('button', { name: 'Signed in as samir' }))
  expect(screen.getByText('In the groups shop-members')).toBeVisible()
  const doors = within(screen.getByRole('list', { name: 'What you may do' })).getAllByRole('listitem')
  expect(doors.map((door) => door.getAttribute('data-open')).slice(0, 3)).toEqual(['true', 'false', 'true'])
  expect(screen.getByText('kubectl auth can-i get graphs.meshboard.io --namespace=shop-core')).toBeInTheDocument()
  expect(screen.getByText('kind: RoleBinding')).toBeInTheDocument()
  expect(screen.queryByRole('button', { name: 'Log out' })).toBeNull()
})

test('the demo offers whom else one could be', async () => {
  const session = { ...aSession(), personas: [{ id: 'shop-member', label: 'Project member of the shop' }] }
  renderInApp(<UserMenu />, { session })
  await userEvent.click(screen.getByRole('button', { name: 'Signed in as Mesh Operator' }))
  expect(screen.getByRole('button', { name: 'Project member of the shop' })).toBeVisible()
})

test('a line says what part of the mesh a member sees, and what of an address is left out', () => {
  const { unmount } = renderInApp(<ViewNotices />, { session: aSession([member]) })
  expect(screen.getByRole('status')).toHaveTextContent('You see the part of the mesh that touches shop-core, shop-web.')
  expect(screen.getByRole('status')).toHaveTextContent('is not named')
  unmount()
  renderInApp(<ViewNotices />, { session: aSession([member]), url: '/?namespaces=bookinfo,shop-core' })
  expect(screen.getByRole('status')).toHaveTextContent('This address asks for bookinfo too, which you may not see')
})

test('whoever sees everything is told nothing', () => {
  renderInApp(<ViewNotices />, { session: aSession([{ ...aCluster('demo'), namespaces: null }]) })
  expect(screen.queryByRole('status')).toBeNull()
})

test('a member lands on Traffic Metrics, and on Traffic Graph where it is open', () => {
  expect(landing(member).path).toBe('/traffic-metrics')
  expect(landing(aCluster('demo')).path).toBe('/traffic-graph')
  expect(landing(aCluster('demo', ['graph', 'metrics'])).path).toBe('/traffic-metrics')
})
