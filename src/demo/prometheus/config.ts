import { jobName } from '../simulator/targets.ts'

/** How often the demo's Prometheus scrapes. */
const scrapeIntervalSeconds = 5

/** Beside the configuration. */
export const rulesFile = 'rules.yml'

const failures = 'istio_requests_total{reporter="source",response_code=~"5.."}'
const grpcFailures = 'istio_requests_total{reporter="source",grpc_response_status=~"2|4|8|13|14|15"}'
const byService = 'sum by (destination_service_namespace, destination_service_name)'

/** The alerts that somebody who runs such a mesh would have (YAML; JSON is YAML). */
export function prometheusRules(): string {
  const rules = [
    {
      alert: 'ServiceFailsTooOften',
      expr: `${byService} (rate(${failures}[2m]) or rate(${grpcFailures}[2m])) / ${byService} (rate(istio_requests_total{reporter="source"}[2m])) > 0.05`,
      for: '30s',
      labels: { severity: 'warning' },
      annotations: { summary: '{{ $labels.destination_service_name }} fails more than 5 % of its requests' },
    },
    {
      alert: 'ServiceIsSlow',
      expr: `histogram_quantile(0.95, ${byService.replace(')', ', le)')} (rate(istio_request_duration_milliseconds_bucket{reporter="source"}[2m]))) > 2000`,
      for: '30s',
      labels: { severity: 'info' },
      annotations: { summary: '{{ $labels.destination_service_name }} takes longer than 2 s for 5 % of its requests' },
    },
  ]
  return JSON.stringify({ groups: [{ name: 'mesh', rules }] }, null, 2)
}

/**
 * The configuration of the demo's Prometheus (YAML; JSON is YAML): the simulated proxies by HTTP service discovery, with the
 * names of Istio's sample, and two hours in which history may still be written behind what is already there.
 */
export function prometheusConfig(simulator: string): string {
  return JSON.stringify(
    {
      global: {
        scrape_interval: `${scrapeIntervalSeconds}s`,
        scrape_timeout: `${scrapeIntervalSeconds}s`,
        evaluation_interval: '15s',
      },
      rule_files: [rulesFile],
      scrape_configs: [
        {
          job_name: jobName,
          honor_labels: true,
          http_sd_configs: [{ url: `${simulator}/sd`, refresh_interval: '15s' }],
        },
      ],
      storage: { tsdb: { out_of_order_time_window: '2h' } },
    },
    null,
    2,
  )
}
