/** `failure`: numbers are missing or wrong; `warning`: some may be; `note`: good to know. */
export type DoctorSeverity = 'failure' | 'warning' | 'note'

/** What one finding of the doctor is about: its code never changes its meaning and is never used again for another. */
export interface DoctorCode {
  readonly title: string
  readonly severity: DoctorSeverity
  /** What is wrong, and what it does to the numbers. */
  readonly cause: string
  readonly source: string
}

const troubleshooting = 'https://istio.io/latest/docs/ops/integrations/prometheus/'
const metricsReference = 'https://istio.io/latest/docs/reference/config/metrics/'
const injection = 'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/'
const operatorApi = 'https://prometheus-operator.dev/docs/api-reference/api/'
const nativeHistograms = 'https://prometheus.io/docs/specs/native_histograms/'
const rates = 'https://prometheus.io/docs/prometheus/latest/querying/functions/#rate'

/** Everything the doctor looks for. MD1xx: Prometheus; MD2xx: scraping; MD3xx: the metrics' shape; MD4xx: the mesh; MD5xx: rights; MD9xx: good to know. */
export const doctorCodes = {
  MD101: {
    title: 'Prometheus does not answer',
    severity: 'failure',
    cause: 'Every number comes from Prometheus. Without an answer there are none.',
    source: 'https://prometheus.io/docs/prometheus/latest/querying/api/',
  },
  MD102: {
    title: 'Prometheus holds none of Istio’s metrics',
    severity: 'failure',
    cause: 'Prometheus answers, and it scrapes no proxy: no scrape job finds them, or another Prometheus does.',
    source: troubleshooting,
  },
  MD103: {
    title: 'Istio is not installed',
    severity: 'failure',
    cause: 'The cluster serves none of Istio’s kinds: without proxies nobody counts calls.',
    source: 'https://istio.io/latest/docs/setup/',
  },
  MD104: {
    title: 'Prometheus keeps less than the window asks for',
    severity: 'warning',
    cause: 'The beginning of the window is empty, and counts over it are too small.',
    source: 'https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects',
  },
  MD105: {
    title: 'The window is shorter than two scrapes',
    severity: 'failure',
    cause: 'A rate needs two samples. With fewer, there is none: the window looks empty though calls are made.',
    source: rates,
  },
  MD106: {
    title: 'Clocks disagree',
    severity: 'warning',
    cause: 'A window that ends now ends at another instant for Prometheus: the newest minutes are missing or empty.',
    source: 'https://prometheus.io/docs/introduction/faq/',
  },
  MD107: {
    title: 'Nothing new has been scraped for a while',
    severity: 'failure',
    cause: 'There are samples of Istio’s metrics, and the newest is older than two scrapes: scraping has stopped.',
    source: 'https://prometheus.io/docs/prometheus/latest/querying/api/#targets',
  },
  MD201: {
    title: 'Proxies are not scraped',
    severity: 'failure',
    cause:
      'Pods have sidecars, and no series in Prometheus comes from them: their calls are known from the other side only, or not at all.',
    source: troubleshooting,
  },
  MD202: {
    title: 'Only one side reports',
    severity: 'warning',
    cause:
      'Without callers’ reports, requests that never arrived are not seen; without callees’, neither mTLS nor calls from outside the mesh.',
    source: metricsReference,
  },
  MD203: {
    title: 'Prometheus ignores the namespaces that monitors ask for',
    severity: 'failure',
    cause:
      'ignoreNamespaceSelectors is true, so a monitor finds pods in its own namespace alone, and sidecars elsewhere are not scraped.',
    source: `${operatorApi}#monitoring.coreos.com/v1.CommonPrometheusFields`,
  },
  MD204: {
    title: 'No monitor asks for the proxies',
    severity: 'warning',
    cause: 'The Prometheus operator is here, and no PodMonitor or ServiceMonitor scrapes Envoy’s statistics.',
    source: 'https://istio.io/latest/docs/ops/integrations/prometheus/#prometheus-operator',
  },
  MD205: {
    title: 'The proxies’ monitor is chosen by no Prometheus',
    severity: 'warning',
    cause: 'No Prometheus selects this monitor by its labels and namespace, so it does nothing.',
    source: `${operatorApi}#monitoring.coreos.com/v1.PodMonitor`,
  },
  MD206: {
    title: 'Native sidecars are missed',
    severity: 'warning',
    cause:
      'The proxies are init containers that stay. A ServiceMonitor finds only ports of ordinary containers before Prometheus 2.55.',
    source: 'https://istio.io/latest/blog/2023/native-sidecars/',
  },
  MD207: {
    title: 'Some proxies cannot be scraped',
    severity: 'warning',
    cause: 'Prometheus tries, and gets no answer: their calls are missing.',
    source: 'https://prometheus.io/docs/prometheus/latest/querying/api/#targets',
  },
  MD208: {
    title: 'Proxies are scraped more than once',
    severity: 'failure',
    cause: 'Each scrape job brings the same counters again, so requests and bytes are counted twice or more.',
    source: troubleshooting,
  },
  MD301: {
    title: 'Labels were dropped',
    severity: 'warning',
    cause: 'A relabelling or a Telemetry object took labels away that Istio writes. What they told is not known.',
    source: metricsReference,
  },
  MD302: {
    title: 'Request durations are in seconds',
    severity: 'warning',
    cause:
      'Response times are read from istio_request_duration_milliseconds; here they are in istio_request_duration_seconds.',
    source: metricsReference,
  },
  MD303: {
    title: 'Request durations are native histograms',
    severity: 'warning',
    cause:
      'There are no _bucket series: Prometheus scrapes native histograms, or converts classic ones (NHCB). Quantiles are read from buckets.',
    source: nativeHistograms,
  },
  MD304: {
    title: 'There are no request durations',
    severity: 'warning',
    cause: 'Requests are counted and their durations are not kept: a relabelling or a Telemetry object drops them.',
    source: metricsReference,
  },
  MD401: {
    title: 'A namespace is not in the mesh',
    severity: 'note',
    cause: 'Its pods have no proxy and ztunnel does not carry their traffic: nobody counts the calls between them.',
    source: injection,
  },
  MD402: {
    title: 'Workloads started before injection',
    severity: 'warning',
    cause: 'Injection is asked for and these pods run without a sidecar: they take one when they restart.',
    source: injection,
  },
  MD403: {
    title: 'Nothing runs in a namespace',
    severity: 'note',
    cause: 'There are no pods, so there are no calls.',
    source: 'https://kubernetes.io/docs/concepts/workloads/',
  },
  MD404: {
    title: 'There is no such namespace',
    severity: 'failure',
    cause: 'The address names a namespace that the cluster does not have.',
    source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/',
  },
  MD405: {
    title: 'Proxies are scraped, and nobody calls',
    severity: 'note',
    cause: 'Prometheus has counters of these proxies, and none of them moved within the window.',
    source: metricsReference,
  },
  MD501: {
    title: 'Part of it is not yours to see',
    severity: 'note',
    cause: 'What your permissions do not cover is left out before Prometheus is asked.',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/',
  },
  MD502: {
    title: 'Not everything could be looked at',
    severity: 'note',
    cause: 'A list was refused or a question failed. What rests on it was not examined, which is not a clean bill.',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/authorization/',
  },
  MD901: {
    title: 'Recording rules on Istio’s metrics',
    severity: 'note',
    cause:
      'Prometheus precomputes something from them. Meshboard asks for the originals, so numbers may differ in time.',
    source: 'https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/',
  },
} as const satisfies Readonly<Record<string, DoctorCode>>

export type DoctorId = keyof typeof doctorCodes
