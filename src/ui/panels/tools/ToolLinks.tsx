import { IconExternalLink } from '@tabler/icons-react'

import type { ToolSubject } from '../../../mesh/toolLinks.ts'
import { toolNames, toolTitles, type ToolName } from '../../../mesh/tools.ts'
import classes from './Tools.module.css'
import { toolStrings as strings } from './strings.ts'
import { useToolLinks } from './useTools.ts'

interface Props {
  /** What each link opens, at the page's time. */
  readonly subject: ToolSubject
  /** What Prometheus and Grafana draw; without it Prometheus is left out. */
  readonly promql?: string
  /** These tools alone. */
  readonly only?: readonly ToolName[]
}

/** The same thing in the other tools: a link to each that is open to the viewer, and a grey name with its reason for the others that are there. */
export function ToolLinks({ subject, promql, only = toolNames }: Props) {
  const linkTo = useToolLinks()
  const shown = only.filter((name) => name !== 'prometheus' || promql !== undefined)
  return (
    <>
      {shown.map((name) => (
        <OneLink key={name} name={name} linked={linkTo(name, subject, promql)} />
      ))}
    </>
  )
}

function OneLink({
  name,
  linked,
}: {
  readonly name: ToolName
  readonly linked: ReturnType<ReturnType<typeof useToolLinks>>
}) {
  if (linked === undefined || linked.tool.state === 'missing') return null
  const { tool, href } = linked
  if (href === undefined) {
    const words = strings.icon(toolTitles[name], tool.state)
    return (
      <span className={classes['closed']} title={`${words}. ${tool.reason}`}>
        {words}
      </span>
    )
  }
  const warning = tool.showsAllTeams ? strings.allTeams(toolTitles[name]) : undefined
  return (
    <a className={classes['open']} href={href} target="_blank" rel="noopener noreferrer" title={warning}>
      {toolTitles[name]}
      <IconExternalLink size={13} stroke={1.6} aria-label={strings.newTab} />
    </a>
  )
}
