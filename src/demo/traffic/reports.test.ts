import { describe, expect, it } from 'vitest'
import { flows } from '../mesh/flows.ts'
import { podsOf } from '../mesh/pods.ts'
import type { Labels } from './labels.ts'
import { reportsOf } from './reports.ts'

const { requests, connections } = reportsOf(flows, podsOf(1))
const all: readonly { readonly pod: { readonly workload: { readonly app: string } }; readonly labels: Labels }[] = [
  ...requests,
  ...connections,
]

const labelsOf = (source: string, service: string, reporter: string) =>
  all.find(
    ({ labels }) =>
      labels['source_workload'] === source &&
      labels['destination_service_name'] === service &&
      labels['reporter'] === reporter,
  )?.labels

describe('what proxies report', () => {
  it('is said by both sides where both are in the mesh, the policy only by the callee’s', () => {
    expect(labelsOf('frontend', 'catalog', 'source')?.['connection_security_policy']).toBe('unknown')
    expect(labelsOf('frontend', 'catalog', 'destination')?.['connection_security_policy']).toBe('mutual_tls')
    expect(labelsOf('partner-api', 'pricing', 'destination')?.['connection_security_policy']).toBe('none')
    expect(labelsOf('partner-api', 'pricing', 'destination')?.['source_principal']).toBe('unknown')
  })

  it('comes from unknown where the caller has no proxy', () => {
    const labels = labelsOf('unknown', 'frontend', 'destination')
    expect(labels).toMatchObject({
      source_workload: 'unknown',
      source_workload_namespace: 'unknown',
      source_principal: 'unknown',
      source_canonical_revision: 'latest',
      source_cluster: 'unknown',
      connection_security_policy: 'none',
    })
    expect(labelsOf('ingress-nginx-controller', 'frontend', 'source')).toBeUndefined()
  })

  it('is said by the caller alone where the callee has no proxy, which then has no app', () => {
    expect(labelsOf('payment', 'billing', 'destination')).toBeUndefined()
    expect(labelsOf('payment', 'billing', 'source')).toMatchObject({
      destination_workload: 'billing',
      destination_app: 'unknown',
      destination_principal: 'unknown',
    })
  })

  it('goes to an unknown workload when it never arrived', () => {
    const lost = requests.filter(({ outcome }) => outcome?.atDestination === 'never reached')
    expect(lost.length).toBeGreaterThan(2)
    for (const { labels } of lost) {
      expect(labels).toMatchObject({
        reporter: 'source',
        destination_workload: 'unknown',
        destination_workload_namespace: 'unknown',
        response_code: '503',
      })
      expect(labels['destination_service_namespace']).not.toBe('unknown')
    }
  })

  it('differs between the sides for a timeout: 504 UT at the caller, 0 DC at the callee', () => {
    const seen = requests
      .filter(({ outcome }) => outcome?.flags === 'UT')
      .map(
        ({ labels }) =>
          `${labels['reporter'] ?? ''} ${labels['response_code'] ?? ''} ${labels['response_flags'] ?? ''}`,
      )
    expect(new Set(seen)).toEqual(new Set(['source 504 UT', 'destination 0 DC']))
  })

  it('comes from ztunnel and from the waypoint in the ambient namespace', () => {
    const ztunnel = all.filter(({ pod }) => pod.workload.app === 'ztunnel').map(({ labels }) => labels)
    const legs = ztunnel
      .filter((labels) => labels['destination_service_name'] === 'flights')
      .map(
        (labels) =>
          `${labels['reporter'] ?? ''}: ${labels['source_workload'] ?? ''} to ${labels['destination_workload'] ?? ''}`,
      )
    expect(new Set(legs)).toEqual(new Set(['source: travel-portal to waypoint', 'destination: waypoint to flights']))
    expect(ztunnel.every((labels) => labels['request_protocol'] === 'tcp')).toBe(true)
    expect(labelsOf('travel-portal', 'flights', 'waypoint')).toMatchObject({
      destination_workload: 'flights',
      connection_security_policy: 'mutual_tls',
    })
  })

  it('adds up to the flow over all pods of a side', () => {
    for (const flow of flows.filter(({ protocol }) => protocol !== 'tcp')) {
      for (const reporter of ['source', 'destination', 'waypoint']) {
        const [outcome] = flow.outcomes
        const parts = requests.filter(
          (report) => report.flow === flow && report.reporter === reporter && report.outcome === outcome,
        )
        if (parts.length > 0) expect(parts.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1, 9)
      }
    }
  })
})
