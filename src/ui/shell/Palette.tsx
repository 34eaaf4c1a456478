import '@mantine/core/styles/Modal.css'

import { Modal, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useId, useMemo, useState, type KeyboardEvent } from 'react'
import { useLocation, useNavigate } from 'react-router'

import { configPlace, detailsPlace, sharedSearch } from '../panels/links.ts'
import { namespacesQuery } from '../queries/cluster.ts'
import { objectsQuery } from '../queries/objects.ts'
import { strings } from '../strings.ts'
import { useView } from '../view.tsx'
import { doorOfPage, pageGroups } from './pages.ts'
import { entriesOf, foundIn, type PaletteEntry } from './paletteEntries.ts'
import classes from './Palette.module.css'

const most = 40

/** The button and the keys (Ctrl or Cmd and K) that open the command palette. */
export function Palette() {
  const [isOpen, setIsOpen] = useState(false)
  // An empty list of tags to ignore: also while somebody types elsewhere.
  useHotkeys([['mod+K', () => setIsOpen(true)]], [])
  return (
    <>
      <button type="button" className={classes['button']} onClick={() => setIsOpen(true)}>
        <IconSearch size={15} stroke={1.5} aria-hidden />
        {strings.palette.button}
        <kbd>{strings.palette.keys}</kbd>
      </button>
      {isOpen && (
        <Modal
          opened
          onClose={() => setIsOpen(false)}
          withCloseButton={false}
          size={600}
          padding={0}
          aria-label={strings.palette.title}
          transitionProps={{ duration: 0 }}
        >
          <Search onClose={() => setIsOpen(false)} />
        </Modal>
      )}
    </>
  )
}

function Search({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const { cluster, session, refreshNow } = useView()
  const { pathname, search } = useLocation()
  const navigate = useNavigate()
  const listId = useId()
  const { data: known } = useQuery({ ...objectsQuery(cluster.name), enabled: cluster.capabilities.kubernetes.allowed })
  const { data: namespaces } = useQuery(namespacesQuery(cluster.name))
  const entries = useMemo(
    (): readonly PaletteEntry[] => [
      ...pageGroups
        .flatMap(({ pages }) => pages)
        .filter((page) => doorOfPage(page, cluster, (cluster.user ?? session.user).name).allowed)
        .map(({ path, title }) => ({ id: path, kind: 'page' as const, name: title })),
      { id: 'refresh', kind: 'action', name: strings.palette.refresh },
      { id: 'everything', kind: 'action', name: strings.palette.everything },
      ...entriesOf(
        known?.objects ?? {},
        (namespaces ?? []).map(({ name }) => name),
      ),
    ],
    [cluster, session, known, namespaces],
  )
  const found = useMemo(() => foundIn(entries, text, most), [entries, text])
  const chosen = found[Math.min(active, found.length - 1)]

  const follow = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return
    onClose()
    const { kind, id, name, namespace = name, type = '' } = entry
    if (kind === 'page') void navigate({ pathname: id, search: sharedSearch(search) })
    else if (kind === 'config') void navigate(configPlace({ kind: type, namespace, name }, search))
    else if (id === 'refresh') refreshNow()
    else if (kind === 'action') {
      const kept = new URLSearchParams(search)
      kept.delete('namespaces')
      kept.delete('project')
      void navigate({ pathname, search: kept.toString() })
    } else void navigate(detailsPlace(kind, { namespace, name }, search))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      setActive((at) => (Math.min(at, found.length - 1) + step + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter') follow(chosen)
  }
  return (
    <div className={classes['palette']}>
      <TextInput
        data-autofocus
        size="md"
        leftSection={<IconSearch size={17} stroke={1.5} aria-hidden />}
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-activedescendant={chosen === undefined ? undefined : `${listId}-${chosen.id}`}
        aria-label={strings.palette.title}
        placeholder={strings.palette.title}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} role="listbox" aria-label={strings.palette.results} className={classes['list']}>
        {found.map((entry) => (
          // The text field has the focus and the keys; the pointer may choose too.
          <li
            key={entry.id}
            id={`${listId}-${entry.id}`}
            role="option"
            aria-selected={entry === chosen}
            onClick={() => follow(entry)}
            ref={entry === chosen ? intoView : undefined}
          >
            <span>{entry.name}</span>
            <small>
              {entry.type ?? strings.palette.kinds[entry.kind]}
              {entry.namespace !== undefined && ` · ${entry.namespace}`}
            </small>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={classes['nothing']}>{strings.palette.nothing(text)}</p>}
    </div>
  )
}

function intoView(element: HTMLElement | null): void {
  // jsdom has no layout and no scrolling.
  if (typeof element?.scrollIntoView === 'function') element.scrollIntoView({ block: 'nearest' })
}
