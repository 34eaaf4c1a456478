import { useMemo } from 'react'

import { accessLogOf } from '../../../mesh/accessLog.ts'
import { flagFacts } from '../../../mesh/flags.ts'
import { bytes, duration, inWords } from '../../format.ts'
import classes from './Logs.module.css'
import { strings } from './strings.ts'

/** The fields of a chosen line of a proxy's access log, with Envoy's flags in words. */
export function LineDetails({ line }: { readonly line: string | undefined }) {
  const entry = useMemo(() => (line === undefined ? undefined : accessLogOf(line)), [line])
  const { fields } = strings
  if (entry === undefined) {
    return (
      <p className={classes['hint']} role="status">
        {line === undefined ? strings.choose : strings.notDecoded}
      </p>
    )
  }
  const { method, path, protocol, code, flags, received, sent } = entry
  const request = [method, path, protocol].filter((each) => each !== undefined).join(' ')
  const rows: readonly (readonly [string, string | undefined])[] = [
    [fields.at, entry.at],
    [fields.request, request === '' ? undefined : request],
    [fields.code, code === 0 ? fields.noResponse : code?.toString()],
    [fields.flags, flags === undefined ? undefined : flagSentences(flags)],
    [fields.details, entry.details],
    [fields.upstreamFailure, entry.upstreamFailure],
    [fields.duration, entry.duration === undefined ? undefined : inWords(duration(entry.duration))],
    [fields.received, received === undefined ? undefined : inWords(bytes(received))],
    [fields.sent, sent === undefined ? undefined : inWords(bytes(sent))],
    [fields.authority, entry.authority],
    [fields.upstreamCluster, entry.upstreamCluster],
    [fields.upstreamHost, entry.upstreamHost],
    [fields.downstream, entry.downstream],
    [fields.requestId, entry.requestId],
  ]
  return (
    <div className={classes['decoded']} role="group" aria-label={strings.decoded}>
      <dl>
        {rows.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </div>
  )
}

function flagSentences(flags: string): string {
  const facts = flagFacts(flags)
  return facts.length === 0 ? flags : facts.map(({ flag, text }) => `${flag}: ${text}`).join(' ')
}
