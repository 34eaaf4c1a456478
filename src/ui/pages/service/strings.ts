/** What the service's page says, beside the panels' own words. */
export const strings = {
  callers: 'Callers',
  callees: 'Calls',
  noCallers: 'Nobody called it in this range.',
  noCallees: 'Its workloads called nobody in this range.',
  unknown: 'unknown',
  from: (name: string, workload: string) => `${name} (${workload})`,
  loading: 'Callers and callees are loading',
  failed: (cause: string) => `Callers and callees could not be read. ${cause}`,
  stale: (asOf: string, cause: string) => `From ${asOf}. ${cause}`,
  withoutTcp: (cause: string) => `TCP callers and callees could not be read. ${cause}`,
  retry: 'Retry',
  errors: (share: string) => `${share} errors`,
  noName: {
    title: 'This is not the name of a service',
    text: 'The address should end in /services/ with a namespace and a service’s name.',
  },
}
