import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Route, Routes } from 'react-router'
import { afterEach, expect, test, vi } from 'vitest'

import { checkCodes } from '../../../mesh/checks/codes.ts'
import { renderInApp } from '../../testing/render.tsx'
import { ChecksPage } from './ChecksPage.tsx'
import { IstioConfigPage } from './IstioConfigPage.tsx'
import { IstioObjectPage } from './IstioObjectPage.tsx'

afterEach(() => void vi.unstubAllGlobals())

const of = (namespace: string, name: string, spec: unknown = {}) => ({
  metadata: { namespace, name, creationTimestamp: '2025-01-01T00:00:00Z' },
  spec,
})
const routeTo = (host: string) => [{ route: [{ destination: { host } }] }]

const lists = {
  namespaces: ['shop', 'pay'].map((name) => ({ metadata: { name } })),
  services: [of('shop', 'cart', { ports: [{ port: 80, name: 'http' }] })],
  'serviceentries.networking.istio.io': [],
  'gateways.networking.istio.io': [of('pay', 'door', { selector: { istio: 'gate' }, servers: [{ hosts: ['*'] }] })],
  'virtualservices.networking.istio.io': [
    of('shop', 'promotions', { hosts: ['cart'], gateways: ['pay/door'], http: routeTo('promotions') }),
    of('shop', 'web', { hosts: ['web.example'], http: routeTo('cart') }),
  ],
  'telemetries.telemetry.istio.io': [of('pay', 'all')],
}

interface Answer {
  readonly lists?: unknown
  readonly namespaces?: readonly string[] | null
  readonly missing?: readonly unknown[]
}

/** A proxy with these objects; `object` answers the Kubernetes door. */
function proxyWith(answer: Answer = {}, object: () => Response = () => new Response('{}', { status: 500 })) {
  vi.stubGlobal('fetch', (url: string) => {
    const { pathname } = new URL(url, 'http://page/')
    return Promise.resolve(
      pathname.endsWith('/objects')
        ? new Response(JSON.stringify({ lists, namespaces: null, missing: [], ...answer }))
        : object(),
    )
  })
}

const names = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell')[1]?.textContent)

test('the worst comes first, with what is wrong; filters and order are the URL’s', async () => {
  proxyWith()
  const { url } = renderInApp(<IstioConfigPage />)
  await waitFor(() => expect(names()).toEqual(['promotions', 'door', 'web', 'all']))
  const [, broken] = screen.getAllByRole('row')
  expect(broken).toHaveTextContent('Error')
  expect(broken).toHaveTextContent('VirtualService')
  expect(broken).toHaveTextContent(/promotions/)
  expect(screen.getByRole('row', { name: /all/ })).toHaveTextContent('Not checked')

  await userEvent.click(screen.getByRole('button', { name: 'Name' }))
  expect(names()).toEqual(['all', 'door', 'promotions', 'web'])
  await userEvent.click(screen.getByRole('button', { name: 'State: Any' }))
  await userEvent.click(await screen.findByRole('menuitemcheckbox', { name: 'No findings' }))
  expect(names()).toEqual(['door', 'web'])
  await userEvent.type(screen.getByRole('textbox', { name: 'Name, namespace or host' }), 'WEB.EX')
  expect(names()).toEqual(['web'])
  expect(url()).toBe('/?sort=name&state=sound&q=WEB.EX')
  await userEvent.click(screen.getByRole('button', { name: 'Clear the filters' }))
  expect(names()).toHaveLength(4)
})

test('the scope leaves out other namespaces, and their hosts are still known', async () => {
  proxyWith()
  renderInApp(<IstioConfigPage />, { url: '/?namespaces=pay' })
  await waitFor(() => expect(names()).toEqual(['door', 'all']))
})

test('of 3,000 objects only those in view are drawn', async () => {
  const many = Array.from({ length: 3000 }, (_, at) => of('shop', `vs-${at}`, { hosts: [`h-${at}.example`] }))
  proxyWith({ lists: { ...lists, 'virtualservices.networking.istio.io': many } })
  renderInApp(<IstioConfigPage />)
  expect(await screen.findByRole('table')).toHaveAttribute('aria-rowcount', '3003')
  expect(screen.getAllByRole('row').length).toBeLessThan(100)
})

test('a member reads what was read, what was refused and what is unreadable, and nothing elsewhere is missing', async () => {
  const elsewhere = of('shop', 'elsewhere', { hosts: ['x.example'], http: routeTo('login.pay') })
  proxyWith({
    lists: { ...lists, 'virtualservices.networking.istio.io': [elsewhere, { spec: {} }] },
    namespaces: ['shop'],
    missing: [{ kind: 'telemetries.telemetry.istio.io', namespace: 'shop', status: 403 }],
  })
  renderInApp(<IstioConfigPage />)
  expect(await screen.findByRole('row', { name: /elsewhere/ })).toHaveTextContent('No findings')
  expect(screen.getByText(/Read in the one namespace you may see/)).toBeVisible()
  expect(screen.getByText(/telemetries.telemetry.istio.io in shop \(not allowed\)/)).toBeVisible()
  expect(screen.getByText(/1 × virtualservices.networking.istio.io: no object with a name/)).toBeVisible()
})

test.each([
  ['none passes the filters', { lists }, '/?q=nothing', 'Nothing passes the filters'],
  ['there are none', { lists: { 'sidecars.networking.istio.io': [] } }, '/', 'No Istio objects here'],
  ['the cluster knows no such kinds', { lists: {} }, '/', 'The cluster does not know Istio’s kinds'],
  [
    'all lists are refused',
    { lists: {}, missing: [{ kind: 'sidecars.networking.istio.io', status: 403 }] },
    '/',
    'You may not read Istio’s objects',
  ],
])('an empty list says why: %s', async (_, answer, url, heading) => {
  proxyWith(answer)
  renderInApp(<IstioConfigPage />, { url })
  expect(await screen.findByRole('heading', { name: heading })).toBeVisible()
})

test('a proxy that does not answer is a failure and no empty list', async () => {
  vi.stubGlobal('fetch', () =>
    Promise.resolve(new Response('{"error":{"code":"internal","message":"no"}}', { status: 500 })),
  )
  renderInApp(<IstioConfigPage />)
  expect(await screen.findByText('The numbers could not be loaded')).toBeVisible()
})

const detail = (url: string) =>
  renderInApp(
    <Routes>
      <Route path="/istio/:kind/:namespace/:name" element={<IstioObjectPage />} />
    </Routes>,
    { url },
  )

test('an object says what is wrong, where, what to do, and what it refers to', async () => {
  const whole = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    ...lists['virtualservices.networking.istio.io'][0],
  }
  proxyWith({}, () => new Response(JSON.stringify(whole)))
  detail('/istio/VirtualService/shop/promotions?window=1h&q=mine')
  const findings = await screen.findByRole('region', { name: 'Findings' })
  expect(findings).toHaveTextContent(checkCodes.MB101.cause)
  expect(findings).toHaveTextContent(checkCodes.MB101.cure)
  expect(within(findings).getByText('spec.http[0].route[0].destination.host')).toBeVisible()
  expect(within(findings).getByRole('link', { name: 'Documentation' })).toHaveAttribute('href', checkCodes.MB101.source)
  expect(within(findings).getByRole('link', { name: 'About MB101' })).toHaveAttribute(
    'href',
    '/istio/checks?window=1h#MB101',
  )
  const refersTo = screen.getByRole('region', { name: 'Refers to' })
  expect(refersTo).toHaveTextContent('routes to Host promotions does not exist')
  expect(within(refersTo).getByRole('link', { name: 'door.pay' })).toHaveAttribute(
    'href',
    '/istio/Gateway/pay/door?window=1h',
  )
  expect(
    await screen.findByText('kubectl get virtualservices.networking.istio.io promotions -n shop -o yaml'),
  ).toBeVisible()
  const [yaml] = await screen.findAllByText(/MB101: /, { selector: 'pre span' })
  expect(yaml?.parentElement).toHaveTextContent('host: promotions')
})

test('an object knows what refers to it', async () => {
  proxyWith()
  detail('/istio/Gateway/pay/door')
  const referredBy = await screen.findByRole('region', { name: 'Referred to by' })
  expect(referredBy).toHaveTextContent('VirtualService promotions.shop is served by it')
  expect(referredBy).toHaveTextContent('Error')
  expect(screen.getByText('The checks found nothing.')).toBeVisible()
})

test('a link to a Gateway finds the Gateway API’s where Istio has none of that name', async () => {
  proxyWith({ lists: { ...lists, 'gateways.gateway.networking.k8s.io': [of('pay', 'waypoint'), of('pay', 'door')] } })
  const { unmount } = detail('/istio/Gateway/pay/waypoint')
  expect(await screen.findByText(/Gateway \(Gateway API\)/)).toBeVisible()
  unmount()
  detail('/istio/Gateway/pay/door')
  expect(await screen.findByRole('region', { name: 'Findings' })).toBeVisible()
  expect(screen.queryByText(/Gateway \(Gateway API\)/)).toBeNull()
})

test('a YAML that is refused leaves the findings; an object that is not there is said', async () => {
  proxyWith(
    {},
    () =>
      new Response(
        '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","code":403,"message":"no get for you"}',
        { status: 403 },
      ),
  )
  const { unmount } = detail('/istio/VirtualService/shop/promotions')
  expect(await screen.findByText(/no get for you/)).toBeVisible()
  expect(screen.getByRole('region', { name: 'Findings' })).toBeVisible()
  unmount()
  detail('/istio/VirtualService/shop/none')
  expect(await screen.findByRole('heading', { name: 'No such object' })).toBeVisible()
})

test('every code is documented with title, cause, cure and source', () => {
  renderInApp(<ChecksPage />)
  expect(screen.getAllByRole('article')).toHaveLength(Object.keys(checkCodes).length)
  for (const [code, { title, cause, cure, source }] of Object.entries(checkCodes)) {
    const article = screen.getByRole('article', { name: `${code} ${title}` })
    expect(article).toHaveTextContent(cause)
    expect(article).toHaveTextContent(cure)
    expect(within(article).getByRole('link')).toHaveAttribute('href', source)
    expect([title, cause, cure].every((text) => text.trim() !== '')).toBe(true)
    expect(source).toMatch(/^https:\/\/(istio\.io|kubernetes\.io|gateway-api\.sigs\.k8s\.io)\//)
  }
})
