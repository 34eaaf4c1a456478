import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useLocation } from 'react-router'

import { changesOf, idOf, type Change } from '../../../mesh/changes.ts'
import type { WorkloadObject } from '../../../mesh/config/objects.ts'
import { eventsAbout, type ClusterEvent } from '../../../mesh/events.ts'
import { instantText } from '../../charts/time.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { eventsQuery } from '../../queries/events.ts'
import type { KnownObjects } from '../../queries/objects.ts'
import { useView } from '../../view.tsx'
import { configPlace } from '../links.ts'
import classes from './Details.module.css'
import { strings } from './strings.ts'

interface Props {
  readonly namespace: string
  /** Everything that happens in the namespace, not only to the workloads. */
  readonly isWhole: boolean
  readonly workloads: readonly WorkloadObject[]
  /** A service's own name. */
  readonly services: readonly string[]
  /** The Istio objects that apply, as `VirtualService/bookinfo/reviews`. */
  readonly config: readonly string[]
  readonly known: KnownObjects
}

const daySeconds = 86_400
const most = 40

type Happened =
  | { readonly at: number; readonly id: string; readonly change: Change }
  | { readonly at: number; readonly id: string; readonly event: ClusterEvent }

/** Rollouts, changes of the Istio objects that apply, and Kubernetes' events, in the day before the end of the view's window, newest first. */
export function Changes({ namespace, isWhole, workloads, services, config, known }: Props) {
  const { cluster, window, zone } = useView()
  const { search } = useLocation()
  const events = useQuery({ ...eventsQuery(cluster.name, namespace), enabled: cluster.capabilities.kubernetes.allowed })
  const happened = useMemo(() => {
    const names = workloads.map(({ name }) => name)
    const pods = workloads.flatMap((each) => (each.pods ?? []).map(({ name }) => name))
    const isOurs = (change: Change): boolean =>
      change.kind === 'rollout'
        ? change.namespace === namespace && (isWhole || names.includes(change.name))
        : config.includes(`${change.object}/${change.namespace}/${change.name}`) ||
          (isWhole && change.namespace === namespace)
    const all: readonly Happened[] = [
      ...changesOf(known.lists)
        .filter(isOurs)
        .map((change) => ({ at: change.at, id: idOf(change), change })),
      ...(isWhole ? (events.data ?? []) : eventsAbout(events.data ?? [], { workloads: names, pods, services })).map(
        (event) => ({ at: event.at, id: event.id, event }),
      ),
    ]
    // What began after the window's end is not what explains it.
    const recent = all.filter(({ at }) => at > window.at - daySeconds && at <= window.at + 60)
    return recent.toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
  }, [known, events.data, workloads, services, config, namespace, isWhole, window.at])
  const { changes: words } = strings
  return (
    <section className={classes['card']} aria-label={words.title}>
      <h2>{words.title}</h2>
      {events.error !== null && <p>{words.noEvents(events.error.message)}</p>}
      {happened.length === 0 && <p>{words.none}</p>}
      <ol className={classes['changes']}>
        {happened.slice(0, most).map((one) => (
          <li key={one.id}>
            <time dateTime={new Date(one.at * 1000).toISOString()}>
              {instantText(one.at, daySeconds + 1, zone)}
              <small>{words.ago(window.at - one.at)}</small>
            </time>
            {'change' in one ? (
              <span>
                {one.change.kind === 'config' ? (
                  <Link to={configPlace({ ...one.change, kind: one.change.object }, search)}>
                    {words.object(one.change.object, one.change.name)}
                  </Link>
                ) : (
                  words.object(one.change.object, one.change.name)
                )}{' '}
                {words[one.change.what]}
                {one.change.by !== undefined && ` ${words.by(one.change.by)}`}
              </span>
            ) : (
              <span data-warning={one.event.isWarning || undefined}>
                {one.event.isWarning && <HealthMark state="degraded" size={12} />} {one.event.reason}:{' '}
                {one.event.message}
                <small>
                  {words.object(one.event.object, one.event.name)}
                  {one.event.count > 1 && ` · ${words.times(one.event.count)}`}
                </small>
              </span>
            )}
          </li>
        ))}
      </ol>
      {happened.length > most && <p>{words.more(happened.length - most)}</p>}
    </section>
  )
}
