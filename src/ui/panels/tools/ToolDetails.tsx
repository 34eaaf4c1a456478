import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { IconExternalLink } from '@tabler/icons-react'

import type { Tool } from '../../../clients/tools/wire.ts'
import { carriesSpan } from '../../../mesh/toolLinks.ts'
import { toolTitles } from '../../../mesh/tools.ts'
import { clockTime } from '../../format.ts'
import { CopyButton } from '../../kit/CopyButton.tsx'
import { toolsQuery } from '../../queries/tools.ts'
import { useView } from '../../view.tsx'
import { DoorHelp } from '../DoorHelp.tsx'
import classes from './Tools.module.css'
import { toolStrings as strings } from './strings.ts'
import { toolHref } from './toolPlace.ts'
import { toolSpan } from './useTools.ts'

/** Why a tool is open or not, and the one thing to do about it: open it, try again, ask for it, install it. */
export function ToolDetails({ tool }: { readonly tool: Tool }) {
  const { state, reason, downSince, showsAllTeams, token, elsewhere, install, grant } = tool
  const title = toolTitles[tool.name]
  return (
    <>
      <div className={classes['reason']}>
        <p>{reason}</p>
        {downSince !== undefined && <p>{strings.since(clockTime(downSince))}</p>}
        {showsAllTeams && state === 'open' && <p className={classes['warning']}>{strings.allTeams(title)}</p>}
        {elsewhere !== undefined && <p>{strings.elsewhere(elsewhere)}</p>}
      </div>
      {state === 'open' && token !== undefined && <Command say={strings.token(title)} command={token.command} />}
      <div className={classes['action']}>
        {state === 'open' && <OpenLink tool={tool} />}
        {state === 'down' && <Again tool={tool} />}
        {state === 'locked' && grant !== undefined && (
          <details>
            <summary>{strings.grant}</summary>
            <DoorHelp door={{ allowed: false, ...tool }} />
          </details>
        )}
        {state === 'missing' && install !== undefined && (
          <details>
            <summary>{strings.install}</summary>
            <Command {...install} />
          </details>
        )}
      </div>
    </>
  )
}

function OpenLink({ tool }: { readonly tool: Tool }) {
  const view = useView()
  const title = toolTitles[tool.name]
  const span = toolSpan(view)
  const subject = { kind: 'graph', namespaces: view.namespaces } as const
  const href = toolHref(tool, { subject, span }, document.baseURI)
  if (href === undefined) {
    if (tool.forward === undefined) return null
    return (
      <div>
        <Command say={strings.forward} command={tool.forward.command} />
        <p className={classes['muted']}>
          {strings.thenOpen} <code>{tool.forward.address}</code>
        </p>
      </div>
    )
  }
  return (
    <div>
      <a className={classes['open']} href={href} target="_blank" rel="noopener noreferrer">
        {strings.open(title)}
        <IconExternalLink size={15} stroke={1.6} aria-label={strings.newTab} />
      </a>
      {!carriesSpan(tool.name, span) && <p className={classes['muted']}>{strings.pastSpan(title)}</p>}
    </div>
  )
}

function Again({ tool: { checkedAt } }: { readonly tool: Tool }) {
  const { cluster } = useView()
  const queryClient = useQueryClient()
  const { queryKey } = toolsQuery(cluster.name)
  const ask = () => void queryClient.invalidateQueries({ queryKey })
  return (
    <div className={classes['again']}>
      <Button variant="default" size="xs" onClick={ask}>
        {strings.again}
      </Button>
      {checkedAt !== undefined && <span className={classes['muted']}>{strings.checked(clockTime(checkedAt))}</span>}
    </div>
  )
}

function Command({ say, command }: { readonly say: string; readonly command: string }) {
  return (
    <div className={classes['command']}>
      <p className={classes['muted']}>{say}</p>
      <code>{command}</code>
      <CopyButton text={command} />
    </div>
  )
}
