import { Skeleton } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useLocation, useParams } from 'react-router'

import type { EndKind } from '../../../mesh/callEnd.ts'
import type { GraphNode } from '../../../mesh/graph.ts'
import { GraphCanvas } from '../../canvas/GraphCanvas.tsx'
import { useSaySelected } from '../../embed/Embedding.tsx'
import { HealthBadge } from '../../kit/HealthBadge.tsx'
import { Banner } from '../../panels/Banner.tsx'
import { neighbourhoodOf } from '../../panels/details/neighbourhood.ts'
import { useInventory } from '../../panels/inventory/useInventory.ts'
import { detailsPlace } from '../../panels/links.ts'
import { isName, isNamespace } from '../../panels/metrics/endWord.ts'
import { stateOfError } from '../../panels/state.ts'
import { StatePanel } from '../../panels/StatePanel.tsx'
import { StateView } from '../../panels/StatePanels.tsx'
import { useView } from '../../view.tsx'
import { selectedNode } from './selectedNode.ts'
import { strings } from './strings.ts'
import classes from './Tile.module.css'
import { TileHead } from './TileHead.tsx'

const kinds = { workloads: 'workload', apps: 'app', services: 'service' } as const satisfies Record<string, EndKind>
type List = keyof typeof kinds
/** As on the details pages: more are nobody's neighbourhood. */
const mostDrawn = 120

/** Who calls one workload, app or service and whom it calls, as a picture that fills its frame; a click tells the console who it is. */
export function GraphTile() {
  const { kind, namespace, name } = useParams()
  if (!isList(kind) || !isNamespace(namespace) || !isName(name)) {
    return (
      <StatePanel mark="unknown" title={strings.noSuchGraph.title} text={strings.noSuchGraph.text} headingLevel={1} />
    )
  }
  return <Around key={`${kind}/${namespace}/${name}`} list={kind} namespace={namespace} name={name} />
}

function isList(text: string | undefined): text is List {
  return text !== undefined && Object.hasOwn(kinds, text)
}

interface Props {
  readonly list: List
  readonly namespace: string
  readonly name: string
}

function Around({ list, namespace, name }: Props) {
  const { isOwner, cluster } = useView()
  const { search } = useLocation()
  const { rows, graph, error, retry } = useInventory(list, { only: namespace })
  const row = rows?.find((each) => each.namespace === namespace && each.name === name)
  const [selected, setSelected] = useState<string>()
  const drawing = useMemo(
    () => (graph === undefined || row === undefined ? undefined : neighbourhoodOf(graph, new Set([row.id]))),
    [graph, row],
  )
  const nodes = useMemo(() => new Map((graph?.nodes ?? []).map((node) => [node.id, node])), [graph])
  const kind = kinds[list]
  const own = useMemo(() => ({ cluster: cluster.name, kind, namespace, name }), [cluster.name, kind, namespace, name])
  useSaySelected(selected === undefined ? own : selectedNode(nodes.get(selected), cluster.name))

  return (
    <div className={classes['tile']} data-fills>
      <TileHead
        title={strings.graphOf(name)}
        name={name}
        about={strings.kindIn(kind, namespace)}
        whole={detailsPlace(kind, { namespace, name }, search)}
      >
        {row !== undefined && <HealthBadge state={row.health.state} />}
      </TileHead>
      {rows === undefined ? (
        error === null ? (
          <div role="status" aria-label={strings.loading}>
            <Skeleton height={200} />
          </div>
        ) : (
          <StateView state={stateOfError(error)} isOwner={isOwner} onRetry={retry} />
        )
      ) : row === undefined || drawing === undefined ? (
        <StatePanel mark="unknown" title={strings.gone(name)} text={strings.goneText} />
      ) : (
        <>
          {error !== null && <Banner tone="degraded">{strings.stale(error.message)}</Banner>}
          {row.health.state !== 'healthy' && row.health.reasons[0] !== undefined && (
            <p className={classes['reason']}>{row.health.reasons[0]}</p>
          )}
          {drawing.edges.length === 0 ? (
            <StatePanel mark="idle" title={name} text={strings.noNeighbours} />
          ) : drawing.nodes.length > mostDrawn ? (
            <StatePanel mark="idle" title={name} text={strings.manyNeighbours(drawing.nodes.length)} />
          ) : (
            <div className={classes['canvas']}>
              <GraphCanvas
                drawing={drawing}
                scope={`tile ${row.id}`}
                selected={selected}
                camera={undefined}
                onCamera={ignored}
                onSelect={setSelected}
                describe={(id) => described(nodes.get(id))}
              />
            </div>
          )}
        </>
      )}
    </div>
  )
}

const ignored = (): void => undefined

function described(node: GraphNode | undefined) {
  if (node === undefined) return undefined
  const title = node.workload ?? node.app ?? node.service ?? node.id
  return { title, lines: [node.namespace, ...(node.health?.reasons ?? [])].filter((line) => line !== '') }
}
