export type Severity = 'error' | 'warning' | 'info'

/** What one check looks for: its code never changes its meaning and is never used again for another. */
export interface CheckCode {
  readonly title: string
  readonly severity: Severity
  /** What is wrong, and what Istio does about it. */
  readonly cause: string
  /** What to do. */
  readonly cure: string
  /** Where Istio or Kubernetes says so. */
  readonly source: string
}

const virtualService = 'https://istio.io/latest/docs/reference/config/networking/virtual-service/'
const destinationRule = 'https://istio.io/latest/docs/reference/config/networking/destination-rule/'
const gateway = 'https://istio.io/latest/docs/reference/config/networking/gateway/'
const protocolSelection = 'https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/'
const peerAuthentication = 'https://istio.io/latest/docs/reference/config/security/peer_authentication/'
const authorizationPolicy = 'https://istio.io/latest/docs/reference/config/security/authorization-policy/'
const serviceEntry = 'https://istio.io/latest/docs/reference/config/networking/service-entry/'
const sidecar = 'https://istio.io/latest/docs/reference/config/networking/sidecar/'
const gatewayApi = 'https://gateway-api.sigs.k8s.io/reference/spec/'

/** Every check there is. MB1xx: routes; MB2xx: destination rules; MB3xx: gateways; MB4xx: services; MB5xx: security; MB6xx: the mesh's edge; MB9xx: use. */
export const checkCodes = {
  MB101: {
    title: 'A route leads to a host that does not exist',
    severity: 'error',
    cause:
      'No Service and no ServiceEntry has this host. Envoy answers requests on this route with 503 and the flag NC or NR.',
    cure: 'Correct the host (a short name is looked up in the namespace of the object), or create the Service or ServiceEntry.',
    source: virtualService,
  },
  MB102: {
    title: 'A route leads to a subset that no DestinationRule defines',
    severity: 'error',
    cause: 'The subset is not in any DestinationRule for this host. Envoy answers with 503 and the flag NC.',
    cure: 'Add the subset to the DestinationRule of the host, or take it out of the route.',
    source: virtualService,
  },
  MB103: {
    title: 'The weights of a route do not add up to 100',
    severity: 'warning',
    cause:
      'Istio splits by proportion, so the shares are not what the numbers seem to say; older versions refuse the object.',
    cure: 'Let the weights of the route add up to 100.',
    source: virtualService,
  },
  MB104: {
    title: 'A route that is never reached',
    severity: 'warning',
    cause: 'An earlier route without conditions takes every request: routes are tried in their order.',
    cure: 'Move the route without conditions to the end.',
    source: virtualService,
  },
  MB105: {
    title: 'A VirtualService names a gateway that does not exist',
    severity: 'error',
    cause: 'The routes are applied to no gateway of this name.',
    cure: 'Write the gateway as namespace/name, or create it; "mesh" means the sidecars.',
    source: virtualService,
  },
  MB106: {
    title: 'Two VirtualServices for the same host and gateway',
    severity: 'warning',
    cause: 'For sidecars only the oldest counts; at a gateway they are merged in an order that is not promised.',
    cure: 'Bring the routes together in one VirtualService, or delegate from one.',
    source: 'https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services',
  },
  MB107: {
    title: 'A route delegates to a VirtualService that does not exist',
    severity: 'error',
    cause: 'There is no VirtualService of this name in this namespace; the route is left out.',
    cure: 'Correct name and namespace of the delegate, or create it without hosts and gateways.',
    source: virtualService,
  },
  MB108: {
    title: 'VirtualServices that delegate in a circle, or twice over',
    severity: 'error',
    cause: 'Istio follows one step of delegation: a delegate that delegates again is left out.',
    cure: 'Let one VirtualService with hosts delegate to others that only route.',
    source: virtualService,
  },
  MB109: {
    title: 'A VirtualService without a route',
    severity: 'warning',
    cause: 'It names hosts and says nothing about them.',
    cure: 'Add a route, or delete the object.',
    source: virtualService,
  },
  MB110: {
    title: 'A route leads to a port that the Service does not have',
    severity: 'error',
    cause: 'The Service listens on other ports; Envoy has no cluster for this one and answers with 503.',
    cure: 'Use one of the Service’s ports.',
    source: virtualService,
  },
  MB111: {
    title: 'A Gateway API route leads to a Service that does not exist',
    severity: 'error',
    cause: 'The backend is not there; the gateway answers with 500.',
    cure: 'Correct the name of the backend, or create the Service.',
    source: gatewayApi,
  },
  MB112: {
    title: 'A Gateway API route belongs to a gateway that does not exist',
    severity: 'error',
    cause: 'Nothing serves this route.',
    cure: 'Correct the parentRef (name and namespace), or create the Gateway.',
    source: gatewayApi,
  },
  MB201: {
    title: 'A DestinationRule for a host that does not exist',
    severity: 'warning',
    cause: 'No Service and no ServiceEntry has this host: the rule does nothing.',
    cure: 'Correct the host (a short name is looked up in the namespace of the rule), or delete the rule.',
    source: destinationRule,
  },
  MB202: {
    title: 'A subset without labels',
    severity: 'warning',
    cause: 'It is the whole host: traffic to the subset goes to every version.',
    cure: 'Give the subset the labels of its pods.',
    source: destinationRule,
  },
  MB203: {
    title: 'A subset without pods',
    severity: 'error',
    cause: 'No workload behind the Service has these labels. Requests routed to the subset get 503 and the flag UH.',
    cure: 'Correct the labels of the subset, or start the version.',
    source: destinationRule,
  },
  MB204: {
    title: 'Two DestinationRules for the same host',
    severity: 'warning',
    cause: 'Within one namespace Istio merges subsets, and of traffic policies only the first counts.',
    cure: 'Bring them together in one DestinationRule.',
    source: destinationRule,
  },
  MB205: {
    title: 'Clients send plain text to a workload that takes only mTLS',
    severity: 'error',
    cause:
      'The DestinationRule switches mTLS off and the PeerAuthentication is STRICT: connections are reset (503 UC or UF).',
    cure: 'Take the tls setting out of the DestinationRule (Istio then uses mTLS by itself), or set the PeerAuthentication to PERMISSIVE.',
    source: peerAuthentication,
  },
  MB206: {
    title: 'Clients send mTLS to a workload that refuses it',
    severity: 'error',
    cause:
      'The DestinationRule forces ISTIO_MUTUAL and the PeerAuthentication is DISABLE, or no proxy of the workload could answer.',
    cure: 'Take the tls setting out of the DestinationRule, or let the workload have a proxy and take mTLS.',
    source: peerAuthentication,
  },
  MB301: {
    title: 'A Gateway whose selector picks no pods',
    severity: 'error',
    cause: 'No gateway proxy carries these labels, so nobody listens.',
    cure: 'Use the labels of the gateway’s pods (for Istio’s own: istio: ingressgateway), or install the gateway.',
    source: gateway,
  },
  MB302: {
    title: 'Two Gateways with the same host, port and pods',
    severity: 'warning',
    cause: 'Which server is used is not promised; TLS settings of one may be lost.',
    cure: 'Give each host to one Gateway.',
    source: gateway,
  },
  MB401: {
    title: 'A port whose protocol Istio has to guess',
    severity: 'warning',
    cause:
      'The name of the port does not begin with a protocol and appProtocol is not set: without detection the traffic is plain TCP, with no codes and no routes.',
    cure: 'Name the port after its protocol (http, http-web, grpc, tcp, ...) or set appProtocol.',
    source: protocolSelection,
  },
  MB402: {
    title: 'A Service whose selector picks no pods',
    severity: 'warning',
    cause: 'No workload has these labels: requests get 503 and the flag UH.',
    cure: 'Correct the selector, or start the workload.',
    source: 'https://kubernetes.io/docs/concepts/services-networking/service/',
  },
  MB501: {
    title: 'An AuthorizationPolicy that allows nobody',
    severity: 'warning',
    cause:
      'An ALLOW policy without rules matches no request, so what it selects refuses everything that no other ALLOW policy allows.',
    cure: 'If it is the default for the namespace, leave it; else add rules.',
    source: authorizationPolicy,
  },
  MB502: {
    title: 'An AuthorizationPolicy that denies everything',
    severity: 'error',
    cause: 'A DENY policy with an empty rule matches every request, and no ALLOW policy can undo it.',
    cure: 'Say in the rule what is to be denied.',
    source: authorizationPolicy,
  },
  MB503: {
    title: 'An AuthorizationPolicy names a principal that does not exist',
    severity: 'warning',
    cause: 'No workload runs under this service account: the rule matches nobody.',
    cure: 'Correct the principal (cluster.local/ns/<namespace>/sa/<service account>).',
    source: authorizationPolicy,
  },
  MB504: {
    title: 'A policy that selects no pods',
    severity: 'warning',
    cause: 'No workload in the namespace has these labels: the policy does nothing.',
    cure: 'Correct the selector, or delete the policy.',
    source: 'https://istio.io/latest/docs/reference/config/type/workload-selector/',
  },
  MB505: {
    title: 'Two mTLS policies at the same level',
    severity: 'warning',
    cause: 'Of two PeerAuthentications for the same namespace, or the same workload, only the older counts.',
    cure: 'Keep one of them.',
    source: peerAuthentication,
  },
  MB506: {
    title: 'An AuthorizationPolicy names a namespace that does not exist',
    severity: 'warning',
    cause: 'There is no such namespace: the rule matches nobody.',
    cure: 'Correct the name of the namespace.',
    source: authorizationPolicy,
  },
  MB601: {
    title: 'Two ServiceEntries for the same host',
    severity: 'warning',
    cause: 'Their endpoints and ports mix, or one is ignored, depending on where they are exported to.',
    cure: 'Keep one ServiceEntry for each host, and export it.',
    source: serviceEntry,
  },
  MB602: {
    title: 'A ServiceEntry for a host that is a Service of the cluster',
    severity: 'warning',
    cause: 'Both define the same host; which endpoints are used is not promised.',
    cure: 'Delete the ServiceEntry, or use another host.',
    source: serviceEntry,
  },
  MB603: {
    title: 'A Sidecar lets out to a host that does not exist',
    severity: 'warning',
    cause: 'No Service and no ServiceEntry has this host in that namespace.',
    cure: 'Correct the host (namespace/host), or take it out.',
    source: sidecar,
  },
  MB604: {
    title: 'Two Sidecars for the same pods',
    severity: 'warning',
    cause: 'A namespace has room for one Sidecar without selector; of several the behaviour is undefined.',
    cure: 'Bring them together in one.',
    source: sidecar,
  },
  MB901: {
    title: 'An object with no traffic',
    severity: 'info',
    cause: 'No request or connection went to what it is about in the time that was looked at.',
    cure: 'If nobody needs it any more, delete it. It may serve something rare: choose a longer window in the header, and look at the time the evidence covers.',
    source: 'https://istio.io/latest/docs/reference/config/metrics/',
  },
} as const satisfies Readonly<Record<string, CheckCode>>

export type CheckId = keyof typeof checkCodes
