import { IconChartLine } from '@tabler/icons-react'
import { Link, useLocation } from 'react-router'

import { strings } from '../strings.ts'
import { metricsPlace, type EndName } from './links.ts'
import classes from './MetricsLink.module.css'
import { isName, isNamespace } from './metrics/endWord.ts'

interface Props {
  readonly end: EndName
  /** The id of the graph's node that the link stands at, for the way back. */
  readonly node?: string | undefined
  /** Only the mark, for tight places; the words are its name. */
  readonly isMark?: boolean
}

/** The way from a service, workload or app to its metrics; nothing where there is no such place to go. */
export function MetricsLink({ end, node, isMark = false }: Props) {
  const { search } = useLocation()
  if (!isNamespace(end.namespace) || !isName(end.name)) return null
  const words = strings.navigation.metricsOf(end.name)
  return (
    <Link
      className={classes['link'] ?? ''}
      to={metricsPlace(end, search, node)}
      {...(isMark ? { 'aria-label': words, title: words } : {})}
    >
      <IconChartLine size={isMark ? 14 : 15} stroke={1.6} aria-hidden />
      {!isMark && words}
    </Link>
  )
}
