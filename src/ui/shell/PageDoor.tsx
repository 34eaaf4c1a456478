import { PageHead } from '../panels/PageHead.tsx'
import { StatePanel } from '../panels/StatePanel.tsx'
import { strings } from '../strings.ts'
import { useView } from '../view.tsx'
import { DoorHelp } from '../panels/DoorHelp.tsx'
import { doorOfPage, type PageEntry } from './pages.ts'

/** A page, or, where it is closed to the viewer, why and what would open it. */
export function PageDoor({ page }: { readonly page: PageEntry }) {
  const { cluster, session } = useView()
  const { title, Page } = page
  const door = doorOfPage(page, cluster, (cluster.user ?? session.user).name)
  if (door.allowed) return <Page />
  return (
    <>
      <PageHead title={title} />
      <StatePanel mark="unknown" title={strings.access.closedPage(title)} text={door.reason}>
        <DoorHelp door={door} />
      </StatePanel>
    </>
  )
}
