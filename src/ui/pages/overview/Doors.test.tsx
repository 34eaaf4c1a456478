import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { renderInApp } from '../../testing/render.tsx'
import { Doors } from './Doors.tsx'

const gateway = {
  kind: 'gateway',
  namespace: 'istio-ingress',
  name: 'istio-ingressgateway',
  hosts: ['a.example'],
} as const

test('whose certificates cannot be seen is named, with the command that tells when the first ends', () => {
  renderInApp(
    <Doors
      doors={[
        { ...gateway, secrets: ['istio-ingress/web-tls', 'istio-ingress/api-tls'] },
        { kind: 'ingress', name: 'nginx', hosts: ['b.example'], secrets: ['shop/shop-tls'] },
      ]}
      seesAll
    />,
  )
  expect(screen.getByText(/istio-ingress\/api-tls, istio-ingress\/web-tls, shop\/shop-tls are Secrets/)).toBeVisible()
  expect(
    screen.getByText(/^kubectl -n istio-ingress get secret\/api-tls -o jsonpath='\{\.data\.tls\\\.crt\}'/),
  ).toBeVisible()
  expect(screen.getByText('Not installed; calls leave from each workload.')).toBeVisible()
})

test('where nobody names a Secret nothing is said of certificates, and a missing egress gateway is no trouble of a member', () => {
  renderInApp(<Doors doors={[gateway]} seesAll={false} />)
  expect(screen.queryByText(/Secret/)).toBeNull()
  expect(screen.getByText('Not yours to see')).toBeVisible()
})

test.each([
  ['0; curl x|sh #', "'secret/0; curl x|sh #'"],
  ["0'$(id)", "'secret/0'\\''$(id)'"],
  ['--server=http://x', 'secret/--server=http://x'],
  ['a\nid', "'secret/a?id'"],
])('what a tenant calls its Secret, %j, is one word of the command and no option', (name, word) => {
  const { container } = renderInApp(<Doors doors={[{ ...gateway, secrets: [`istio-ingress/${name}`] }]} seesAll />)
  expect(container.querySelector('code')?.textContent.split(' -o ')[0]).toBe(`kubectl -n istio-ingress get ${word}`)
})
