import { ActionIcon, Popover } from '@mantine/core'
import { IconHelp } from '@tabler/icons-react'

import { operands } from '../../../mesh/findOperands.ts'
import classes from './FindBar.module.css'
import { findStrings } from './findStrings.ts'

/** A button that opens the language's help: rules with an example each, where it differs from Kiali's, and the whole vocabulary. */
export function FindHelp() {
  const { help } = findStrings
  return (
    <Popover position="bottom-end" width={560} shadow="md" trapFocus returnFocus transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <ActionIcon variant="default" size={32} aria-label={help.open} title={help.open}>
          <IconHelp size={17} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={classes['help']} aria-label={help.title} tabIndex={0}>
        <h2>{help.title}</h2>
        <p>{help.intro}</p>
        <dl>
          {help.rules.map(({ say, does }) => (
            <div key={say}>
              <dt>
                <code>{say}</code>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <p>{help.keys}</p>
        <h3>{help.kiali}</h3>
        <ul>
          {help.differences.map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
        </ul>
        <Words title={help.nodes} of="node" />
        <Words title={help.edges} of="edge" />
      </Popover.Dropdown>
    </Popover>
  )
}

function Words({ title, of }: { readonly title: string; readonly of: 'node' | 'edge' }) {
  return (
    <>
      <h3>{title}</h3>
      <dl className={classes['words']}>
        {operands
          .filter((operand) => operand.of === of)
          .map(({ names, help }) => (
            <div key={names[0]}>
              <dt>
                <code>{names.join(', ')}</code>
              </dt>
              <dd>{help}</dd>
            </div>
          ))}
      </dl>
    </>
  )
}
