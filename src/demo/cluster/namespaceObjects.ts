import type { Namespace } from '../../clients/kubernetes/wire.ts'
import { namespaces, rancherCluster } from '../mesh/namespaces.ts'
import { metadata } from './metadata.ts'

/** The namespaces, with Rancher's and Istio's marks. */
export const namespaceObjects = (): readonly Namespace[] =>
  namespaces.map(({ name, project, injection, isAmbient, waypoint }) => ({
    metadata: metadata('Namespace', name, undefined, {
      labels: {
        'kubernetes.io/metadata.name': name,
        ...(project !== undefined && { 'field.cattle.io/projectId': project }),
        ...(injection !== undefined && { 'istio-injection': injection }),
        ...(isAmbient === true && { 'istio.io/dataplane-mode': 'ambient' }),
        ...(waypoint !== undefined && { 'istio.io/use-waypoint': waypoint }),
      },
      ...(project !== undefined && { annotations: { 'field.cattle.io/projectId': `${rancherCluster}:${project}` } }),
    }),
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }))
