import { useQuery } from '@tanstack/react-query'

import { toolTitles } from '../../../mesh/tools.ts'
import { toolsQuery } from '../../queries/tools.ts'
import { useView } from '../../view.tsx'
import { LoadingPanel, StateView } from '../StatePanels.tsx'
import { stateOfError } from '../state.ts'
import classes from './Tools.module.css'
import { toolStrings as strings } from './strings.ts'
import { ToolBadge } from './ToolBadge.tsx'
import { ToolDetails } from './ToolDetails.tsx'
import { ToolMark } from './ToolMark.tsx'

/** The tools beside Meshboard, one card each: whether it can be opened, why not, and what to do about it. */
export function ToolCards() {
  const { cluster, isOwner } = useView()
  const { data, error, refetch } = useQuery(toolsQuery(cluster.name))
  if (data === undefined) {
    if (error === null) return <LoadingPanel />
    return <StateView state={stateOfError(error)} isOwner={isOwner} onRetry={() => void refetch()} headingLevel={3} />
  }
  return (
    <ul className={classes['cards']} aria-label={strings.title}>
      {data.map((tool) => (
        <li key={tool.name} className={classes['card']} data-state={tool.state}>
          <div className={classes['head']}>
            <ToolBadge name={tool.name} state={tool.state} />
            <h3 className={classes['title']}>{toolTitles[tool.name]}</h3>
            <span className={classes['state']} data-state={tool.state}>
              <ToolMark state={tool.state} />
              {strings.states[tool.state]}
            </span>
          </div>
          <ToolDetails tool={tool} />
        </li>
      ))}
    </ul>
  )
}
