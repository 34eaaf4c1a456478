import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import type { AccessSettings, OpenedAccess } from '../../../clients/settings/wire.ts'
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
function serve(settings: () => AccessSettings, saved: () => Response) {
  const sent: unknown[] = []
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
    if (init.method === 'PUT') {
      sent.push(typeof init.body === 'string' ? JSON.parse(init.body) : undefined)
      return Promise.resolve(saved())
    }
    const body = url.endsWith('/settings/access') ? settings() : url.endsWith('/tools') ? { tools: [] } : {}
    return Promise.resolve(new Response(JSON.stringify(body)))
  })
  return sent
}
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
