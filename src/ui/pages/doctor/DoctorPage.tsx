import { Button } from '@mantine/core'
import { IconStethoscope } from '@tabler/icons-react'

import { doctorCodes } from '../../../mesh/doctor/codes.ts'
import type { DoctorFinding } from '../../../mesh/doctor/finding.ts'
import { roughly } from '../../../mesh/strict.ts'
import { dash, duration, inWords } from '../../format.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { FindingCard, Paste } from '../../panels/doctor/FindingCard.tsx'
import { markOf, strings as shared } from '../../panels/doctor/strings.ts'
import { useDoctor } from '../../panels/doctor/useDoctor.ts'
import { PageHead } from '../../panels/PageHead.tsx'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { LoadingPanel } from '../../panels/StatePanels.tsx'
import type { DeepFacts } from '../../queries/doctor.ts'
import classes from './DoctorPage.module.css'
import { strings } from './strings.ts'

/** Why numbers are missing, wrong or doubtful in the scope: every finding with its evidence and what to do. */
export function DoctorPage() {
  const { findings, facts, queries, retry } = useDoctor()
  return (
    <div className={classes['page']}>
      <PageHead
        title={strings.title}
        summary={findings === undefined ? undefined : <Counts findings={findings} />}
        actions={
          <Button
            size="sm"
            variant="default"
            leftSection={<IconStethoscope size={15} stroke={1.5} aria-hidden />}
            onClick={retry}
          >
            {strings.again}
          </Button>
        }
      />
      {findings === undefined ? (
        <LoadingPanel />
      ) : (
        <div className={classes['body']}>
          <div className={classes['findings']}>
            {findings.length === 0 ? (
              <StatePanel mark="healthy" title={strings.sound} text={strings.soundText} />
            ) : (
              findings.map((finding) => (
                <FindingCard key={`${finding.code} ${finding.message}`} finding={finding} queries={queries} />
              ))
            )}
          </div>
          <div className={classes['aside']}>
            {facts !== undefined && <Examined facts={facts} />}
            <section className={classes['box']} aria-label={strings.codes}>
              <h2>{strings.looked(Object.keys(doctorCodes).length)}</h2>
              <ul className={classes['codes']}>
                {Object.entries(doctorCodes).map(([code, { title }]) => (
                  <li key={code}>
                    <code>{code}</code> {title}
                  </li>
                ))}
              </ul>
              <p>{strings.command}</p>
              <Paste text={strings.commandLine} label={shared.copyFix} />
            </section>
          </div>
        </div>
      )}
    </div>
  )
}

function Counts({ findings }: { readonly findings: readonly DoctorFinding[] }) {
  return (
    <ul className={classes['counts']}>
      {(['failure', 'warning', 'note'] as const).map((severity) => {
        const count = findings.filter((each) => each.severity === severity).length
        return (
          count > 0 && (
            <li key={severity}>
              <HealthMark state={markOf[severity]} isDecorative />
              {strings.counts(count, shared.severity[severity])}
            </li>
          )
        )
      })}
    </ul>
  )
}

/** What Prometheus says of itself, so that a reader can judge the findings. */
function Examined({ facts }: { readonly facts: DeepFacts }) {
  const { prometheusVersion, retention, scrapeIntervalSeconds, evidence } = facts
  const { history, reportersNow, clocks } = evidence ?? {}
  const apart =
    clocks?.prometheus === undefined ? undefined : Math.max(0, Math.abs(clocks.meshboard - clocks.prometheus))
  const rows: readonly (readonly [string, string])[] = [
    [strings.prometheus, prometheusVersion ?? dash],
    [strings.retention, retention ?? dash],
    [strings.history, history === undefined ? strings.noHistory : roughly(history)],
    [strings.interval, inWords(duration(scrapeIntervalSeconds))],
    [strings.reporters, reportersNow?.join(', ') ?? dash],
    [strings.clocks, apart === undefined ? dash : inWords(duration(Math.round(apart * 10) / 10))],
  ]
  return (
    <section className={classes['box']} aria-label={strings.examined}>
      <h2>{strings.examined}</h2>
      <dl className={classes['facts']}>
        {rows.map(([term, said]) => (
          <div key={term} style={{ display: 'contents' }}>
            <dt>{term}</dt>
            <dd>{said}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
