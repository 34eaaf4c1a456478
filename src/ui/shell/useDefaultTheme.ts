import { useMantineColorScheme } from '@mantine/core'
import { useLayoutEffect } from 'react'

import type { ViewerDefaults } from '../../clients/session/wire.ts'
import { readWish } from '../embed/wish.ts'

/** Where Mantine remembers what somebody chose. */
const remembered = 'mantine-color-scheme-value'
/** An address that named a theme, as it was when the page was loaded. */
const isWished = readWish(window.location.search).theme !== undefined

/** Shows the owners' theme to whoever has chosen none in this browser, and leaves it unchosen: a later change of theirs shows, too. */
export function useDefaultTheme(theme: ViewerDefaults['theme']): void {
  const { setColorScheme } = useMantineColorScheme()
  useLayoutEffect(() => {
    if (theme === undefined || isWished) return
    try {
      if (window.localStorage.getItem(remembered) !== null) return
      setColorScheme(theme)
      window.localStorage.removeItem(remembered)
    } catch {
      // A browser without storage remembers no choice either, and keeps what it shows.
    }
  }, [theme, setColorScheme])
}
