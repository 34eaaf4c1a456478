import { Button } from '@mantine/core'

import type { Clash, MeshField } from './meshFields.ts'
import { meshStrings as strings } from './meshStrings.ts'
import classes from './SettingsPage.module.css'

interface Props {
  readonly clashes: readonly Clash[]
  readonly onTakeTheirs: (field: MeshField) => void
}

/** Both versions of what two owners changed: the one in the cluster, and the one in the fields. */
export function Clashes({ clashes, onTakeTheirs }: Props) {
  const { field, theirs, mine } = strings.clashColumns
  return (
    <section className={classes['clashes']} aria-label={strings.clash}>
      <h3 className={classes['cardTitle']}>{strings.clash}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">{field}</th>
            <th scope="col">{theirs}</th>
            <th scope="col">{mine}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {clashes.map((clash) => (
            <tr key={clash.field}>
              <th scope="row">{strings.fields[clash.field]}</th>
              <td>{said(clash.theirs)}</td>
              <td>{said(clash.mine)}</td>
              <td>
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`${strings.takeTheirs}: ${strings.fields[clash.field]}`}
                  onClick={() => onTakeTheirs(clash.field)}
                >
                  {strings.takeTheirs}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function said(text: string) {
  return text === '' ? <em>{strings.nothingSaid}</em> : <code>{text.trim()}</code>
}
