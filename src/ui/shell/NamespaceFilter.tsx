import { Combobox, useCombobox } from '@mantine/core'
import { IconCheck, IconCube } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import { PickerButton } from '../kit/PickerButton.tsx'
import { namespacesQuery, projectName } from '../queries/cluster.ts'
import { strings } from '../strings.ts'
import { useChooseView, useView } from '../view.tsx'
import classes from './NamespaceFilter.module.css'
import {
  groupsOf,
  matching,
  namespacesOf,
  toggleGroup,
  toggleNamespace,
  type NamespaceGroup,
  type ScopeChoice,
} from './namespaceOptions.ts'

/** The header's namespace filter: all, projects with their namespaces indented, several at once, typed to narrow. */
export function NamespaceFilter() {
  const view = useView()
  const chooseView = useChooseView()
  const entries = useQuery(namespacesQuery(view.cluster.name))
  const groups = useMemo(() => groupsOf(entries.data ?? []), [entries.data])
  const [text, setText] = useState('')
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      setText('')
      combobox.resetSelectedOption()
      combobox.focusTarget()
    },
  })

  const choice: ScopeChoice = { namespaces: view.namespaces, project: view.project }
  const chosen = namespacesOf(choice, groups)
  const shown = matching(groups, text)
  const isByName = shown.length === 0 && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)

  const submit = (value: string) => {
    const next = choiceAfter(value, choice, groups)
    chooseView({ scope: next.project === undefined ? { namespaces: next.namespaces } : { project: next.project } })
    if (value === 'all') combobox.closeDropdown()
  }

  return (
    <Combobox
      store={combobox}
      width={300}
      position="bottom-end"
      offset={4}
      onOptionSubmit={submit}
      transitionProps={{ duration: 0 }}
      dropdownPadding={0}
      withinPortal={false}
    >
      <Combobox.Target targetType="button">
        <PickerButton
          className={classes['filter']}
          icon={IconCube}
          aria-label={strings.namespaces.chosen(chipsOf(choice))}
          isOpen={combobox.dropdownOpened}
          onClick={() => combobox.toggleDropdown()}
        >
          <Chips names={chipsOf(choice)} isAll={choice.project === undefined && choice.namespaces.length === 0} />
        </PickerButton>
      </Combobox.Target>
      <Combobox.Dropdown className={classes['dropdown']}>
        <Combobox.Search
          value={text}
          placeholder={strings.namespaces.filter}
          aria-label={strings.namespaces.filter}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value)
            combobox.resetSelectedOption()
          }}
        />
        <Combobox.Options className={classes['options']} aria-label={strings.namespaces.label} aria-multiselectable>
          {text === '' && (
            <Entry
              value="all"
              label={strings.namespaces.all}
              isChosen={chosen.length === 0 && choice.project === undefined}
            />
          )}
          {shown.map((group) => (
            <Group key={group.project ?? ''} group={group} groups={groups} choice={choice} chosen={chosen} />
          ))}
          {isByName && (
            <Entry
              value={`namespace:${text}`}
              label={strings.namespaces.byName(text)}
              isChosen={chosen.includes(text)}
            />
          )}
        </Combobox.Options>
        <Note
          isFailed={entries.isError}
          isLoading={entries.isPending}
          isEmpty={shown.length === 0 && !isByName}
          text={text}
        />
      </Combobox.Dropdown>
    </Combobox>
  )
}

interface GroupProps {
  readonly group: NamespaceGroup
  readonly groups: readonly NamespaceGroup[]
  readonly choice: ScopeChoice
  readonly chosen: readonly string[]
}

function Group({ group, groups, choice, chosen }: GroupProps) {
  const whole = groups.find(({ project }) => project === group.project) ?? group
  const label =
    group.project === undefined ? strings.namespaces.noProject : strings.namespaces.project(projectName(group.project))
  const isChosen =
    (choice.project !== undefined && choice.project === group.project) ||
    whole.namespaces.every((name) => chosen.includes(name))
  return (
    <>
      <Entry value={`project:${group.project ?? ''}`} label={label} isChosen={isChosen} isHeading />
      {group.namespaces.map((name) => (
        <Entry key={name} value={`namespace:${name}`} label={name} isChosen={chosen.includes(name)} isIndented />
      ))}
    </>
  )
}

interface EntryProps {
  readonly value: string
  readonly label: string
  readonly isChosen: boolean
  readonly isHeading?: boolean
  readonly isIndented?: boolean
}

function Entry({ value, label, isChosen, isHeading = false, isIndented = false }: EntryProps) {
  return (
    <Combobox.Option
      className={classes['option']}
      value={value}
      active={isChosen}
      aria-checked={isChosen}
      mod={{ heading: isHeading, indented: isIndented }}
    >
      <span className={classes['label']}>{label}</span>
      {isChosen && <IconCheck size={16} stroke={1.8} aria-hidden />}
    </Combobox.Option>
  )
}

function Chips({ names, isAll }: { readonly names: readonly string[]; readonly isAll: boolean }) {
  const [first, ...rest] = names
  if (first === undefined || isAll) return <>{strings.namespaces.all}</>
  return (
    <span className={classes['chips']}>
      <span className={classes['chip']}>{first}</span>
      {rest.length > 0 && <span className={classes['more']}>{strings.namespaces.more(rest.length)}</span>}
    </span>
  )
}

interface NoteProps {
  readonly isFailed: boolean
  readonly isLoading: boolean
  readonly isEmpty: boolean
  readonly text: string
}

function Note({ isFailed, isLoading, isEmpty, text }: NoteProps) {
  const note = isFailed
    ? strings.namespaces.failed
    : isLoading
      ? strings.states.loading
      : !isEmpty
        ? undefined
        : text === ''
          ? strings.namespaces.none
          : strings.namespaces.nothingMatches(text)
  return (
    <p className={classes['note']} role="status">
      {note}
    </p>
  )
}

function chipsOf({ namespaces, project }: ScopeChoice): readonly string[] {
  if (project !== undefined) return [strings.namespaces.project(projectName(project))]
  return namespaces.length === 0 ? [strings.namespaces.all] : namespaces
}

function choiceAfter(value: string, choice: ScopeChoice, groups: readonly NamespaceGroup[]): ScopeChoice {
  if (value.startsWith('namespace:')) return toggleNamespace(choice, value.slice('namespace:'.length), groups)
  const id = value.startsWith('project:') ? value.slice('project:'.length) : undefined
  const group = groups.find(({ project }) => id !== undefined && (project ?? '') === id)
  return group === undefined ? { namespaces: [], project: undefined } : toggleGroup(choice, group, groups)
}
