import { ActionIcon, Input, Menu, Popover } from '@mantine/core'
import { IconChevronDown, type Icon } from '@tabler/icons-react'
import { useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'

import { completionsOf, type Completion } from '../../../mesh/findCompletion.ts'
import { parseFind } from '../../../mesh/findParse.ts'
import type { MeshGraph } from '../../../mesh/graph.ts'
import classes from './FindBar.module.css'
import { FindErrorNote } from './FindError.tsx'
import { findStrings as strings } from './findStrings.ts'
import { useTyped } from './useTyped.ts'

interface Props {
  readonly label: string
  readonly hint: string
  readonly icon: Icon
  readonly value: string | undefined
  /** Where values to complete with come from. */
  readonly graph: MeshGraph
  readonly presets: readonly { readonly text: string; readonly help: string }[]
  /** The text was typed, a little ago. */
  readonly onType: (text: string | undefined) => void
  /** A preset was chosen. */
  readonly onChoose: (text: string | undefined) => void
  /** Enter, without a completion chosen. */
  readonly onEnter?: (isBack: boolean) => void
  /** `/` goes here. */
  readonly isFind?: boolean
  /** What the text comes to, at the right inside the field. */
  readonly outcome: ReactNode
  /** Pixels that the outcome takes from the text. */
  readonly outcomeWidth: number
}

const presetsWidth = 28

/** A field for an expression: completes while one types, says what is wrong and where, and offers presets. */
export function FindField({ label, hint, icon: Icon, value = '', graph, presets, isFind = false, ...props }: Props) {
  const [text, type] = useTyped(value, (next) => props.onType(next.trim() === '' ? undefined : next))
  const [caret, setCaret] = useState(text.length)
  const [isFocused, setFocused] = useState(false)
  const [isListOpen, setListOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const input = useRef<HTMLInputElement>(null)
  const wantedCaret = useRef<number>(undefined)
  const id = useId()

  const { error } = useMemo(() => parseFind(text), [text])
  const completions = useMemo(
    () => (isListOpen ? completionsOf(text.slice(0, caret), graph) : []),
    [isListOpen, text, caret, graph],
  )
  const isListed = isFocused && completions.length > 0
  // Who is still writing is not told that there is no end yet.
  const isUnfinished = error !== undefined && isFocused && error.at >= text.trimEnd().length
  const shownError = isListed || isUnfinished ? undefined : error

  useLayoutEffect(() => {
    if (wantedCaret.current === undefined) return
    input.current?.setSelectionRange(wantedCaret.current, wantedCaret.current)
    wantedCaret.current = undefined
  })

  const write = (next: string, nextCaret: number) => {
    type(next)
    setCaret(nextCaret)
    setActive(-1)
    setListOpen(true)
  }
  const take = ({ from, text: chosen }: Completion) => {
    const rest = text.slice(caret).replace(/^[^\s()=!<>*^$"']+/, '')
    wantedCaret.current = from + chosen.length
    write(`${text.slice(0, from)}${chosen}${chosen.endsWith(' ') ? rest.trimStart() : rest}`, from + chosen.length)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = completions[Math.max(active, 0)]
    const isTyping = chosen !== undefined && caret > chosen.from
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!isListed) setListOpen(true)
      else
        setActive(
          (active + (event.key === 'ArrowDown' ? 1 : completions.length + Number(active < 0))) % completions.length,
        )
    } else if (
      event.key === 'Tab' &&
      !event.shiftKey &&
      isListed &&
      chosen !== undefined &&
      (active >= 0 || isTyping)
    ) {
      event.preventDefault()
      take(chosen)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      if (isListed && active >= 0 && chosen !== undefined) take(chosen)
      else {
        setListOpen(false)
        props.onEnter?.(event.shiftKey)
      }
    } else if (event.key === 'Escape') {
      event.stopPropagation()
      if (isListed) setListOpen(false)
      else input.current?.blur()
    }
  }

  return (
    <div className={classes['field']} data-kind={isFind ? 'find' : 'hide'}>
      <Popover
        opened={isListed || shownError !== undefined}
        position="bottom-start"
        offset={3}
        withRoles={false}
        trapFocus={false}
        closeOnEscape={false}
        closeOnClickOutside={false}
        transitionProps={{ duration: 0 }}
      >
        <Popover.Target>
          <Input
            ref={input}
            className={classes['input'] ?? ''}
            withAria={false}
            size="xs"
            leftSection={<Icon size={16} stroke={1.5} aria-hidden />}
            rightSectionWidth={props.outcomeWidth + presetsWidth}
            rightSection={
              <span className={classes['right']}>
                {props.outcome}
                <Presets label={label} presets={presets} isSet={text !== ''} onChoose={props.onChoose} />
              </span>
            }
            role="combobox"
            aria-label={label}
            aria-autocomplete="list"
            aria-expanded={isListed}
            aria-controls={`${id}list`}
            {...(isListed && active >= 0 ? { 'aria-activedescendant': `${id}option${active}` } : {})}
            {...(shownError === undefined ? {} : { 'aria-describedby': `${id}error` })}
            aria-invalid={shownError !== undefined}
            placeholder={hint}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            maxLength={2000}
            value={text}
            {...(isFind ? { 'data-find-input': true } : {})}
            onChange={({ currentTarget }) =>
              write(currentTarget.value, currentTarget.selectionStart ?? currentTarget.value.length)
            }
            onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart ?? currentTarget.value.length)}
            onKeyDown={onKeyDown}
            onFocus={() => setFocused(true)}
            onBlur={() => {
              setFocused(false)
              setListOpen(false)
              setActive(-1)
            }}
          />
        </Popover.Target>
        <Popover.Dropdown className={classes['below']}>
          {isListed && (
            <ul id={`${id}list`} role="listbox" aria-label={strings.completions} className={classes['list']}>
              {completions.map((completion, index) => (
                <li
                  key={`${completion.from} ${completion.text}`}
                  ref={index === active ? (item) => item?.scrollIntoView({ block: 'nearest' }) : undefined}
                  id={`${id}option${index}`}
                  role="option"
                  aria-selected={index === active}
                  onMouseDown={(event) => {
                    event.preventDefault()
                    take(completion)
                  }}
                >
                  <code>{completion.text.trim()}</code>
                  <span>{completion.help}</span>
                </li>
              ))}
            </ul>
          )}
          {shownError !== undefined && <FindErrorNote id={`${id}error`} text={text} error={shownError} />}
        </Popover.Dropdown>
      </Popover>
    </div>
  )
}

interface PresetsProps extends Pick<Props, 'label' | 'presets' | 'onChoose'> {
  readonly isSet: boolean
}

function Presets({ label, presets, isSet, onChoose }: PresetsProps) {
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={strings.presets(label)}>
          <IconChevronDown size={15} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {presets.map(({ text, help }) => (
          <Menu.Item key={text} onClick={() => onChoose(text)} rightSection={<small>{help}</small>}>
            <code>{text}</code>
          </Menu.Item>
        ))}
        {isSet && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => onChoose(undefined)}>{strings.clear(label)}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
