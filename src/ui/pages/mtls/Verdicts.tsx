import type { HealthState } from '../../../mesh/verdict.ts'
import type { StrictVerdict } from '../../../mesh/strict.ts'
import { HealthMark } from '../../kit/HealthMark.tsx'
import { Paste } from '../../panels/doctor/FindingCard.tsx'
import { strings as doctorStrings } from '../../panels/doctor/strings.ts'
import classes from './MtlsPage.module.css'
import { strings } from './strings.ts'
import { strictPolicy } from './strictPolicy.ts'

export const markOf = {
  strict: 'healthy',
  yes: 'healthy',
  unproven: 'unknown',
  no: 'degraded',
  nothing: 'idle',
} as const satisfies Record<StrictVerdict['answer'], HealthState>

/** So few are shown with all they rest on; more are opened one by one. */
const fewOpen = 3

/** May each namespace be set to STRICT, and what that rests on. */
export function Verdicts({ verdicts }: { readonly verdicts: readonly StrictVerdict[] }) {
  return (
    <div className={classes['verdicts']}>
      {verdicts.map((verdict) => (
        <Verdict key={verdict.namespace} verdict={verdict} isOpen={verdicts.length <= fewOpen} />
      ))}
    </div>
  )
}

function Verdict({ verdict, isOpen }: { readonly verdict: StrictVerdict; readonly isOpen: boolean }) {
  const { namespace, answer, evidence, mode } = verdict
  const modeText = mode.mode === undefined ? strings.modeUnknown : mode.mode === 'mixed' ? strings.mixed : mode.mode
  return (
    <details className={classes['verdict']} open={isOpen} data-answer={answer} aria-label={namespace}>
      <summary>
        <strong>{namespace}</strong>
        <span className={classes['answer']}>
          <HealthMark state={markOf[answer]} isDecorative />
          {strings.answers[answer]}
        </span>
        <span className={classes['first']}>{evidence[1] ?? evidence[0]}</span>
        <span className={classes['mode']} title={strings.mode}>
          {modeText}
        </span>
      </summary>
      <div className={classes['basis']}>
        <p>{strings.answerText[answer]}</p>
        <h3>{strings.evidence}</h3>
        <ul>
          {evidence.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
        {(answer === 'yes' || answer === 'unproven') && (
          <>
            <h3>{strings.apply}</h3>
            <Paste text={strictPolicy(namespace)} label={doctorStrings.copyFix} />
          </>
        )}
      </div>
    </details>
  )
}
