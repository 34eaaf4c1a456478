import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import type { AccessSettings, OpenedAccess } from '../../../clients/settings/wire.ts'
import type { MeshSettingsAnswer, MeshSettingsChange } from '../../../clients/settings/meshWire.ts'
import { namespacesQuery } from '../../queries/cluster.ts'
import { renderInApp } from '../../testing/render.tsx'
import { audienceOf, fieldsOf } from './audience.ts'
import { SettingsPage } from './SettingsPage.tsx'

afterEach(() => void vi.unstubAllGlobals())

const kiali: OpenedAccess = {
  opened: 'kiali',
  audience: { everybody: false, subjects: [{ kind: 'Group', name: 'shop-owners' }], holders: [] },
  version: 'v1',
  objects: ['RoleBinding meshboard-kiali-viewer in istio-system'],
  foreign: ['RoleBinding theirs in istio-system: User eve'],
  since: [],
}

/** A proxy that answers the settings, and refuses or takes a save. */
function serve(
  settings: () => AccessSettings,
  saved: () => Response,
  mesh: () => MeshSettingsAnswer = () => meshOf({}),
) {
  const sent: unknown[] = []
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
    if (init.method === 'PUT') {
      sent.push(typeof init.body === 'string' ? JSON.parse(init.body) : undefined)
      return Promise.resolve(saved())
    }
    const body = url.endsWith('/settings/access')
      ? settings()
      : url.endsWith('/settings/mesh')
        ? mesh()
        : url.endsWith('/tools')
          ? { tools: [] }
          : {}
    return Promise.resolve(new Response(JSON.stringify(body)))
  })
  return sent
}
const meshOf = (more: Partial<MeshSettingsAnswer>): MeshSettingsAnswer => ({
  settings: { tools: {}, health: [], defaults: {} },
  healthText: '',
  configured: { tools: { grafana: { url: 'https://grafana.example.org' } }, peers: 'namespace' },
  place: { namespace: 'meshboard', name: 'meshboard-settings' },
  version: '1',
  mayEdit: true,
  ...more,
})
const noAccess: AccessSettings = { access: [], mayEdit: true }
const answers = [{ queryKey: namespacesQuery('demo').queryKey, data: [{ name: 'a', project: 'c-demo:p-shop' }] }]

test('an owner adds a group and saves it on top of what was read', async () => {
  const sent = serve(
    () => ({ access: [kiali], mayEdit: true }),
    () => new Response(null, { status: 204 }),
  )
  renderInApp(<SettingsPage />, { answers })
  const form = within(await screen.findByRole('region', { name: 'Open Kiali' }))
  expect(form.getByText(/shows all teams/)).toBeVisible()
  expect(form.getByText('shop-owners')).toBeVisible()
  expect(form.getByText('RoleBinding theirs in istio-system: User eve')).toBeInTheDocument()
  await userEvent.type(form.getByRole('combobox', { name: 'Groups' }), 'devs{Enter}')
  await userEvent.click(form.getByRole('button', { name: 'Save' }))
  expect(await form.findByText(/^Saved/)).toBeVisible()
  expect(sent).toEqual([
    {
      version: 'v1',
      audience: {
        everybody: false,
        subjects: [
          { kind: 'Group', name: 'shop-owners' },
          { kind: 'Group', name: 'devs' },
        ],
        holders: [],
      },
    },
  ])
})

test('the second of two owners sees both, and loses neither', async () => {
  let current = kiali
  serve(
    () => ({ access: [current], mayEdit: true }),
    () => {
      current = { ...kiali, version: 'v2', audience: { ...kiali.audience, subjects: [{ kind: 'User', name: 'olga' }] } }
      return new Response(JSON.stringify({ error: { code: 'settings_conflict', message: 'changed' } }), { status: 409 })
    },
  )
  renderInApp(<SettingsPage />, { answers })
  const form = within(await screen.findByRole('region', { name: 'Open Kiali' }))
  await userEvent.click(form.getByRole('checkbox', { name: 'All members' }))
  await userEvent.click(form.getByRole('button', { name: 'Save' }))
  expect(await form.findByText('User olga')).toBeVisible()
  expect(form.getByRole('checkbox', { name: 'All members' })).toBeChecked()
  await userEvent.click(form.getByRole('button', { name: 'Discard' }))
  expect(form.getByText('olga')).toBeVisible()
  expect(form.getByRole('checkbox', { name: 'All members' })).not.toBeChecked()
})

test('whoever may not change them reads them; whoever may not list them reads why', async () => {
  serve(
    () => ({ access: [kiali], mayEdit: false, note: 'Changing this takes a permission.' }),
    () => new Response(null, { status: 403 }),
  )
  renderInApp(<SettingsPage />, { answers })
  const form = within(await screen.findByRole('region', { name: 'Open Kiali' }))
  expect(form.getByRole('checkbox', { name: 'All members' })).toBeDisabled()
  expect(form.queryByRole('button', { name: 'Save' })).toBeNull()
  expect(screen.getByText('Changing this takes a permission.')).toBeVisible()
})

test('an owner sets a tool’s address and the peers’ level on top of what was read', async () => {
  const sent = serve(
    () => noAccess,
    () => new Response(null, { status: 204 }),
  )
  renderInApp(<SettingsPage />, { answers })
  const address = await screen.findByRole('textbox', { name: 'Kiali' })
  expect(screen.getByRole('textbox', { name: 'Grafana' })).toHaveAttribute(
    'placeholder',
    'https://grafana.example.org (configuration file)',
  )
  expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled()
  expect(screen.queryByText(/Nothing was saved/)).toBeNull()
  await userEvent.type(address, 'https://kiali.example.org')
  await userEvent.click(screen.getByRole('combobox', { name: 'Peers’ level' }))
  await userEvent.click(screen.getByRole('option', { name: /^Hide/ }))
  expect(screen.getByText('Not saved yet: Kiali, Peers’ level.')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText(/^Saved/)).toBeVisible()
  expect(sent).toEqual([
    { tools: { kiali: { url: 'https://kiali.example.org' } }, peers: 'hide', defaults: {}, health: '', version: '1' },
  ])
})

test('what the server refuses stands at its field, and what was typed stays', async () => {
  const message = 'tools.kiali.url: is a javascript: URL, not http or https\nhealth.0.codes (line 1): is wrong'
  serve(
    () => noAccess,
    () => new Response(JSON.stringify({ error: { code: 'settings_invalid', message } }), { status: 400 }),
  )
  renderInApp(<SettingsPage />, { answers })
  const address = await screen.findByRole('textbox', { name: 'Kiali' })
  await userEvent.type(address, 'javascript:alert(1)')
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  await vi.waitFor(() => expect(address).toBeInvalid())
  expect(screen.getByText('tools.kiali.url: is a javascript: URL, not http or https')).toBeVisible()
  expect(screen.getByRole('textbox', { name: 'Health rules' })).toBeInvalid()
  expect(address).toHaveValue('javascript:alert(1)')
})

test('the second of two owners sees both versions, keeps what only one changed, and chooses where both did', async () => {
  let current = meshOf({ settings: { tools: {}, peers: 'hide', health: [], defaults: { window: 900 } } })
  const sent = serve(
    () => noAccess,
    () => {
      if (current.version !== '1') return new Response(null, { status: 204 })
      const theirs = { tools: {}, peers: 'full', health: [], defaults: { window: 900, theme: 'dark' } } as const
      current = meshOf({ settings: theirs, version: '2' })
      return new Response(JSON.stringify({ error: { code: 'settings_conflict', message: 'changed' } }), { status: 409 })
    },
    () => current,
  )
  renderInApp(<SettingsPage />, { answers })
  await userEvent.click(await screen.findByRole('combobox', { name: 'Peers’ level' }))
  await userEvent.click(screen.getByRole('option', { name: /^Namespace/ }))
  await userEvent.type(screen.getByRole('textbox', { name: 'Jaeger' }), 'tracing/query:16686')
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))

  const both = within(await screen.findByRole('region', { name: /^You both changed the same/ }))
  expect(both.getAllByRole('row').map((row) => row.textContent)).toEqual([
    'SettingIn the cluster nowYours',
    'Peers’ levelfullnamespaceTake theirs',
  ])
  expect(screen.getByText(/^Somebody else saved in the meantime: Peers’ level, Theme/)).toBeVisible()
  expect(screen.getByRole('combobox', { name: 'Theme' })).toHaveValue('Dark')
  await userEvent.click(both.getByRole('button', { name: 'Take theirs: Peers’ level' }))
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  await vi.waitFor(() => expect(sent).toHaveLength(2))
  expect(sent[1]).toEqual({
    tools: { jaeger: { service: { namespace: 'tracing', name: 'query', port: 16686 } } },
    peers: 'full',
    defaults: { window: '15m', theme: 'dark' },
    health: '',
    version: '2',
  } satisfies MeshSettingsChange)
})

test('an owner reads what is wrong with settings that were edited by hand, and in which line', async () => {
  const problem = { complaints: ['peers (line 2): takes "hide"; got "none"'], text: '# ours\npeers: none\n' }
  serve(
    () => noAccess,
    () => new Response(null, { status: 204 }),
    () => meshOf({ problem }),
  )
  renderInApp(<SettingsPage />, { answers })
  const alert = within(await screen.findByRole('alert'))
  expect(alert.getByText(/meshboard-settings in meshboard cannot be used as it is/)).toBeVisible()
  expect(alert.getByText('peers (line 2): takes "hide"; got "none"')).toBeVisible()
  expect(alert.getByText('peers: none').closest('li')).toHaveAttribute('data-wrong')
  expect(alert.getByText('# ours').closest('li')).not.toHaveAttribute('data-wrong')
  expect(screen.getByRole('button', { name: 'Save' })).toBeEnabled()
})

test('whoever may not change what holds for everybody reads it', async () => {
  serve(
    () => ({ access: [], mayEdit: false }),
    () => new Response(null, { status: 403 }),
    () => meshOf({ mayEdit: false, note: 'Changing this takes a permission.' }),
  )
  renderInApp(<SettingsPage />, { answers })
  expect(await screen.findByText('Changing this takes a permission.')).toBeVisible()
  expect(screen.getByRole('textbox', { name: 'Kiali' })).toBeDisabled()
  expect(screen.queryByRole('button', { name: 'Save' })).toBeNull()
})

test('fields and audience say the same', () => {
  const audience = {
    everybody: true,
    subjects: [
      { kind: 'Group', name: 'devs' },
      { kind: 'User', name: 'jo@example.org' },
      { kind: 'ServiceAccount', namespace: 'ci', name: 'robot' },
    ],
    holders: [{ role: 'admin' }, { role: 'edit', project: 'c-demo:p-shop' }],
  } as const
  expect(audienceOf(fieldsOf(audience))).toEqual(audience)
})
