import { ActionIcon, Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconEyeOff, IconSearch } from '@tabler/icons-react'

import type { Need } from '../../../mesh/findNeeds.ts'
import { parseFind } from '../../../mesh/findParse.ts'
import type { MeshGraph } from '../../../mesh/graph.ts'
import classes from './FindBar.module.css'
import { FindField } from './FindField.tsx'
import { FindHelp } from './FindHelp.tsx'
import { findStrings as strings } from './findStrings.ts'
import { nextMatch, type Seeking } from './seeking.ts'

interface Expressions {
  readonly find: string | undefined
  readonly hide: string | undefined
}

interface Props {
  readonly graph: MeshGraph
  readonly expressions: Expressions
  readonly seeking: Seeking
  readonly selected: string | undefined
  /** What the expressions ask about and the graph was drawn without. */
  readonly missing: readonly Need[]
  readonly onAdd: (missing: readonly Need[]) => void
  readonly onType: (patch: Partial<Expressions>) => void
  readonly onChoose: (patch: Partial<Expressions>) => void
  /** To the next or previous match. */
  readonly onStep: (id: string) => void
}

/** Find and Hide: two expressions, how many elements they mean, and the way from match to match. */
export function FindBar({ graph, expressions, seeking, selected, missing, onType, onChoose, onStep, onAdd }: Props) {
  const { matches, hidden } = seeking
  const isSet = (text: string | undefined) => parseFind(text ?? '').expression !== undefined
  const isFinding = isSet(expressions.find)
  const isHiding = isSet(expressions.hide)
  const step = (by: 1 | -1) => {
    const next = nextMatch(matches, selected, by)
    if (next !== undefined) onStep(next)
  }
  const at = selected === undefined ? -1 : matches.indexOf(selected)
  const count = at === -1 ? strings.matches(matches.length) : strings.matchOf(at + 1, matches.length)
  return (
    <div className={classes['bar']} role="search" aria-label={strings.label}>
      <FindField
        label={strings.find}
        hint={strings.findHint}
        icon={IconSearch}
        value={expressions.find}
        graph={graph}
        presets={strings.findPresets}
        isFind
        onType={(find) => onType({ find })}
        onChoose={(find) => onChoose({ find })}
        onEnter={(isBack) => step(isBack ? -1 : 1)}
        outcomeWidth={!isFinding ? 0 : matches.length > 0 ? 120 : 68}
        outcome={
          <>
            <span role="status">{isFinding ? count : ''}</span>
            {isFinding && matches.length > 0 && (
              <>
                <Step label={strings.previous} icon={IconChevronLeft} onClick={() => step(-1)} />
                <Step label={strings.next} icon={IconChevronRight} onClick={() => step(1)} />
              </>
            )}
          </>
        }
      />
      <FindField
        label={strings.hide}
        hint={strings.hideHint}
        icon={IconEyeOff}
        value={expressions.hide}
        graph={graph}
        presets={strings.hidePresets}
        onType={(hide) => onType({ hide })}
        onChoose={(hide) => onChoose({ hide })}
        outcomeWidth={isHiding ? 68 : 0}
        outcome={<span role="status">{isHiding ? strings.hidden(hidden.nodes.size + hidden.edges.size) : ''}</span>}
      />
      <FindHelp />
      {missing.length > 0 && (
        <p className={classes['missing']}>
          {missing.map((need) => strings.needs[need]).join(' ')}{' '}
          <Button variant="subtle" size="compact-xs" onClick={() => onAdd(missing)}>
            {strings.add}
          </Button>
        </p>
      )}
    </div>
  )
}

interface StepProps {
  readonly label: string
  readonly icon: typeof IconChevronLeft
  readonly onClick: () => void
}

function Step({ label, icon: Icon, onClick }: StepProps) {
  return (
    <ActionIcon variant="subtle" color="gray" size={24} aria-label={label} title={label} onClick={onClick}>
      <Icon size={15} stroke={1.6} aria-hidden />
    </ActionIcon>
  )
}
