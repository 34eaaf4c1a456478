import { IconChevronRight } from '@tabler/icons-react'
import { useEffect, type ReactNode } from 'react'
import { Link, useLocation } from 'react-router'

import { projectName } from '../queries/cluster.ts'
import { strings } from '../strings.ts'
import { sharedWords, writeWords } from '../url.ts'
import { useView } from '../view.tsx'
import classes from './PageHead.module.css'

interface Props {
  readonly title: string
  /** A few words on what the page shows, beside the title. */
  readonly summary?: ReactNode
  /** Buttons at the right. */
  readonly actions?: ReactNode
  /** What the breadcrumb ends in, where the page shows one thing of the scope. */
  readonly subject?: string
}

/** A page's head: where one is (cluster, scope), the H1, a summary and the page's actions; sets the document's title. */
export function PageHead({ title, summary, actions, subject }: Props) {
  const { cluster } = useView()
  useEffect(() => {
    document.title = strings.frame.documentTitle(title, cluster.label)
  }, [title, cluster.label])
  return (
    <div className={classes['head']}>
      <Breadcrumb end={subject ?? title} />
      <h1 className={classes['title']}>{title}</h1>
      {summary !== undefined && <div className={classes['summary']}>{summary}</div>}
      {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
    </div>
  )
}

function Breadcrumb({ end }: { readonly end: string }) {
  const { cluster, namespaces, project } = useView()
  const { pathname, search } = useLocation()
  const everything = writeWords(sharedWords, search, { namespaces: [], project: undefined })
  const scope =
    project !== undefined
      ? strings.namespaces.project(projectName(project))
      : namespaces.length === 0
        ? strings.namespaces.all
        : namespaces.join(', ')
  const isEverything = project === undefined && namespaces.length === 0
  return (
    <nav className={classes['crumbs']} aria-label={strings.frame.breadcrumb}>
      <ol>
        <li>
          <Link to={{ pathname, search: everything }}>{cluster.label}</Link>
        </li>
        <li>
          <IconChevronRight size={12} stroke={1.4} aria-hidden />
          {isEverything ? <Link to={{ pathname, search: everything }}>{scope}</Link> : <span>{scope}</span>}
        </li>
        <li aria-current="page">
          <IconChevronRight size={12} stroke={1.4} aria-hidden />
          <span>{end}</span>
        </li>
      </ol>
    </nav>
  )
}
