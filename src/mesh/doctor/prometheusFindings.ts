import { amount, duration } from '../phrases.ts'
import { roughly } from '../strict.ts'
import type { Examined } from './examined.ts'
import { doctorFinding, everyNumber, type DoctorFinding } from './finding.ts'
import { retentionSeconds } from './monitors.ts'

/** Seconds that clocks may differ without harm: less than a scrape. */
const tolerable = 15
/** Seconds from which a window of five minutes is empty. */
const grave = 120

/** What is wrong with Prometheus itself, its history, its pace and the clocks. */
export function prometheusFindings(examined: Examined): readonly DoctorFinding[] {
  const { telemetry, hasIstioApi } = examined
  if (telemetry.kind === 'failed') {
    return [
      doctorFinding('MD101', {
        message: telemetry.message,
        fix: {
          say: telemetry.hint ?? 'See whether Prometheus runs, and whether its address is right.',
          paste: 'kubectl get pods --all-namespaces -l app.kubernetes.io/name=prometheus',
        },
        confidence: 'certain',
        affects: everyNumber,
        explainsSilence: true,
      }),
    ]
  }
  const { facts, evidence } = telemetry
  if (hasIstioApi === false && !facts.hasIstioMetrics) {
    return [
      doctorFinding('MD103', {
        message: 'The cluster serves none of Istio’s kinds, and Prometheus holds none of Istio’s metrics',
        fix: {
          say: 'Install Istio, then put a namespace into the mesh.',
          paste: 'istioctl install --set profile=default',
        },
        confidence: 'certain',
        affects: everyNumber,
        explainsSilence: true,
      }),
    ]
  }
  const isSilent = evidence?.reportersNow === undefined ? !facts.hasIstioMetrics : evidence.reportersNow.length === 0
  // Without evidence nothing was looked at: so whoever may see nothing of the scope is answered.
  if (isSilent && evidence !== undefined && evidence.history === undefined && evidence.newestSample === undefined) {
    return [
      doctorFinding('MD102', {
        message: 'Prometheus answers, and it has no series of istio_requests_total or of TCP bytes',
        evidence: versionEvidence(facts.prometheusVersion),
        query: 'reporters',
        fix: {
          say: 'See whether a proxy tells its metrics; then let this Prometheus scrape the proxies, or point Meshboard at the one that does. With the Prometheus operator apply the PodMonitor below.',
          paste: podMonitor,
        },
        confidence: 'certain',
        affects: everyNumber,
        explainsSilence: true,
      }),
      ...clockFindings(examined),
    ]
  }
  return [
    ...paceFindings(examined),
    ...historyFindings(examined),
    ...clockFindings(examined),
    ...rulesFindings(examined),
  ]
}

function versionEvidence(version: string | undefined): readonly string[] {
  return version === undefined ? [] : [`It is Prometheus ${version}.`]
}

/** https://github.com/istio/istio/blob/master/samples/addons/extras/prometheus-operator.yaml */
export const podMonitor = `kubectl apply -f - <<'EOF'
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: envoy-stats-monitor
  namespace: istio-system
  labels: { monitoring: istio-proxies, release: istio }
spec:
  selector:
    matchExpressions: [{ key: istio-prometheus-ignore, operator: DoesNotExist }]
  namespaceSelector: { any: true }
  jobLabel: envoy-stats
  podMetricsEndpoints:
    - path: /stats/prometheus
      interval: 15s
      relabelings:
        - { action: keep, sourceLabels: [__meta_kubernetes_pod_container_name], regex: istio-proxy }
        - action: replace
          regex: (\\d+);((([0-9]+?)(\\.|$)){4})
          replacement: $2:15020
          sourceLabels: [__meta_kubernetes_pod_annotation_prometheus_io_port, __meta_kubernetes_pod_ip]
          targetLabel: __address__
        - { action: replace, sourceLabels: [__meta_kubernetes_namespace], targetLabel: namespace }
        - { action: replace, sourceLabels: [__meta_kubernetes_pod_name], targetLabel: pod }
EOF`

function paceFindings({ telemetry, window }: Examined): readonly DoctorFinding[] {
  if (telemetry.kind === 'failed') return []
  const { scrapeIntervalSeconds: interval } = telemetry.facts
  if (interval === undefined || window.seconds >= 2 * interval) return []
  const isHopeless = window.seconds < interval
  return [
    doctorFinding('MD105', {
      severity: isHopeless ? 'failure' : 'warning',
      message: `The window is ${duration(window.seconds)}, and scrapes are ${amount(interval)} s apart`,
      fix: {
        say: `Choose a window of at least ${duration(Math.ceil((4 * interval) / 60) * 60)}, or scrape more often.`,
      },
      confidence: 'certain',
      affects: ['requests', 'errors', 'latency', 'tcp', 'mtls'],
      explainsSilence: true,
    }),
  ]
}

function historyFindings({ telemetry, window }: Examined): readonly DoctorFinding[] {
  if (telemetry.kind === 'failed') return []
  const { retention } = telemetry.facts
  const kept = retentionSeconds(retention)
  if (kept !== undefined && kept < window.seconds) {
    return [
      doctorFinding('MD104', {
        message: `Prometheus keeps ${retention ?? ''}, and the window is ${roughly(window.seconds)}`,
        fix: {
          say: 'Choose a shorter window, keep more (the flag below, or retention in the Prometheus object), or ask a store that does, such as Thanos or Mimir.',
          paste: '--storage.tsdb.retention.time=30d',
        },
        confidence: 'certain',
        affects: ['requests', 'errors', 'latency', 'tcp'],
      }),
    ]
  }
  return []
}

function clockFindings({ telemetry, viewerAhead }: Examined): readonly DoctorFinding[] {
  if (telemetry.kind === 'failed' || telemetry.evidence === undefined) return []
  const { clocks, newestSample } = telemetry.evidence
  const { scrapeIntervalSeconds = 30 } = telemetry.facts
  const found: DoctorFinding[] = []
  const say = (message: string, by: number, paste: string) => {
    found.push(
      doctorFinding('MD106', {
        severity: Math.abs(by) >= grave ? 'failure' : 'warning',
        message,
        fix: { say: 'Let both machines keep time by NTP or chrony.', paste },
        confidence: 'certain',
        affects: ['requests', 'errors', 'latency', 'tcp', 'mtls'],
        ...(Math.abs(by) >= grave ? { explainsSilence: true as const } : {}),
      }),
    )
  }
  if (clocks.prometheus !== undefined) {
    const ahead = clocks.meshboard - clocks.prometheus
    if (Math.abs(ahead) >= tolerable) {
      say(`Meshboard’s clock is ${aheadWords(ahead)} Prometheus’s`, ahead, 'timedatectl status')
    }
  }
  if (viewerAhead !== undefined && Math.abs(viewerAhead) >= tolerable) {
    say(`Your computer’s clock is ${aheadWords(viewerAhead)} Meshboard’s`, viewerAhead, 'timedatectl status')
  }
  if (newestSample !== undefined && clocks.prometheus !== undefined) {
    const behind = clocks.prometheus - newestSample
    if (behind <= -tolerable) {
      say(`Proxies’ samples are ${amount(-behind)} s ahead of Prometheus’s clock`, behind, 'timedatectl status')
    }
    if (behind >= Math.max(2 * scrapeIntervalSeconds + 10, 60)) {
      found.push(
        doctorFinding('MD107', {
          message: `The newest sample of Istio’s metrics is ${roughly(behind)} old`,
          query: 'newest',
          fix: {
            say: 'Look at Prometheus’s page Status, Targets: what do the targets of the proxies say?',
            paste: 'kubectl get pods --all-namespaces -l app.kubernetes.io/name=prometheus',
          },
          confidence: 'certain',
          affects: everyNumber,
          explainsSilence: true,
        }),
      )
    }
  }
  return found
}

function aheadWords(ahead: number): string {
  const seconds = Math.round(Math.abs(ahead))
  return `${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'}`
}

function rulesFindings({ telemetry }: Examined): readonly DoctorFinding[] {
  const rules = telemetry.kind === 'answered' ? telemetry.evidence?.recordingRules : undefined
  if (rules === undefined || rules.count === 0) return []
  return [
    doctorFinding('MD901', {
      message: `${rules.count} recording ${rules.count === 1 ? 'rule reads' : 'rules read'} Istio’s metrics`,
      evidence: rules.names,
      fix: { say: 'Nothing to do. Other dashboards may show what they record.' },
      confidence: 'certain',
    }),
  ]
}
