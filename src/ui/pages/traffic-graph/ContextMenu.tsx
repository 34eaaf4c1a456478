import { Menu } from '@mantine/core'
import { IconExternalLink, IconLock } from '@tabler/icons-react'
import { useNavigate } from 'react-router'

import type { Place } from '../../panels/links.ts'
import { actionStrings } from './actionStrings.ts'
import classes from './ContextMenu.module.css'
import type { MenuItem, NodeMenu } from './menu.ts'
import type { Way } from './ways.ts'

interface Props {
  readonly menu: NodeMenu
  /** Pixels of the window. */
  readonly at: { readonly x: number; readonly y: number }
  readonly onSelect: (id: string) => void
  readonly onFocus: (id: string) => void
  readonly onPath: (patch: { readonly pathFrom: string } | { readonly pathTo: string }) => void
  /** A folded group is to be opened. */
  readonly onOpen: (id: string) => void
  /** Address of the metrics page for some namespaces. */
  readonly metricsAt: (namespaces: readonly string[]) => string
  /** Place of a page about it. */
  readonly wayTo: (way: Way) => Place
  readonly onSay: (text: string) => void
  readonly onClose: () => void
}

/** The menu of a node, edge or box, where the pointer (or the keyboard's node) is. */
export function ContextMenu({ menu, at, onSelect, onFocus, onPath, onOpen, metricsAt, wayTo, onSay, onClose }: Props) {
  const strings = actionStrings.menu
  const navigate = useNavigate()
  const run = (item: MenuItem) => {
    if (item.kind === 'select') onSelect(item.id)
    else if (item.kind === 'focus') onFocus(item.id)
    else if (item.kind === 'pathFrom') onPath({ pathFrom: item.id })
    else if (item.kind === 'pathTo') onPath({ pathTo: item.id })
    else if (item.kind === 'open') onOpen(item.id)
    else if (item.kind === 'page') void navigate(metricsAt(item.namespaces))
    else if (item.kind === 'details') void navigate(wayTo(item.way))
    else if (item.kind === 'copy') {
      // Absent where the page is not served securely.
      const clipboard: Clipboard | undefined = navigator.clipboard
      const failed = () => onSay(strings.notCopied)
      if ((clipboard as Clipboard | undefined) === undefined) failed()
      else clipboard.writeText(item.content).then(() => onSay(strings.copied(item.text)), failed)
    }
  }
  return (
    <Menu
      opened
      position="bottom-start"
      offset={0}
      width={250}
      transitionProps={{ duration: 0 }}
      returnFocus
      clickOutsideEvents={['mousedown', 'touchstart']}
      onChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
    >
      <Menu.Target>
        <span className={classes['anchor']} style={{ left: at.x, top: at.y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={strings.label(menu.name)} className={classes['menu']}>
        <Menu.Label className={classes['name']}>{menu.name}</Menu.Label>
        {menu.groups.map((items, index) => (
          // Groups have a fixed order and no identity beside it.
          <div key={index} role="group" className={classes['group']}>
            {items.map((item) => (
              <Line key={item.text} item={item} onRun={run} />
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Line({ item, onRun }: { readonly item: MenuItem; readonly onRun: (item: MenuItem) => void }) {
  switch (item.kind) {
    case 'link':
      return (
        <Menu.Item
          component="a"
          href={item.href}
          target="_blank"
          rel="noreferrer"
          rightSection={<IconExternalLink size={14} stroke={1.5} aria-hidden />}
        >
          {item.text}
        </Menu.Item>
      )
    case 'locked':
      return (
        <Menu.Item
          aria-disabled
          data-locked
          closeMenuOnClick={false}
          title={item.reason}
          rightSection={<IconLock size={14} stroke={1.5} aria-hidden />}
        >
          {item.text}
          <small className={classes['reason']}>{item.reason}</small>
        </Menu.Item>
      )
    default:
      return <Menu.Item onClick={() => onRun(item)}>{item.text}</Menu.Item>
  }
}
