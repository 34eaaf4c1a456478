import { useId } from 'react'

import type { Asked } from '../../../clients/prometheus/telemetry.ts'
import { doctorCodes } from '../../../mesh/doctor/codes.ts'
import type { DoctorFinding } from '../../../mesh/doctor/finding.ts'
import { CopyButton } from '../../kit/CopyButton.tsx'
import { HealthMark } from '../../kit/HealthMark.tsx'
import classes from './Doctor.module.css'
import { markOf, strings } from './strings.ts'

interface Props {
  readonly finding: DoctorFinding
  readonly queries: Asked['queries']
}

/** One finding: what, how sure, the evidence and its query, and what to do. */
export function FindingCard({ finding, queries }: Props) {
  const id = useId()
  const { code, severity, title, message, evidence, objects = [], query, fix, confidence, affects } = finding
  const promql = query === undefined ? undefined : queries.find(({ name }) => name === `facts-${query}`)?.promql
  return (
    <article className={classes['finding']} data-severity={severity} data-code={code} aria-labelledby={id}>
      <div className={classes['head']}>
        <span className={classes['severity']}>
          <HealthMark state={markOf[severity]} isDecorative />
          {strings.severity[severity]}
        </span>
        <h2 id={id}>{title}</h2>
        <span className={classes['muted']}>
          {code} · {strings.confidence[confidence]}
        </span>
      </div>
      <p className={classes['message']}>{message}.</p>
      <dl className={classes['parts']}>
        {evidence.length > 0 && (
          <div>
            <dt>{strings.evidence}</dt>
            <dd>
              <ul className={classes['list']}>
                {evidence.map((each) => (
                  <li key={each}>{each}</li>
                ))}
              </ul>
            </dd>
          </div>
        )}
        {objects.length > 0 && (
          <div>
            <dt>{strings.objects}</dt>
            <dd>{objects.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`).join(', ')}</dd>
          </div>
        )}
        {promql !== undefined && (
          <div>
            <dt>{strings.query}</dt>
            <dd>
              <Paste text={promql} label={strings.copyQuery} />
            </dd>
          </div>
        )}
        <div>
          <dt>{strings.fix}</dt>
          <dd>
            <span>{fix.say}</span>
            {fix.paste !== undefined && <Paste text={fix.paste} label={strings.copyFix} />}
          </dd>
        </div>
      </dl>
      <p className={classes['muted']}>
        {doctorCodes[code].cause}{' '}
        {affects.length > 0 && `${strings.affects(affects.map((each) => strings.affected[each]))}. `}
        <a href={doctorCodes[code].source} target="_blank" rel="noreferrer">
          {strings.source}
        </a>
      </p>
    </article>
  )
}

/** Something to copy, whole. */
export function Paste({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <span className={classes['paste']} title={label}>
      <pre>{text}</pre>
      <CopyButton text={text} />
    </span>
  )
}
