/** A namespace of the demo cluster, with what Rancher and Istio write on it. */
export interface DemoNamespace {
  readonly name: string
  /** Rancher's project; absent: in none. */
  readonly project?: string
  readonly injection?: 'enabled' | 'disabled'
  readonly isAmbient?: boolean
  readonly waypoint?: string
}

/** The cluster's id in Rancher: the first half of every project's id. */
export const rancherCluster = 'c-demo'

export const namespaces: readonly DemoNamespace[] = [
  { name: 'bookinfo', project: 'p-bookinfo', injection: 'enabled' },
  { name: 'default' },
  { name: 'ingress-nginx' },
  { name: 'istio-ingress', injection: 'enabled' },
  { name: 'istio-system' },
  { name: 'kube-system' },
  { name: 'legacy', injection: 'disabled' },
  { name: 'shop-core', project: 'p-shop', injection: 'enabled' },
  { name: 'shop-data', project: 'p-shop', injection: 'enabled' },
  { name: 'shop-web', project: 'p-shop', injection: 'enabled' },
  { name: 'travel', isAmbient: true, waypoint: 'waypoint' },
]
