import { Popover, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { IconApps } from '@tabler/icons-react'

import type { Tool } from '../../../clients/tools/wire.ts'
import { toolTitles } from '../../../mesh/tools.ts'
import { toolsQuery } from '../../queries/tools.ts'
import { useView } from '../../view.tsx'
import classes from './Tools.module.css'
import { toolStrings as strings } from './strings.ts'
import { ToolCards } from './ToolCards.tsx'
import { ToolDetails } from './ToolDetails.tsx'
import { ToolMark } from './ToolMark.tsx'

/** The tools at the top right of every page: one icon each, one for all on narrow screens. Nothing while they are not known. */
export function ToolIcons() {
  const { cluster } = useView()
  const { data } = useQuery(toolsQuery(cluster.name))
  const isNarrow = useMediaQuery('(max-width: 1280px)', false, { getInitialValueInEffect: false })
  if (data === undefined) return null
  if (isNarrow) return <AllTools />
  return (
    <div className={classes['icons']} role="group" aria-label={strings.title}>
      {data.map((tool) => (
        <ToolIcon key={tool.name} tool={tool} />
      ))}
    </div>
  )
}

const popover = {
  position: 'bottom-end',
  offset: 8,
  withinPortal: false,
  transitionProps: { duration: 0 },
  trapFocus: true,
} as const

function ToolIcon({ tool }: { readonly tool: Tool }) {
  const title = toolTitles[tool.name]
  const words = strings.icon(title, tool.state)
  return (
    <Popover {...popover} width={340}>
      <Popover.Target>
        <UnstyledButton className={classes['icon']} data-state={tool.state} aria-label={words} title={words}>
          {title.slice(0, 2)}
          {tool.state !== 'open' && tool.state !== 'missing' && (
            <span className={classes['mark']}>
              <ToolMark state={tool.state} size={13} />
            </span>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes['dropdown']} aria-label={words}>
        <div className={classes['head']}>
          <h2 className={classes['title']}>{title}</h2>
          <span className={classes['state']} data-state={tool.state}>
            <ToolMark state={tool.state} />
            {strings.states[tool.state]}
          </span>
        </div>
        <ToolDetails tool={tool} />
      </Popover.Dropdown>
    </Popover>
  )
}

function AllTools() {
  return (
    <Popover {...popover} width={340}>
      <Popover.Target>
        <UnstyledButton className={classes['icon']} aria-label={strings.all} title={strings.all}>
          <IconApps size={18} stroke={1.5} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes['dropdown']} aria-label={strings.all}>
        <ToolCards />
      </Popover.Dropdown>
    </Popover>
  )
}
