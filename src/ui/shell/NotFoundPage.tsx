import { Link, useLocation } from 'react-router'

import { StatePanel } from '../panels/StatePanel.tsx'
import { strings } from '../strings.ts'
import { sharedSearch } from '../panels/links.ts'
import { firstPage } from './pages.ts'

/** What stands at a path where no page lives. */
export function NotFoundPage() {
  const { pathname, search } = useLocation()
  return (
    <StatePanel
      mark="unknown"
      headingLevel={1}
      title={strings.notFound.title}
      text={strings.notFound.text(pathname)}
      actions={<Link to={{ pathname: firstPage.path, search: sharedSearch(search) }}>{strings.notFound.back}</Link>}
    />
  )
}
