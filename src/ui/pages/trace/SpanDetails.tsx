import { Link, useLocation } from 'react-router'

import type { Span, Trace } from '../../../mesh/traces/trace.ts'
import { dateTime, duration, inWords } from '../../format.ts'
import { detailsPlace } from '../../panels/links.ts'
import { strings } from '../../panels/traces/strings.ts'
import { useView } from '../../view.tsx'
import { spanName } from './spanName.ts'
import classes from './TracePage.module.css'
import { ownTimeOf } from './waterfall.ts'

const { page: words } = strings

/** What a span's proxy wrote. */
export function SpanDetails({ span, trace }: { readonly span: Span | undefined; readonly trace: Trace }) {
  const { search } = useLocation()
  const { zone } = useView()
  if (span === undefined) {
    return (
      <section className={classes['details']} aria-label={words.chosen}>
        <p>{words.choose}</p>
      </section>
    )
  }
  const { tags, events, status, flags, kind, namespace } = span
  const app = tags['istio.canonical_service'] ?? /^([^.]+)\.[^.]+$/.exec(span.service)?.[1]
  const facts: readonly (readonly [string, string | undefined])[] = [
    [words.at, `${inWords(duration(span.start - trace.start))} (${dateTime(span.start, zone)})`],
    [words.took, inWords(duration(span.duration))],
    [words.own, span.isBlank === true ? undefined : inWords(duration(ownTimeOf(span, trace.spans)))],
    [words.status, status],
    [words.flags, flags],
    [words.kind, kind === undefined ? undefined : words.kinds[kind]],
  ]
  return (
    <section className={classes['details']} aria-label={words.chosen}>
      <h2>{spanName(span)}</h2>
      {span.isBlank === true && <p>{words.blank}</p>}
      <dl>
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {app !== undefined && namespace !== undefined && span.isBlank !== true && (
        <p>
          {words.toApp}:{' '}
          <Link to={detailsPlace('app', { namespace, name: app }, search)}>{`${app} in ${namespace}`}</Link>
        </p>
      )}
      {events.length > 0 && (
        <>
          <h3>{words.events}</h3>
          <dl>
            {events.map(({ at, text }) => (
              <div key={`${at} ${text}`}>
                <dt>{inWords(duration(at - span.start))}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {Object.keys(tags).length > 0 && (
        <>
          <h3>{words.tags}</h3>
          <dl>
            {Object.entries(tags)
              .sort(([one], [other]) => (one < other ? -1 : 1))
              .map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
          </dl>
        </>
      )}
    </section>
  )
}
