import { Modal } from '@mantine/core'
import { Link, useLocation } from 'react-router'

import type { Query } from '../../../mesh/queries.ts'
import { seesEverything, useView } from '../../view.tsx'
import { ToolLinks } from '../tools/ToolLinks.tsx'
import { explorePlace } from '../links.ts'
import { CopyButton } from '../../kit/CopyButton.tsx'
import classes from './Panel.module.css'
import { strings } from './strings.ts'

interface Props {
  readonly title: string
  readonly queries: readonly Query[]
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** Every expression that was run for a panel, to read and to copy, and to follow at the page's time in Prometheus and Grafana. */
export function PromqlDialog({ title, queries, isOpen, onClose }: Props) {
  const { search } = useLocation()
  // Only viewers of every namespace may ask in PromQL.
  const { cluster, namespaces } = useView()
  const isForAll = seesEverything(cluster)
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={strings.panel.promqlTitle(title)}
      size="xl"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': strings.panel.close }}
    >
      {queries.length === 0 && <p className={classes['empty']}>{strings.panel.promqlNone}</p>}
      {queries.map(({ name, promql }, index) => (
        <div key={`${name} ${index}`} className={classes['query']}>
          <h3>{name}</h3>
          <span className={classes['ways']}>
            {isForAll && <Link to={explorePlace(promql, search)}>{strings.panel.explore}</Link>}
            <ToolLinks subject={{ kind: 'graph', namespaces }} promql={promql} only={['prometheus', 'grafana']} />
            <CopyButton text={promql} />
          </span>
          <pre tabIndex={0}>{promql}</pre>
        </div>
      ))}
    </Modal>
  )
}
