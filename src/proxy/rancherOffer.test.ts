import { describe, expect, test } from 'vitest'
import { type ProxyConfig, readConfig } from './config.ts'
import { rancherClusters } from './rancherOffer.ts'

const inCluster = { inCluster: true } as const
const rancher = 'https://rancher.example.org/k8s/clusters/c-m-abc'

function offered(cluster: Partial<ProxyConfig['clusters'][number]>, mode: 'token' | 'open' = 'token') {
  return rancherClusters(readConfig({ auth: { mode }, clusters: [{ name: 'east', ...cluster }] }))
}

describe('whose owners need no login behind Rancher', () => {
  test.each([
    ['the cluster it runs in, whose Prometheus is looked for', { kubernetes: inCluster }, undefined, undefined],
    [
      'the same with an address for browsers',
      { kubernetes: { ...inCluster, browserUrl: `${rancher}/` } },
      'c-m-abc',
      undefined,
    ],
    ['viewers’ tokens go to Rancher', { kubernetes: { ...inCluster, viewersUrl: rancher } }, 'c-m-abc', undefined],
    [
      'another cluster by Rancher, its Prometheus a Service',
      { kubernetes: { url: rancher }, prometheus: { service: { namespace: 'm', name: 'p', port: 9090 } } },
      'c-m-abc',
      { namespace: 'm', name: 'p', port: 9090, scheme: 'http', path: '/' },
    ],
    [
      'a Service by its DNS name',
      { kubernetes: inCluster, prometheus: { url: 'http://thanos.m.svc.cluster.local:10902/x' } },
      undefined,
      { namespace: 'm', name: 'thanos', port: 10902, scheme: 'http', path: '/x' },
    ],
  ])('%s', (_, cluster, id, service) => {
    const [offer, ...more] = offered(cluster)
    expect(more).toEqual([])
    expect(offer?.id).toBe(id)
    expect(offer?.cluster).toMatchObject({ name: 'east', prometheus: { matchers: [] } })
    expect((offer?.cluster as { prometheus: { service?: object } }).prometheus.service).toEqual(service)
  })

  test.each([
    ['where nobody logs in', { kubernetes: inCluster }, 'open'],
    ['an API server that is not Rancher’s', { kubernetes: { url: 'https://api.example.org' } }, 'token'],
    [
      'a Prometheus outside the cluster',
      { kubernetes: inCluster, prometheus: { url: 'https://mimir.example.org' } },
      'token',
    ],
    [
      'a Prometheus that takes credentials',
      { kubernetes: inCluster, prometheus: { url: 'http://p.m.svc:9090', headers: { 'X-Scope-OrgID': 's3cret' } } },
      'token',
    ],
    [
      'a Prometheus that takes a password',
      { kubernetes: inCluster, prometheus: { url: 'http://p.m.svc', basicAuth: { username: 'u', passwordFile: 'f' } } },
      'token',
    ],
  ] as const)('not %s', (_, cluster, mode) => {
    expect(offered(cluster, mode)).toEqual([])
  })

  test('everybody reads it: nothing of credentials, nothing of a namespace', () => {
    const text = JSON.stringify(
      rancherClusters(
        readConfig({
          auth: { mode: 'token', cookieKeys: ['A'.repeat(43)] },
          health: [
            { protocol: 'http', codes: '404', degraded: 0.5, match: { namespace: 's3cret-team' } },
            { protocol: 'grpc', codes: '14', degraded: 0.2 },
          ],
          clusters: [
            {
              name: 'east',
              kubernetes: { url: rancher, token: 's3cret', viewersUrl: rancher },
              namespaces: ['s3cret-ns'],
            },
          ],
        }),
      ),
    )
    expect(text).not.toContain('s3cret')
    expect(text).not.toContain('AAAA')
    expect(text).toContain('"codes":"14"')
  })
})
