import type { ToolState } from '../../../clients/tools/wire.ts'
import { toolTitles, type ToolName } from '../../../mesh/tools.ts'
import classes from './Tools.module.css'

/** A tool's first two letters: our own mark for it, not its makers'. */
export function ToolBadge({ name, state }: { readonly name: ToolName; readonly state: ToolState }) {
  return (
    <span className={classes['badge']} data-state={state} aria-hidden>
      {toolTitles[name].slice(0, 2)}
    </span>
  )
}
