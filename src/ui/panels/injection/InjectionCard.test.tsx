import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'

import type { NamespaceInjection } from '../../../clients/injection/wire.ts'
import { injectorOf, revisionsOf } from '../../../mesh/config/injector.ts'
import type { MeshObjects, WorkloadObject } from '../../../mesh/config/objects.ts'
import { demoInjectors, webhook } from '../../../mesh/testing/injectors.ts'
import { objectsQuery, type KnownObjects } from '../../queries/objects.ts'
import { renderInApp } from '../../testing/render.tsx'
import { InjectionCard } from './InjectionCard.tsx'
import { choiceFor, optionsFor, valueOf } from './options.ts'

afterEach(() => void vi.unstubAllGlobals())

const workload = (name: string, kind: string): WorkloadObject => ({
  namespace: 'shop',
  name,
  kind,
  labels: {},
  pods: [{ name: `${name}-1`, labels: {}, phase: 'Running', hasSidecar: true, proxyRevision: 'default' }],
})
const objects: MeshObjects = {
  namespaces: [{ name: 'shop', injection: 'enabled', labels: { 'istio-injection': 'enabled' } }],
  workloads: [workload('web', 'Deployment'), workload('db', 'StatefulSet')],
}
const on: NamespaceInjection = { choice: { kind: 'on' }, version: '7', door: { allowed: true, reason: 'Yours.' } }

/** A proxy that answers what the namespace says, and takes or refuses a change. */
function serve(injection: () => NamespaceInjection, saved: () => Response = () => new Response(null, { status: 204 })) {
  const sent: unknown[] = []
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
    if (init.method === 'PUT') {
      sent.push(typeof init.body === 'string' ? JSON.parse(init.body) : undefined)
      return Promise.resolve(saved())
    }
    const body = url.endsWith('/injection') ? injection() : { lists: {}, missing: [], namespaces: null }
    return Promise.resolve(new Response(JSON.stringify(body)))
  })
  return sent
}

function show(injector?: MeshObjects['injector']) {
  const whole = injector === undefined ? objects : { ...objects, injector }
  const data: KnownObjects = { objects: whole, skipped: [], lists: {}, namespaces: null, missing: [] }
  renderInApp(<InjectionCard namespace="shop" />, {
    answers: [{ queryKey: objectsQuery('demo').queryKey, data }],
  })
}

async function pick(label: RegExp) {
  await userEvent.click(await screen.findByRole('combobox', { name: 'What the namespace asks for' }))
  await userEvent.click(screen.getByRole('option', { name: label }))
}

test('turning sidecars off says beforehand what takes a restart, and is saved on top of what was read', async () => {
  const sent = serve(() => on)
  show(injectorOf(demoInjectors()))
  expect(await screen.findByText('Every workload that runs follows what it says.')).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Save' })).toBeNull()
  await pick(/^No sidecars/)
  expect(screen.getByText(/the label is read when a pod is made/)).toBeVisible()
  const list = within(screen.getByRole('list', { name: 'After saving, 2 of its workloads take a restart to follow:' }))
  expect(list.getAllByRole('link').map(({ textContent }) => textContent)).toEqual(['db', 'web'])
  expect(list.getByText('kubectl rollout restart statefulset/db --namespace shop')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  await vi.waitFor(() => expect(sent).toEqual([{ choice: { kind: 'off' }, version: '7' }]))
})

test('a tag is offered with the revision it stands for; a member types one', async () => {
  serve(() => on)
  show(injectorOf(demoInjectors()))
  await pick(/^Tag canary, now revision 1-28-0/)
  expect(
    screen.getByText(/pods run the proxy of revision default: they take 1-28-0's/, { selector: 'li:last-child span' }),
  ).toBeVisible()
})

test('a member who may not list webhooks types a revision, and none that cannot be one', async () => {
  const sent = serve(() => on)
  show()
  await pick(/^Another revision or tag/)
  const field = screen.getByRole('textbox', { name: 'Revision or tag' })
  await userEvent.type(field, 'Not One')
  expect(field).toBeInvalid()
  expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled()
  await userEvent.clear(field)
  await userEvent.type(field, 'prod-stable')
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  await vi.waitFor(() =>
    expect(sent).toEqual([{ choice: { kind: 'revision', revision: 'prod-stable' }, version: '7' }]),
  )
})

test('whoever may not change it reads what it says, and which permission it takes', async () => {
  const grant = 'kind: ClusterRole\n'
  serve(() => ({ ...on, door: { allowed: false, reason: 'It takes the permission to patch it.', grant } }))
  show()
  expect(await screen.findByText('It takes the permission to patch it.')).toBeVisible()
  expect(screen.getByRole('combobox', { name: 'What the namespace asks for' })).toBeDisabled()
  await userEvent.click(screen.getByText('How to be allowed to'))
  expect(screen.getByText('kind: ClusterRole')).toBeVisible()
})

test('the second of two reads what the first saved, and keeps the own choice', async () => {
  let current = on
  serve(
    () => current,
    () => {
      current = { ...on, choice: { kind: 'unset' }, version: '8' }
      return new Response(JSON.stringify({ error: { code: 'injection_conflict', message: 'changed' } }), {
        status: 409,
      })
    },
  )
  show()
  await pick(/^No sidecars/)
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText(/It now asks for:/)).toHaveTextContent('Nothing')
  expect(screen.getByRole('combobox', { name: 'What the namespace asks for' })).toHaveValue(
    'No sidecars: istio-injection=disabled',
  )
})

test('the menu says what the cluster makes of each label', () => {
  const labels = (revisions: Parameters<typeof optionsFor>[0]) =>
    optionsFor(revisions, { kind: 'revision', revision: 'old' }).map(({ label }) => label)
  expect(labels(undefined)).toContain('Revision old: istio.io/rev=old')
  const moved = revisionsOf(injectorOf([webhook('1-28-0')]))
  expect(labels(moved)).toContain('Sidecars: istio-injection=enabled, to which no control plane answers')
  const all = revisionsOf(injectorOf([webhook('default', { isOnByDefault: true })]))
  expect(labels(all)).toContain('Nothing, which here means sidecars for all')
  for (const { value } of optionsFor(all, { kind: 'on' })) {
    const choice = choiceFor(value)
    if (choice !== undefined) expect(valueOf(choice)).toBe(value)
  }
})
