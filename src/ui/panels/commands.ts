import { shellWord } from '../../mesh/shellWord.ts'
import { strings } from '../strings.ts'
import type { PageState } from './state.ts'

/** One thing to do: what it is for, and the command. */
export interface Step {
  readonly say: string
  readonly command: string
}

/**
 * What whoever runs the cluster can do about a state, as commands to paste; none where there is nothing to run. The first
 * namespace in scope stands for the one to look at.
 */
export function stepsFor(kind: PageState['kind'], namespaces: readonly string[]): readonly Step[] {
  const name = namespaces[0] ?? 'default'
  const namespace = shellWord(name)
  switch (kind) {
    case 'noPrometheus':
      return pair(strings.states.noPrometheus.steps, [
        'kubectl get pods --all-namespaces -l app.kubernetes.io/name=prometheus',
        'kubectl logs --namespace meshboard --tail=50 -l app.kubernetes.io/name=meshboard',
      ])
    case 'noIstio':
      return pair(strings.states.noIstio.steps, [
        'istioctl install --set profile=default',
        `kubectl label namespace ${namespace} istio-injection=enabled\nkubectl rollout restart deployment --namespace ${namespace}`,
      ])
    case 'noMetrics':
      return pair(strings.states.noMetrics.steps, [
        'kubectl get namespaces -L istio-injection,istio.io/rev,istio.io/dataplane-mode',
        `kubectl exec --namespace ${namespace} deployment/DEPLOYMENT -c istio-proxy -- pilot-agent request GET stats/prometheus | grep istio_requests_total`,
        'kubectl apply -f https://raw.githubusercontent.com/istio/istio/master/samples/addons/prometheus.yaml',
      ])
    case 'noTraffic':
      return pair(strings.states.noTraffic.steps, [
        'istioctl proxy-status',
        `kubectl exec --namespace ${namespace} deployment/DEPLOYMENT -c istio-proxy -- curl -s -o /dev/null -w '%{http_code}\\n' ${shellWord(`http://SERVICE.${name}:PORT/`)}`,
      ])
    default:
      return []
  }
}

function pair(sentences: readonly string[], commands: readonly string[]): readonly Step[] {
  return commands.map((command, index) => ({ say: sentences[index] ?? '', command }))
}
