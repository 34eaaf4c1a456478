import type { MeshSettingsAnswer, SettingsProblem as Problem } from '../../../clients/settings/meshWire.ts'
import { meshStrings as strings } from './meshStrings.ts'
import classes from './SettingsPage.module.css'

interface Props {
  readonly problem: Problem
  readonly place: MeshSettingsAnswer['place']
}

/** What is wrong with a ConfigMap that was edited by hand, and where: for owners. */
export function SettingsProblem({ problem: { complaints, text }, place }: Props) {
  const wrong = new Set(complaints.flatMap((line) => /\bline (\d+)/.exec(line)?.[1] ?? []).map(Number))
  return (
    <section className={classes['problem']} role="alert">
      <p>
        <strong>{strings.problem(place.name, place.namespace)}</strong> {strings.problemHint}
      </p>
      <ul className={classes['lines']}>
        {complaints.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {text !== '' && (
        <details open>
          <summary>{strings.problemText}</summary>
          <ol className={classes['source']} tabIndex={0} aria-label={strings.problemText}>
            {text.split('\n').map((line, index) => (
              // Lines have no other identity.
              <li key={index} data-wrong={wrong.has(index + 1) || undefined}>
                <code>{line === '' ? ' ' : line}</code>
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  )
}
