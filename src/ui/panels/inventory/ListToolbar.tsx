import { Button, TextInput } from '@mantine/core'
import { IconColumns3, IconDownload, IconFilterX, IconSearch, IconTag } from '@tabler/icons-react'
import type { ListKind } from '../../../mesh/inventory.ts'
import { strings as shared } from '../../strings.ts'
import classes from './Inventory.module.css'
import type { ListedRow } from './listRows.ts'
import { columnsOf, healthStates, injectionStates, type ListChoice } from './listWords.ts'
import { Some } from './Some.tsx'
import { strings } from './strings.ts'

interface Props {
  readonly kind: ListKind
  readonly choice: ListChoice
  /** All rows, before the filters: what there is to choose from. */
  readonly rows: readonly ListedRow[]
  readonly choose: (patch: Partial<ListChoice>) => void
  /** Writes while somebody types. */
  readonly adjust: (patch: Partial<ListChoice>) => void
  readonly onExport: () => void
}

/** A list's filters, its columns, and its file. */
export function ListToolbar({ kind, choice, rows, choose, adjust, onExport }: Props) {
  const kinds = [...new Set(rows.flatMap(({ kind: its }) => its ?? []))].sort()
  const { q, label, health, injection, kind: chosenKinds, config } = choice
  const isFiltered =
    (q ?? '') !== '' ||
    (label ?? '') !== '' ||
    health.length > 0 ||
    injection.length > 0 ||
    chosenKinds.length > 0 ||
    config !== 'any'
  return (
    <div className={classes['toolbar']} role="group" aria-label={strings.toolbar}>
      <TextInput
        className={classes['text']}
        size="sm"
        leftSection={<IconSearch size={15} stroke={1.5} aria-hidden />}
        aria-label={strings.filterName}
        placeholder={strings.filterName}
        value={q ?? ''}
        onChange={(event) => adjust({ q: event.currentTarget.value })}
      />
      <TextInput
        className={classes['text']}
        size="sm"
        leftSection={<IconTag size={15} stroke={1.5} aria-hidden />}
        aria-label={strings.filterLabel}
        placeholder={strings.filterLabel}
        value={label ?? ''}
        onChange={(event) => adjust({ label: event.currentTarget.value })}
      />
      <Some
        caption={strings.columns.health}
        options={healthStates}
        chosen={health}
        name={(state) => shared.health[state]}
        onChoose={(chosen) => choose({ health: chosen })}
      />
      <Some
        caption={strings.columns.injection}
        options={injectionStates}
        chosen={injection}
        name={(state) => strings.injection[state]}
        onChoose={(chosen) => choose({ injection: chosen })}
      />
      {kinds.length > 1 && (
        <Some
          caption={strings.columns.kind}
          options={kinds}
          chosen={chosenKinds}
          name={(each) => each}
          onChoose={(chosen) => choose({ kind: chosen })}
        />
      )}
      <Some
        caption={strings.columns.config}
        options={['with', 'without'] as const}
        chosen={config === 'any' ? [] : [config]}
        name={(each) => strings.config[each]}
        onChoose={(chosen) => choose({ config: chosen.at(-1) ?? 'any' })}
      />
      {isFiltered && (
        <Button
          size="sm"
          variant="subtle"
          leftSection={<IconFilterX size={15} stroke={1.5} aria-hidden />}
          onClick={() => choose({ q: undefined, label: undefined, health: [], injection: [], kind: [], config: 'any' })}
        >
          {strings.clear}
        </Button>
      )}
      <span className={classes['space']} />
      <Some
        icon={IconColumns3}
        caption={strings.columnsButton}
        options={columnsOf(kind).filter((name) => name !== 'name')}
        chosen={choice.columns}
        name={(column) => strings.columns[column]}
        onChoose={(columns) => choose({ columns: ['name', ...columns] })}
        isAlwaysSome
      />
      <Button
        size="sm"
        variant="default"
        leftSection={<IconDownload size={15} stroke={1.5} aria-hidden />}
        onClick={onExport}
      >
        {strings.csv}
      </Button>
    </div>
  )
}
