import { percent } from '../phrases.ts'
import { label } from '../telemetry.ts'
import type { Examined } from './examined.ts'
import { doctorFinding, type Affected, type DoctorFinding } from './finding.ts'

/** What each label tells, and which numbers suffer without it. */
const tells: Readonly<Record<string, { readonly what: string; readonly affects: readonly Affected[] }>> = {
  [label.reporter]: { what: 'which side reports: calls are counted twice', affects: ['requests', 'errors', 'tcp'] },
  [label.flags]: { what: 'why there was no answer, and that a client left', affects: ['errors'] },
  [label.code]: { what: 'which answers were errors', affects: ['errors'] },
  [label.protocol]: { what: 'HTTP from gRPC', affects: ['requests', 'errors'] },
  [label.securityPolicy]: { what: 'whether calls are encrypted', affects: ['mtls'] },
}

/** What is wrong with the shape of the metrics: labels and histograms. */
export function shapeFindings({ telemetry }: Examined): readonly DoctorFinding[] {
  if (telemetry.kind === 'failed' || telemetry.evidence === undefined) return []
  const { missingLabels = [], histograms } = telemetry.evidence
  const found: DoctorFinding[] = []
  const dropped = missingLabels.filter(({ series, of }) => of > 0 && series > 0)
  if (dropped.length > 0) {
    const names = dropped.map(({ label: name }) => name)
    found.push(
      doctorFinding('MD301', {
        message: `${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''} ${names.length === 1 ? 'is' : 'are'} missing on ${percent(Math.max(...dropped.map(({ series, of }) => series / of)))} of the series`,
        evidence: dropped.map(({ label: name, series, of }) => {
          const what = tells[name]?.what ?? 'who calls whom'
          return `${name}: missing on ${series} of ${of} series; it tells ${what}.`
        }),
        query: 'labels',
        fix: {
          say: 'Look for labeldrop or labelkeep in the scrape job’s metric_relabel_configs, and for tagOverrides with REMOVE in Telemetry objects.',
          paste: 'kubectl get telemetries.telemetry.istio.io --all-namespaces -o yaml | grep -B5 -A5 tagOverrides',
        },
        confidence: 'certain',
        affects: [...new Set(dropped.flatMap(({ label: name }) => tells[name]?.affects ?? (['names'] as const)))],
      }),
    )
  }
  if (histograms === undefined || histograms.buckets > 0) return found
  if (histograms.native > 0) {
    found.push(
      doctorFinding('MD303', {
        message: `There are ${histograms.native} native histograms of the request duration and no _bucket series`,
        query: 'histograms',
        fix: {
          say: 'Let the scrape job keep the classic buckets beside them (Prometheus 2.45 or newer; before 3.0 it is called scrape_classic_histograms), and leave convert_classic_histograms_to_nhcb off.',
          paste: 'always_scrape_classic_histograms: true',
        },
        confidence: 'certain',
        affects: ['latency'],
      }),
    )
  } else if (histograms.seconds > 0) {
    found.push(
      doctorFinding('MD302', {
        message: `There are ${histograms.seconds} histograms in istio_request_duration_seconds and none in milliseconds`,
        query: 'histograms',
        fix: {
          say: 'They come from Mixer (Istio before 1.5) or from a collector that renames metrics: upgrade, or keep the metric’s own name.',
        },
        confidence: 'certain',
        affects: ['latency'],
      }),
    )
  } else if (telemetry.evidence.reportersNow !== undefined && telemetry.evidence.reportersNow.length > 0) {
    const hasRequests = (missingLabels[0]?.of ?? 0) > 0 || histograms.counts > 0
    if (hasRequests || telemetry.facts.hasTraffic) {
      found.push(
        doctorFinding('MD304', {
          message:
            histograms.counts > 0
              ? 'The buckets of the request duration are dropped: averages can be had, quantiles cannot'
              : 'No istio_request_duration_milliseconds is kept',
          query: 'histograms',
          fix: {
            say: 'Look for a drop rule on istio_request_duration in metric_relabel_configs, and for a disabled REQUEST_DURATION in Telemetry objects.',
            paste:
              'kubectl get telemetries.telemetry.istio.io --all-namespaces -o yaml | grep -B5 -A5 REQUEST_DURATION',
          },
          confidence: 'certain',
          affects: ['latency'],
        }),
      )
    }
  }
  return found
}
