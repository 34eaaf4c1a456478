import { ActionIcon, Button, Popover, TextInput } from '@mantine/core'
import { IconBookmark, IconChevronDown, IconTrash } from '@tabler/icons-react'
import { useState, type SubmitEvent } from 'react'
import { Link, useLocation } from 'react-router'

import { actionStrings } from './actionStrings.ts'
import { keepViews, savedViews, withView, type SavedView } from './savedViews.ts'
import classes from './SavedViews.module.css'

/** The viewer's named views, as links; saves what is shown under a name. They live in this browser alone. */
export function SavedViews() {
  const strings = actionStrings.views
  const { pathname, search } = useLocation()
  const [isOpen, setIsOpen] = useState(false)
  const [views, setViews] = useState<readonly SavedView[]>([])
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string>()
  const open = (is: boolean) => {
    // Another tab may have saved one since.
    if (is) setViews(savedViews(localStorage))
    setProblem(undefined)
    setIsOpen(is)
  }
  const keep = (next: readonly SavedView[]) => {
    const isKept = keepViews(localStorage, next)
    setProblem(isKept ? undefined : strings.notKept)
    if (isKept) setViews(next)
    return isKept
  }
  const save = (event: SubmitEvent) => {
    event.preventDefault()
    const next = withView(savedViews(localStorage), name, search)
    if (next === undefined) setProblem(name.trim() === '' ? strings.noName : strings.full)
    else if (keep(next)) setName('')
  }
  return (
    <Popover
      opened={isOpen}
      onChange={open}
      position="bottom-end"
      offset={4}
      width={300}
      transitionProps={{ duration: 0 }}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconBookmark size={15} stroke={1.5} aria-hidden />}
          rightSection={<IconChevronDown size={14} stroke={1.5} aria-hidden />}
          onClick={() => open(!isOpen)}
        >
          {strings.label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes['dropdown']} aria-label={strings.title}>
        {views.length === 0 && <p className={classes['none']}>{strings.none}</p>}
        <ul className={classes['list']}>
          {views.map((view) => (
            <li key={view.name} data-current={isSame(view.search, search) || undefined}>
              <Link to={{ pathname, search: view.search }} onClick={() => open(false)}>
                {view.name}
              </Link>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={28}
                aria-label={strings.forget(view.name)}
                title={strings.forget(view.name)}
                onClick={() => keep(savedViews(localStorage).filter((each) => each.name !== view.name))}
              >
                <IconTrash size={15} stroke={1.5} aria-hidden />
              </ActionIcon>
            </li>
          ))}
        </ul>
        <form className={classes['save']} onSubmit={save}>
          <TextInput
            size="xs"
            aria-label={strings.name}
            placeholder={strings.name}
            maxLength={80}
            data-autofocus
            value={name}
            error={problem}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" size="xs">
            {strings.save}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

const isSame = (one: string, other: string) => one === other.replace(/^\?/, '')
