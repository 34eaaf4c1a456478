import { jobName } from '../simulator/targets.ts'

/** How often the demo's Prometheus scrapes. */
const scrapeIntervalSeconds = 5

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
