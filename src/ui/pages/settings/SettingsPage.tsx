import '@mantine/core/styles/Pill.css'
import '@mantine/core/styles/PillsInput.css'
import { useQuery } from '@tanstack/react-query'

import { Banner } from '../../panels/Banner.tsx'
import { PageHead } from '../../panels/PageHead.tsx'
import { LoadingPanel, StateView } from '../../panels/StatePanels.tsx'
import { stateOfError } from '../../panels/state.ts'
import { ToolCards } from '../../panels/tools/ToolCards.tsx'
import { toolStrings } from '../../panels/tools/strings.ts'
import { namespacesQuery } from '../../queries/cluster.ts'
import { accessQuery, meshSettingsQuery } from '../../queries/settings.ts'
import { useView } from '../../view.tsx'
import { AccessForm } from './AccessForm.tsx'
import { MeshForm } from './MeshForm.tsx'
import { meshStrings } from './meshStrings.ts'
import classes from './SettingsPage.module.css'
import { settingsStrings as strings } from './strings.ts'

/** Who may see what, what holds for everybody, and where the tools are: for owners to change, for everybody to read. */
export function SettingsPage() {
  return (
    <div className={classes['page']}>
      <PageHead title={strings.title} />
      <h2 className={classes['section']}>{strings.access}</h2>
      <p className={classes['muted']}>{strings.about}</p>
      <Access />
      <h2 className={classes['section']}>{meshStrings.title}</h2>
      <Mesh />
      <h2 className={classes['section']}>{toolStrings.title}</h2>
      <ToolCards />
    </div>
  )
}

function Access() {
  const { cluster, isOwner } = useView()
  const { data, error, refetch } = useQuery(accessQuery(cluster.name))
  const { data: namespaces = [] } = useQuery(namespacesQuery(cluster.name))
  const projects = [...new Set(namespaces.flatMap(({ project }) => (project === undefined ? [] : [project])))].sort()
  if (data === undefined) {
    if (error === null) return <LoadingPanel />
    return <StateView state={stateOfError(error)} isOwner={isOwner} onRetry={() => void refetch()} headingLevel={3} />
  }
  return (
    <>
      {data.note !== undefined && <Banner>{data.note}</Banner>}
      <div className={classes['cards']}>
        {data.access.map((access) => (
          <AccessForm key={access.opened} access={access} mayEdit={data.mayEdit} projects={projects} />
        ))}
      </div>
    </>
  )
}

function Mesh() {
  const { cluster, isOwner } = useView()
  const { data, error, refetch } = useQuery(meshSettingsQuery(cluster.name))
  if (data === undefined) {
    if (error === null) return <LoadingPanel />
    return <StateView state={stateOfError(error)} isOwner={isOwner} onRetry={() => void refetch()} headingLevel={3} />
  }
  const { name, namespace } = data.place
  return (
    <>
      <p className={classes['muted']}>{meshStrings.about(name, namespace)}</p>
      <MeshForm answer={data} />
    </>
  )
}
