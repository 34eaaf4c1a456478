import classes from './FoldChips.module.css'
import type { Chip, FoldingChoices } from './folding.ts'
import { graphStrings as strings } from './strings.ts'

interface Props {
  readonly chips: readonly Chip[]
  readonly onChoose: (patch: Partial<FoldingChoices>) => void
}

/** What was folded, each with its undo; draws nothing where nothing was. */
export function FoldChips({ chips, onChoose }: Props) {
  if (chips.length === 0) return null
  return (
    <ul className={classes['chips']} aria-label={strings.chips.label} data-testid="fold-chips">
      {chips.map(({ text, action, patch }) => (
        <li key={text}>
          {text}{' '}
          <button type="button" aria-label={`${action}: ${text}`} onClick={() => onChoose(patch)}>
            {action}
          </button>
        </li>
      ))}
    </ul>
  )
}
