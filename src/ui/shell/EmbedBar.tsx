import { ActionIcon } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useHref, useLocation } from 'react-router'

import { useEmbedding } from '../embed/Embedding.tsx'
import { withoutWish } from '../embed/wish.ts'
import { ToolIcons } from '../panels/tools/ToolIcons.tsx'
import { strings } from '../strings.ts'
import classes from './EmbedBar.module.css'
import { NamespaceFilter } from './NamespaceFilter.tsx'
import { RefreshPicker, WindowPicker } from './TimePickers.tsx'

/** What is left of header and navigation in a console's frame: what the console did not hide. */
export function EmbedBar() {
  const { isHidden } = useEmbedding()
  const { pathname, search } = useLocation()
  const whole = useHref({ pathname, search: withoutWish(search) })
  if ((['scope', 'window', 'refresh', 'tools', 'open'] as const).every(isHidden)) return null
  return (
    <header className={classes['bar']} aria-label={strings.embed.bar}>
      {!isHidden('scope') && (
        <span className={classes['scope']}>
          <NamespaceFilter />
        </span>
      )}
      <span className={classes['gap']} />
      {!isHidden('window') && <WindowPicker />}
      {!isHidden('refresh') && <RefreshPicker />}
      {!isHidden('tools') && <ToolIcons />}
      {!isHidden('open') && (
        <ActionIcon
          component="a"
          className={classes['open'] ?? ''}
          href={whole}
          target="_blank"
          rel="noopener"
          variant="subtle"
          color="gray"
          size={32}
          aria-label={strings.embed.open}
          title={strings.embed.open}
        >
          <IconExternalLink size={18} stroke={1.5} color="var(--muted)" aria-hidden />
        </ActionIcon>
      )}
    </header>
  )
}
