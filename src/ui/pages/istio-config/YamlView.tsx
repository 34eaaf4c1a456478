import type { Severity } from '../../../mesh/checks/codes.ts'
import type { ConfigFinding } from '../../../mesh/checks/finding.ts'
import { CopyButton } from '../../kit/CopyButton.tsx'
import classes from './IstioConfig.module.css'
import { strings } from './strings.ts'
import { lineAt, tokensOf } from './yamlLines.ts'

interface Props {
  readonly yaml: string
  /** The line that prints the same, for a terminal. */
  readonly command: string
  readonly findings: readonly ConfigFinding[]
}

/** An object's YAML with the lines marked that findings are about. */
export function YamlView({ yaml, command, findings }: Props) {
  const marked = new Map<number, { readonly severity: Severity; readonly says: string }>()
  // The worst comes first and keeps the line.
  for (const { path, severity, code, message } of findings) {
    const line = path === undefined ? undefined : lineAt(yaml, path)
    if (line !== undefined && !marked.has(line)) marked.set(line, { severity, says: `${code}: ${message}` })
  }
  return (
    <>
      <div className={classes['command']}>
        <code>{command}</code>
        <CopyButton text={command} />
      </div>
      <div className={classes['yamlHead']}>
        <small className={classes['muted']}>{strings.object.readOnly}</small>
        <CopyButton text={yaml} label={strings.object.copyYaml} />
      </div>
      {/* A scrolling region is reached by the keyboard. */}
      <pre className={classes['yaml']} tabIndex={0} role="region" aria-label={strings.object.yaml}>
        {yaml
          .trimEnd()
          .split('\n')
          .map((line, index) => {
            const mark = marked.get(index)
            return (
              <span key={index} className={classes['line']} data-severity={mark?.severity} title={mark?.says}>
                {tokensOf(line).map(({ kind, text }, at) => (
                  <span key={at} data-token={kind}>
                    {text}
                  </span>
                ))}
                {mark !== undefined && <span className={classes['says']}>{mark.says}</span>}
                {'\n'}
              </span>
            )
          })}
      </pre>
    </>
  )
}
