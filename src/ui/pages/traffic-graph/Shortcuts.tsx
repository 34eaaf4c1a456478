import { Kbd, Modal } from '@mantine/core'
import { useEffect, useState } from 'react'

import { actionStrings } from './actionStrings.ts'
import classes from './Shortcuts.module.css'

/** Listens for the page's keys: `?` lists them all, `/` goes to Find where there is one. Keys typed into a field stay there. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false)
  const strings = actionStrings.shortcuts
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return
      if (event.key === '?') {
        event.preventDefault()
        setOpen((wasOpen) => !wasOpen)
      } else if (event.key === '/') {
        const find = document.querySelector<HTMLElement>('[data-find-input]')
        if (find === null) return
        event.preventDefault()
        find.focus()
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return (
    <Modal
      opened={isOpen}
      onClose={() => setOpen(false)}
      title={strings.title}
      closeButtonProps={{ 'aria-label': strings.close }}
      transitionProps={{ duration: 0 }}
      centered
    >
      <dl className={classes['keys']}>
        {strings.keys.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.closest('input, textarea, select, [role="textbox"]') !== null
}
