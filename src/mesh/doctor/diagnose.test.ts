import { describe, expect, test } from 'vitest'

import type { MeshObjects, PodObject, WorkloadObject } from '../config/objects.ts'
import { doctorCodes } from './codes.ts'
import { diagnose, doubtsOn, silenceOf } from './diagnose.ts'
import type { TelemetryEvidence } from './evidence.ts'
import type { Examined, Facts } from './examined.ts'
import { monitoringOf, retentionSeconds, versionOf } from './monitors.ts'

const now = 1_767_225_600

const soundEvidence: TelemetryEvidence = {
  clocks: { meshboard: now + 1, prometheus: now },
  newestSample: now - 4,
  history: 86_400,
  reportersNow: ['destination', 'source'],
  reports: [
    { namespace: 'shop', ownSource: 30, ownDestination: 40, isHeardCalling: true, isHeardCalled: true },
    { namespace: 'web', ownSource: 20, ownDestination: 10, isHeardCalling: true, isHeardCalled: false },
  ],
  missingLabels: [],
  duplicates: { pods: 0, of: 12, most: 1, examples: [] },
  histograms: { counts: 100, buckets: 100, seconds: 0, native: 0 },
  recordingRules: { count: 0, names: [] },
  targets: { down: 0, all: 12, examples: [] },
}
const soundFacts: Facts = {
  prometheusVersion: '2.53.1',
  retention: '15d',
  hasIstioMetrics: true,
  hasTraffic: true,
  scrapeIntervalSeconds: 15,
}

const pod = (more: Partial<PodObject> = {}): PodObject => ({
  name: 'p',
  labels: {},
  phase: 'Running',
  hasSidecar: true,
  ...more,
})
const workload = (namespace: string, name: string, pods: readonly PodObject[] = [pod()]): WorkloadObject => ({
  kind: 'Deployment',
  namespace,
  name,
  labels: { app: name },
  pods,
})
const soundObjects: MeshObjects = {
  namespaces: [
    { name: 'shop', injection: 'enabled' },
    { name: 'web', injection: 'enabled' },
  ],
  workloads: [workload('shop', 'cart'), workload('web', 'front')],
}

interface Given {
  readonly evidence?: Partial<TelemetryEvidence>
  readonly facts?: Partial<Facts>
  readonly objects?: Partial<MeshObjects>
  readonly more?: Partial<Examined>
}

function examined({ evidence, facts, objects, more }: Given = {}): Examined {
  return {
    telemetry: {
      kind: 'answered',
      facts: { ...soundFacts, ...facts },
      evidence: { ...soundEvidence, ...evidence },
    },
    window: { seconds: 300, at: now },
    namespaces: [],
    objects: { ...soundObjects, ...objects },
    hasIstioApi: true,
    visible: null,
    unread: [],
    ...more,
  }
}

const prometheus = (spec: object) => ({ metadata: { namespace: 'monitoring', name: 'main' }, spec })
const everyMonitor = {
  podMonitorSelector: {},
  podMonitorNamespaceSelector: {},
  serviceMonitorSelector: {},
  serviceMonitorNamespaceSelector: {},
}
const monitor = (spec: object = {}, labels: object = {}) => ({
  metadata: { namespace: 'istio-system', name: 'envoy', labels },
  spec: { podMetricsEndpoints: [{ path: '/stats/prometheus' }], namespaceSelector: { any: true }, ...spec },
})
const operator = (
  spec: object,
  lists: { readonly podMonitors?: readonly unknown[]; readonly serviceMonitors?: readonly unknown[] } = {},
): Partial<Examined> => ({
  monitoring: monitoringOf({ prometheuses: [prometheus(spec)], podMonitors: [], serviceMonitors: [], ...lists }),
})

const unheard = { namespace: 'shop', ownSource: 0, ownDestination: 0, isHeardCalling: false, isHeardCalled: false }
const web = { namespace: 'web', ownSource: 20, ownDestination: 10, isHeardCalling: true, isHeardCalled: false }
const silent: Given = {
  facts: { hasIstioMetrics: false, hasTraffic: false },
  evidence: { reportersNow: [], reports: [] },
}
const withoutHistory = (): Given => {
  const { history: _, newestSample: __, ...evidence } = soundEvidence
  return {
    more: {
      telemetry: {
        kind: 'answered',
        facts: { ...soundFacts, hasIstioMetrics: false, hasTraffic: false },
        evidence: { ...evidence, reportersNow: [], reports: [] },
      },
    },
  }
}

/** Code, what is broken, how it looks then, and what the sentence must say. */
const broken: readonly (readonly [keyof typeof doctorCodes, string, Given, RegExp])[] = [
  ['MD101', 'no answer', { more: { telemetry: { kind: 'failed', message: 'connection refused' } } }, /refused/],
  ['MD102', 'no series', withoutHistory(), /has no series/],
  ['MD103', 'no Istio', { ...silent, more: { hasIstioApi: false } }, /none of Istio/],
  [
    'MD104',
    'a day is kept, a week asked for',
    { facts: { retention: '1d' }, more: { window: { seconds: 604_800, at: now } } },
    /keeps 1d.*7 days/,
  ],
  [
    'MD105',
    'scrapes a minute apart, a window of 90 s',
    { facts: { scrapeIntervalSeconds: 60 }, more: { window: { seconds: 90, at: now } } },
    /90 seconds.*60 s apart/,
  ],
  [
    'MD106',
    'Meshboard’s clock is ahead',
    { evidence: { clocks: { meshboard: now + 200, prometheus: now } } },
    /200 s ahead of/,
  ],
  ['MD106', 'the viewer’s clock is behind', { more: { viewerAhead: -45 } }, /Your computer.*45 s behind/],
  ['MD106', 'proxies’ clocks are ahead', { evidence: { newestSample: now + 100 } }, /100 s ahead/],
  ['MD107', 'scraping stopped', { evidence: { newestSample: now - 600 } }, /10 minutes old/],
  [
    'MD201',
    'others report calls to it',
    { evidence: { reports: [{ ...unheard, isHeardCalled: true }, web] } },
    /No proxy of shop/,
  ],
  ['MD202', 'callees are silent', { evidence: { reportersNow: ['source'] } }, /reporter="destination"/],
  ['MD202', 'callers are silent', { evidence: { reportersNow: ['waypoint'] } }, /reporter="source"/],
  [
    'MD203',
    'namespace selectors are ignored',
    { ...silent, more: operator({ ...everyMonitor, ignoreNamespaceSelectors: true }, { podMonitors: [monitor()] }) },
    /main in monitoring ignores/,
  ],
  ['MD204', 'no monitor', { ...silent, more: operator(everyMonitor) }, /No PodMonitor/],
  [
    'MD205',
    'a monitor that nobody selects',
    {
      ...silent,
      more: operator(
        { podMonitorSelector: { matchLabels: { release: 'kps' } }, podMonitorNamespaceSelector: {} },
        { podMonitors: [monitor()] },
      ),
    },
    /PodMonitor envoy is selected by no/,
  ],
  [
    'MD206',
    'native sidecars and a ServiceMonitor',
    {
      ...silent,
      objects: { workloads: [workload('shop', 'cart', [pod({ isNativeSidecar: true })])] },
      more: operator(everyMonitor, { serviceMonitors: [monitor({ endpoints: [{ path: '/stats/prometheus' }] })] }),
    },
    /native sidecars/,
  ],
  [
    'MD207',
    'targets are down',
    { evidence: { targets: { down: 3, all: 12, examples: ['a does not answer.'] } } },
    /3 of 12 targets \(25%\)/,
  ],
  [
    'MD208',
    'two jobs scrape the same pods',
    { evidence: { duplicates: { pods: 4, of: 12, most: 3, examples: ['shop/cart: 3 times'] } } },
    /4 of 12.*3 times/,
  ],
  [
    'MD301',
    'flags were dropped',
    { evidence: { missingLabels: [{ label: 'response_flags', series: 50, of: 200 }] } },
    /response_flags is missing on 25%/,
  ],
  [
    'MD302',
    'seconds',
    { evidence: { histograms: { counts: 0, buckets: 0, seconds: 7, native: 0 } } },
    /7 histograms in istio_request_duration_seconds/,
  ],
  [
    'MD303',
    'native histograms',
    { evidence: { histograms: { counts: 0, buckets: 0, seconds: 0, native: 9 } } },
    /9 native/,
  ],
  [
    'MD304',
    'buckets were dropped',
    { evidence: { histograms: { counts: 9, buckets: 0, seconds: 0, native: 0 } } },
    /averages can be had/,
  ],
  [
    'MD401',
    'refused',
    {
      objects: {
        namespaces: [{ name: 'shop', injection: 'disabled' }],
        workloads: [workload('shop', 'cart', [pod({ hasSidecar: false })])],
      },
    },
    /shop has no proxies/,
  ],
  [
    'MD402',
    'started before',
    { objects: { workloads: [workload('shop', 'cart', [pod({ hasSidecar: false })])] } },
    /cart in shop runs without/,
  ],
  ['MD403', 'nothing runs', { objects: { workloads: [] }, more: { namespaces: ['shop'] } }, /Nothing runs in shop/],
  ['MD404', 'no such namespace', { more: { namespaces: ['nowhere'] } }, /no namespace nowhere/],
  ['MD405', 'nobody calls', { evidence: { moved: 0 }, more: { namespaces: ['shop'] } }, /shop are scraped/],
  [
    'MD501',
    'another team’s namespace',
    { more: { namespaces: ['web'], visible: ['shop'] } },
    /may not see web, if there is/,
  ],
  ['MD502', 'a refused list', { more: { unread: ['pods: not allowed'] } }, /pods: not allowed/],
  ['MD901', 'rules', { evidence: { recordingRules: { count: 2, names: ['a', 'b'] } } }, /2 recording rules read/],
]

describe('each finding', () => {
  test.each(broken)('%s: %s', (code, _, given, says) => {
    const found = diagnose(examined(given)).filter((each) => each.code === code)
    expect(found.map(({ message }) => message)).toEqual([expect.stringMatching(says)])
  })

  test('is not there in a sound mesh, of everything or of one namespace', () => {
    expect(diagnose(examined())).toEqual([])
    expect(diagnose(examined({ more: { namespaces: ['shop'] }, evidence: { moved: 12 } }))).toEqual([])
    const sound = operator(everyMonitor, { podMonitors: [monitor()] })
    expect(diagnose(examined({ more: sound }))).toEqual([])
  })

  test('has a broken case for every code, and says what to do', () => {
    expect(new Set(broken.map(([code]) => code))).toEqual(new Set(Object.keys(doctorCodes)))
    for (const [, , given] of broken) {
      for (const { fix, title, message } of diagnose(examined(given))) {
        expect([fix.say, title, message].every((text) => text.length > 5)).toBe(true)
      }
    }
  })
})

describe('near misses are not findings', () => {
  test.each<readonly [keyof typeof doctorCodes, string, Given]>([
    [
      'MD104',
      'retention by size alone',
      { facts: { retention: '10GiB' }, more: { window: { seconds: 604_800, at: now } } },
    ],
    ['MD105', 'two scrapes fit', { facts: { scrapeIntervalSeconds: 60 }, more: { window: { seconds: 120, at: now } } }],
    ['MD106', 'clocks ten seconds apart', { evidence: { clocks: { meshboard: now - 10, prometheus: now } } }],
    [
      'MD107',
      'scrapes two minutes apart',
      { facts: { scrapeIntervalSeconds: 120 }, evidence: { newestSample: now - 200 } },
    ],
    [
      'MD201',
      'a called namespace without sidecars',
      {
        evidence: { reports: [{ ...unheard, isHeardCalled: true }] },
        objects: { workloads: [workload('shop', 'cart', [pod({ hasSidecar: false })])] },
      },
    ],
    [
      'MD201',
      'the pods could not be read',
      { evidence: { reports: [{ ...unheard, isHeardCalled: true }] }, more: { objects: undefined } },
    ],
    ['MD202', 'a waypoint reports for callees', { evidence: { reportersNow: ['source', 'waypoint'] } }],
    [
      'MD203',
      'the monitor looks in its own namespace',
      {
        more: operator(
          { ...everyMonitor, ignoreNamespaceSelectors: true },
          { podMonitors: [monitor({ namespaceSelector: {} })] },
        ),
      },
    ],
    ['MD204', 'all is scraped without a monitor', { more: operator(everyMonitor) }],
    [
      'MD205',
      'labels match',
      {
        ...silent,
        more: operator(
          { podMonitorSelector: { matchLabels: { release: 'kps' } }, podMonitorNamespaceSelector: {} },
          { podMonitors: [monitor({}, { release: 'kps' })] },
        ),
      },
    ],
    [
      'MD206',
      'a PodMonitor is there too',
      {
        ...silent,
        objects: { workloads: [workload('shop', 'cart', [pod({ isNativeSidecar: true })])] },
        more: operator(everyMonitor, { podMonitors: [monitor()], serviceMonitors: [monitor()] }),
      },
    ],
    [
      'MD303',
      'buckets beside native histograms',
      { evidence: { histograms: { counts: 5, buckets: 5, seconds: 0, native: 9 } } },
    ],
    [
      'MD304',
      'TCP only: no requests, no durations',
      { facts: { hasTraffic: false }, evidence: { histograms: { counts: 0, buckets: 0, seconds: 0, native: 0 } } },
    ],
    [
      'MD401',
      'Kubernetes’ own namespace',
      {
        objects: {
          namespaces: [{ name: 'kube-system' }],
          workloads: [workload('kube-system', 'dns', [pod({ hasSidecar: false })])],
        },
      },
    ],
    ['MD404', 'a member’s namespaces are not all there are', { more: { namespaces: ['nowhere'], visible: ['shop'] } }],
    ['MD405', 'counters moved', { evidence: { moved: 3 }, more: { namespaces: ['shop'] } }],
  ])('%s: %s', (code, _, given) => {
    expect(diagnose(examined(given)).map((each) => each.code)).not.toContain(code)
  })

  test('an answer without evidence, as an older server gives it, is no finding', () => {
    const telemetry = { kind: 'answered', facts: soundFacts, evidence: undefined } as const
    expect(diagnose(examined({ more: { telemetry } }))).toEqual([])
  })

  test('whoever may see nothing of the scope is told so, and not that Prometheus is empty', () => {
    const facts = { hasIstioMetrics: false, hasTraffic: false }
    const telemetry = { kind: 'answered', facts, evidence: undefined } as const
    const found = diagnose(examined({ more: { telemetry, namespaces: ['web'], visible: ['shop'] } }))
    expect(silenceOf(found)?.code).toBe('MD501')
  })
})

test('the surest explanation of silence is taken, and notes cast no doubt', () => {
  const findings = diagnose(
    examined({
      evidence: { reports: [unheard], moved: 0, duplicates: { pods: 1, of: 2, most: 2, examples: [] } },
      objects: {
        namespaces: [{ name: 'shop', injection: 'disabled' }],
        workloads: [workload('shop', 'cart', [pod({ hasSidecar: false })])],
      },
      more: { namespaces: ['shop'] },
    }),
  )
  expect(silenceOf(findings)?.code).toBe('MD401')
  expect(doubtsOn('requests', findings).map(({ code }) => code)).toEqual(['MD208'])
  expect(doubtsOn('latency', findings)).toEqual([])
  expect(silenceOf(diagnose(examined()))).toBeUndefined()
})

test('the worst comes first', () => {
  const given = {
    evidence: {
      recordingRules: { count: 1, names: ['r'] },
      duplicates: { pods: 1, of: 2, most: 2, examples: [] },
      reportersNow: ['source'],
    },
  }
  expect(diagnose(examined(given)).map(({ severity }) => severity)).toEqual(['failure', 'warning', 'note'])
})

test.each([
  ['15d', 15 * 86_400],
  ['15d or 10GiB', 15 * 86_400],
  ['1w2d', 9 * 86_400],
  ['10GiB', undefined],
  ['', undefined],
  [undefined, undefined],
])('a retention of %s is %s seconds', (text, seconds) => {
  expect(retentionSeconds(text)).toBe(seconds)
})

test.each([
  ['v2.53.1', [2, 53]],
  ['3.5.0-rc.1', [3, 5]],
  ['devel', undefined],
])('version %s', (text, version) => {
  expect(versionOf(text)).toEqual(version)
})

test('what a tenant wrote as owner of its pods is one word of the command to paste', () => {
  const hostile = { ...workload('shop', 'x; id #', [pod({ hasSidecar: false })]), kind: 'Foo$(id)' }
  const unscraped = { ...hostile, pods: [pod()] }
  const pasted = (given: Given) => diagnose(examined(given)).flatMap(({ fix }) => fix.paste ?? [])
  expect(pasted({ objects: { workloads: [hostile] } })).toContain("kubectl rollout restart 'foo$(id)/x; id #' -n shop")
  expect(
    pasted({
      objects: { workloads: [unscraped] },
      evidence: { reports: [{ ...unheard, isHeardCalled: true }, web] },
    }).join('\n'),
  ).toContain("kubectl exec -n shop 'foo$(id)/x; id #' -c istio-proxy")
})
