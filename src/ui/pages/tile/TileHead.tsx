import { ActionIcon } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useEffect, type ReactNode } from 'react'
import { useHref } from 'react-router'

import { useEmbedding } from '../../embed/Embedding.tsx'
import type { Place } from '../../panels/links.ts'
import { strings as shared } from '../../strings.ts'
import { useView } from '../../view.tsx'
import { strings } from './strings.ts'
import classes from './Tile.module.css'

interface Props {
  /** What the document is called. */
  readonly title: string
  readonly name: string
  /** A few words beside the name. */
  readonly about: string
  /** Where the whole page is. */
  readonly whole: Place
  readonly children?: ReactNode
}

/** A tile's one line: what it is about, and the way to the whole page, unless the console shows that itself. */
export function TileHead({ title, name, about, whole, children }: Props) {
  const { isHidden } = useEmbedding()
  const { cluster } = useView()
  const href = useHref(whole)
  useEffect(() => {
    document.title = shared.frame.documentTitle(title, cluster.label)
  }, [title, cluster.label])
  return (
    <header className={classes['head']}>
      <h1 title={name}>{name}</h1>
      {children}
      <span className={classes['about']} title={about}>
        {about}
      </span>
      {!isHidden('open') && (
        <ActionIcon
          component="a"
          href={href}
          target="_blank"
          rel="noopener"
          variant="subtle"
          color="gray"
          aria-label={strings.open}
          title={strings.open}
        >
          <IconExternalLink size={16} stroke={1.5} color="var(--muted)" aria-hidden />
        </ActionIcon>
      )}
    </header>
  )
}
