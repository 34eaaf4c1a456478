import type { MeshObjects, WorkloadObject } from '../config/objects.ts'
import { listed, percent } from '../phrases.ts'
import { shellWord } from '../shellWord.ts'
import type { Examined } from './examined.ts'
import type { NamespaceReports } from './evidence.ts'
import { doctorFinding, everyNumber, type Confidence, type DoctorFinding } from './finding.ts'
import { isChosen, versionOf, type Monitoring } from './monitors.ts'
import { podMonitor } from './prometheusFindings.ts'

/** Who is not scraped, who is scraped too often, and why. */
export function scrapeFindings(examined: Examined): readonly DoctorFinding[] {
  const { telemetry, monitoring } = examined
  if (telemetry.kind === 'failed') return []
  const unscraped = unscrapedOf(examined)
  return [
    ...unscraped.map(({ namespace, workloads, confidence, why }) =>
      doctorFinding('MD201', {
        severity: confidence === 'possible' ? 'warning' : 'failure',
        message: `No proxy of ${namespace} is in Prometheus`,
        evidence: [
          `${shortList(workloads.map(({ name }) => name))} ${workloads.length === 1 ? 'has a sidecar' : 'have sidecars'}.`,
          why,
        ],
        query: 'reports',
        fix: {
          say: 'See whether a proxy tells its metrics; then whether a scrape job finds the pods.',
          paste: `kubectl exec -n ${shellWord(namespace)} ${shellWord(`${workloads[0]?.kind.toLowerCase() ?? 'deployment'}/${workloads[0]?.name ?? 'NAME'}`)} -c istio-proxy -- pilot-agent request GET stats/prometheus | grep -c istio_`,
        },
        confidence,
        affects: everyNumber,
        namespaces: [namespace],
        explainsSilence: true,
      }),
    ),
    ...oneSided(examined),
    ...(monitoring === undefined ? [] : monitorFindings(examined, monitoring, unscraped)),
    ...duplicated(examined),
    ...down(examined),
  ]
}

interface Unscraped {
  readonly namespace: string
  readonly workloads: readonly WorkloadObject[]
  readonly confidence: Confidence
  readonly why: string
}

/** Namespaces whose pods have sidecars of which no series comes. Nothing without the objects: who has no proxy reports nothing. */
function unscrapedOf({ telemetry, objects, namespaces }: Examined): readonly Unscraped[] {
  const reports = telemetry.kind === 'answered' ? telemetry.evidence?.reports : undefined
  if (reports === undefined || objects?.workloads === undefined) return []
  const told = new Map(reports.map((each) => [each.namespace, each]))
  const isAnyScraped = reports.some((each) => each.ownSource + each.ownDestination > 0)
  const isHeardOf = (each: NamespaceReports | undefined) =>
    each?.isHeardCalled === true || each?.isHeardCalling === true
  return namesIn(namespaces, objects).flatMap((namespace): readonly Unscraped[] => {
    const report = told.get(namespace)
    const workloads = withSidecars(namespace, objects)
    if (workloads.length === 0 || (report?.ownSource ?? 0) + (report?.ownDestination ?? 0) > 0) return []
    if (isHeardOf(report)) {
      const how = report?.isHeardCalled === true ? 'calls to them' : 'calls from them'
      return [
        {
          namespace,
          workloads,
          confidence: 'certain',
          why: `Others’ proxies report ${how}, and their own report nothing.`,
        },
      ]
    }
    return [
      {
        namespace,
        workloads,
        confidence: 'possible',
        why: isAnyScraped
          ? 'Other namespaces’ proxies are in Prometheus. Nobody reports a call from or to these: they are not scraped, or nobody ever called.'
          : 'Nobody reports a call from or to them: they are not scraped, or nobody ever called.',
      },
    ]
  })
}

function oneSided({ telemetry, namespaces }: Examined): readonly DoctorFinding[] {
  const evidence = telemetry.kind === 'answered' ? telemetry.evidence : undefined
  const { reportersNow, reports = [] } = evidence ?? {}
  if (reportersNow === undefined || reportersNow.length === 0) return []
  const hasSource = reportersNow.includes('source')
  const hasDestination = reportersNow.some((reporter) => reporter !== 'source')
  if (hasSource && hasDestination) return []
  const missing = hasSource ? 'destination' : 'source'
  const said = reports.some((each) => (hasSource ? each.isHeardCalled : each.isHeardCalling))
  return [
    doctorFinding('MD202', {
      message: `There are no reports with reporter="${missing}"`,
      evidence: [
        hasSource
          ? 'Only callers report: neither mTLS nor calls from outside the mesh are known.'
          : 'Only callees report: requests that never arrived are not known.',
        ...(said ? ['The other side reports calls that both should have seen.'] : []),
        ...(namespaces.length > 0 ? ['This is so in the whole mesh, not only here.'] : []),
      ],
      query: 'reporters',
      fix: {
        say: 'Look for a drop rule on reporter in metric_relabel_configs, and for a Telemetry object that disables the mode SERVER or CLIENT.',
        paste: 'kubectl get telemetries.telemetry.istio.io --all-namespaces -o yaml | grep -B8 -A3 disabled',
      },
      confidence: said ? 'certain' : 'likely',
      affects: hasSource ? ['mtls', 'requests'] : ['errors', 'requests'],
    }),
  ]
}

function monitorFindings(
  { telemetry, objects }: Examined,
  { prometheuses, monitors }: Monitoring,
  unscraped: readonly Unscraped[],
): readonly DoctorFinding[] {
  if (telemetry.kind === 'failed' || prometheuses.length === 0) return []
  const { facts, evidence } = telemetry
  const isSilent = !facts.hasIstioMetrics || evidence?.reportersNow?.length === 0
  const isWanting = isSilent || unscraped.length > 0
  const found: DoctorFinding[] = []

  const far = monitors.filter(({ looksIn, namespace }) => looksIn === 'any' || looksIn.some((one) => one !== namespace))
  const ignoring = prometheuses.filter(({ ignoresNamespaceSelectors }) => ignoresNamespaceSelectors)
  const [first] = ignoring
  if (first !== undefined && far.length > 0) {
    found.push(
      doctorFinding('MD203', {
        severity: isWanting ? 'failure' : 'warning',
        message: `Prometheus ${first.name} in ${first.namespace} ignores namespace selectors`,
        evidence: far.map(
          ({ kind, name, namespace, looksIn }) =>
            `${kind} ${name} asks for pods in ${looksIn === 'any' ? 'every namespace' : listed(looksIn)} and gets those of ${namespace} alone.`,
        ),
        objects: [...ignoring.map(named('Prometheus')), ...far.map((each) => named(each.kind)(each))],
        fix: {
          say: 'Switch it off. Rancher Monitoring sets it since 104.1.0: prometheus.prometheusSpec.ignoreNamespaceSelectors in the chart’s values.',
          paste: `kubectl patch ${shellWord(`prometheus/${first.name}`)} -n ${shellWord(first.namespace)} --type merge -p '{"spec":{"ignoreNamespaceSelectors":false}}'`,
        },
        confidence: isWanting ? 'certain' : 'likely',
        affects: isWanting ? everyNumber : [],
        ...(isWanting ? { explainsSilence: true as const } : {}),
      }),
    )
  }
  if (!isWanting) return found
  if (monitors.length === 0) {
    found.push(
      doctorFinding('MD204', {
        message: 'No PodMonitor and no ServiceMonitor scrapes /stats/prometheus',
        evidence: [
          `The operator runs ${listed(prometheuses.map(({ name, namespace }) => `${name} in ${namespace}`))}.`,
        ],
        objects: prometheuses.map(named('Prometheus')),
        fix: { say: 'Apply Istio’s PodMonitor, with the labels that your Prometheus asks for.', paste: podMonitor },
        confidence: 'likely',
        affects: everyNumber,
        explainsSilence: true,
      }),
    )
  }
  const stray = monitors.filter((monitor) => !isChosen(monitor, prometheuses))
  if (stray.length > 0 && stray.length === monitors.length) {
    const [monitor] = stray
    const wanted = prometheuses.flatMap(({ podMonitors, serviceMonitors }) => {
      const labels = monitor?.kind === 'PodMonitor' ? podMonitors.labels : serviceMonitors.labels
      return Object.entries(labels?.matchLabels ?? {})
    })[0]
    found.push(
      doctorFinding('MD205', {
        message: `${listed(stray.map(({ kind, name }) => `${kind} ${name}`))} ${stray.length === 1 ? 'is' : 'are'} selected by no Prometheus`,
        objects: stray.map((each) => named(each.kind)(each)),
        fix: {
          say: 'Give the monitor the labels that the Prometheus selects by, or widen its selector.',
          ...(monitor === undefined || wanted === undefined
            ? {}
            : {
                paste: `kubectl label ${shellWord(`${monitor.kind.toLowerCase()}/${monitor.name}`)} -n ${shellWord(monitor.namespace)} ${shellWord(wanted.join('='))}`,
              }),
        },
        confidence: 'likely',
        affects: everyNumber,
        explainsSilence: true,
      }),
    )
  }
  const natives = (objects?.workloads ?? []).filter(({ pods = [] }) =>
    pods.some(({ isNativeSidecar }) => isNativeSidecar === true),
  )
  const version = versionOf(facts.prometheusVersion)
  const isOld = version !== undefined && (version[0] < 2 || (version[0] === 2 && version[1] < 55))
  const byService = monitors.filter(({ kind }) => kind === 'ServiceMonitor')
  if (natives.length > 0 && byService.length > 0 && byService.length === monitors.length && version?.[0] !== 3) {
    found.push(
      doctorFinding('MD206', {
        message: `${natives.length} workloads have native sidecars, and only a ServiceMonitor looks for proxies`,
        evidence: [
          facts.prometheusVersion === undefined
            ? 'This Prometheus does not tell its version.'
            : `It is Prometheus ${facts.prometheusVersion}.`,
        ],
        objects: byService.map(named('ServiceMonitor')),
        fix: {
          say: 'Use a PodMonitor, which finds init containers, or a Prometheus of 2.55 or newer.',
          paste: podMonitor,
        },
        confidence: isOld ? 'likely' : 'possible',
        affects: everyNumber,
        explainsSilence: true,
      }),
    )
  }
  return found
}

function named(kind: string) {
  return ({ namespace, name }: { readonly namespace: string; readonly name: string }) => ({ kind, namespace, name })
}

function duplicated({ telemetry }: Examined): readonly DoctorFinding[] {
  const duplicates = telemetry.kind === 'answered' ? telemetry.evidence?.duplicates : undefined
  if (duplicates === undefined || duplicates.pods === 0) return []
  const { pods, of, most, examples } = duplicates
  return [
    doctorFinding('MD208', {
      message: `${pods} of ${of} proxies are scraped more than once, up to ${most} times`,
      evidence: examples,
      query: examples.length > 0 ? 'duplicated-pods' : 'duplicates',
      fix: {
        say: 'Keep one job for the proxies. A ServiceMonitor scrapes a pod once for each Service that selects it: use a PodMonitor instead. Through Thanos, ask with deduplication.',
        paste:
          'kubectl get podmonitors,servicemonitors --all-namespaces -o yaml | grep -B20 stats/prometheus | grep -E "kind:|name:"',
      },
      confidence: 'certain',
      affects: ['requests', 'errors', 'tcp', 'mtls'],
    }),
  ]
}

function down({ telemetry }: Examined): readonly DoctorFinding[] {
  const targets = telemetry.kind === 'answered' ? telemetry.evidence?.targets : undefined
  if (targets === undefined || targets.down === 0) return []
  return [
    doctorFinding('MD207', {
      message: `${targets.down} of ${targets.all} targets (${percent(targets.down / Math.max(1, targets.all))}) of the proxies’ jobs do not answer`,
      evidence: targets.examples,
      query: 'targets-down',
      fix: {
        say: 'See what they say in Prometheus under Status, Targets. STRICT mTLS on the metrics port and NetworkPolicies are the usual reasons: ports 15020 and 15090 take plain text.',
      },
      confidence: 'certain',
      affects: targets.down * 20 > targets.all ? ['requests', 'errors', 'latency', 'tcp'] : [],
    }),
  ]
}

/** The scope's namespaces that exist; of everything: all that have workloads. */
export function namesIn(namespaces: readonly string[], objects: MeshObjects): readonly string[] {
  const known = new Set([
    ...(objects.namespaces ?? []).map(({ name }) => name),
    ...(objects.workloads ?? []).map(({ namespace }) => namespace),
  ])
  return [...known].filter((name) => namespaces.length === 0 || namespaces.includes(name)).sort()
}

function withSidecars(namespace: string, { workloads = [] }: MeshObjects): readonly WorkloadObject[] {
  return workloads.filter(
    (workload) =>
      workload.namespace === namespace &&
      (workload.pods ?? []).some(({ hasSidecar, phase }) => hasSidecar === true && phase === 'Running') &&
      !isProxyItself(workload),
  )
}

/** Gateways, waypoints and ztunnel are proxies, not pods with one. */
export function isProxyItself({ name, labels }: WorkloadObject): boolean {
  return (
    name === 'ztunnel' ||
    labels['gateway.networking.k8s.io/gateway-name'] !== undefined ||
    /gateway$/.test(labels['istio'] ?? '') ||
    /Gateways$/.test(labels['operator.istio.io/component'] ?? '')
  )
}

export function shortList(names: readonly string[], most = 5): string {
  return listed(names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names)
}
