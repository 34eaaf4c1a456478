import { Link, useLocation } from 'react-router'

import type { Badge } from '../../../mesh/graph.ts'
import type { ListedRow } from '../inventory/listRows.ts'
import { configPlace } from '../links.ts'
import classes from './Details.module.css'
import { strings } from './strings.ts'

/** In the order Istio applies them: routing, then what holds for the destination, then who may come in. */
const inOrder: readonly Badge['kind'][] = [
  'gateway',
  'sidecar',
  'serviceEntry',
  'workloadEntry',
  'virtualService',
  'requestRouting',
  'trafficShifting',
  'tcpTrafficShifting',
  'faultInjection',
  'requestTimeout',
  'retries',
  'mirroring',
  'loadBalancing',
  'locality',
  'circuitBreaker',
  'outlierDetection',
  'peerAuthentication',
  'rateLimit',
  'authorizationPolicy',
]

/** The Istio objects that apply, as Istio applies them, each with the way to its page. */
export function AppliedConfig({ badges, row }: { readonly badges: readonly Badge[]; readonly row: ListedRow }) {
  const told = badges
    .filter(({ kind }) => kind !== 'missingSidecar')
    .toSorted((a, b) => inOrder.indexOf(a.kind) - inOrder.indexOf(b.kind))
  return (
    <section className={classes['card']} aria-label={strings.config}>
      <h2>{strings.config}</h2>
      {told.length === 0 && row.config.length === 0 && <p>{strings.noConfig}</p>}
      <ol className={classes['objects']}>
        {told.length > 0
          ? told.map(({ text, objects }) => (
              <li key={text}>
                {text}
                <small>
                  {objects.map((ref, index) => (
                    <span key={ref}>
                      {index > 0 && ' · '}
                      <ObjectRef of={ref} />
                    </span>
                  ))}
                </small>
              </li>
            ))
          : row.config.map((ref) => (
              <li key={ref}>
                <ObjectRef of={ref} />
              </li>
            ))}
      </ol>
    </section>
  )
}

/** `VirtualService/bookinfo/reviews` as a way to its page. */
function ObjectRef({ of: ref }: { readonly of: string }) {
  const { search } = useLocation()
  const [kind = '', namespace = '', name = '', ...more] = ref.split('/')
  if (name === '' || more.length > 0) return ref
  return <Link to={configPlace({ kind, namespace, name }, search)}>{ref}</Link>
}
