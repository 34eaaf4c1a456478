import { screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'

import { renderInApp } from '../../testing/render.tsx'
import { ControlPlane } from './ControlPlane.tsx'

afterEach(() => void vi.unstubAllGlobals())

const at = 1_767_225_600
const pods = [{ name: 'istiod-1', labels: { app: 'istiod' }, phase: 'Running' }]
const istiod = { kind: 'Deployment', namespace: 'istio-system', name: 'istiod', labels: { app: 'istiod' }, pods }

test('istiod is measured where it runs, whatever namespaces are in scope', async () => {
  vi.stubGlobal('fetch', (url: string) => {
    const { pathname, searchParams } = new URL(url, 'http://page/')
    const isAsked = pathname.endsWith('/resources') && searchParams.toString().includes('istio-system')
    const metric = { meshboard_asked: 'memory', namespace: 'istio-system', pod: 'istiod-1' }
    const data = { resultType: 'vector', result: isAsked ? [{ metric, value: [at, '1048576'] }] : [] }
    const meshboard = { queries: [], window: 300, time: at, namespaces: null, notes: [] }
    return Promise.resolve(new Response(JSON.stringify({ status: 'success', data, meshboard })))
  })
  const known = { objects: { workloads: [istiod] }, skipped: [], lists: {}, namespaces: null, missing: [] }
  renderInApp(<ControlPlane known={known} />, { url: '/overview?namespaces=bookinfo' })
  expect(await screen.findByText(/MiB/)).toBeVisible()
  expect(screen.queryByText('Prometheus has no CPU or memory of containers.')).toBeNull()
})
