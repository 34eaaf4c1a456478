import { useMemo } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'

import type { MeshGraph } from '../../../mesh/graph.ts'
import type { ListKind } from '../../../mesh/inventory.ts'
import { GraphCanvas } from '../../canvas/GraphCanvas.tsx'
import { useView } from '../../view.tsx'
import type { ListedRow } from '../inventory/listRows.ts'
import { graphPlace } from '../links.ts'
import classes from './Details.module.css'
import { neighbourhoodOf } from './neighbourhood.ts'
import { strings } from './strings.ts'

interface Props {
  readonly kind: ListKind
  readonly graph: MeshGraph | undefined
  readonly row: ListedRow
}

const endKinds = { namespaces: 'namespace', apps: 'app', workloads: 'workload', services: 'service' } as const
/** More are nobody's neighbourhood: the graph page folds and finds. */
const mostDrawn = 120

/** What stands one call away, on the graph page's own canvas; a click leads there. */
export function Neighbourhood({ kind, graph, row }: Props) {
  const { cluster } = useView()
  const { search } = useLocation()
  const navigate = useNavigate()
  const drawing = useMemo(
    () => (graph === undefined ? undefined : neighbourhoodOf(graph, middleOf(kind, row, graph))),
    [graph, kind, row],
  )
  const place = graphPlace({ kind: endKinds[kind], namespace: row.namespace, name: row.name }, search)
  const nodes = useMemo(() => new Map((graph?.nodes ?? []).map((node) => [node.id, node])), [graph])
  const isOpen = cluster.capabilities.graph.allowed
  return (
    <section className={classes['card']} aria-label={strings.neighbourhood}>
      <h2>{strings.neighbourhood}</h2>
      {!isOpen ? (
        <p>{strings.noGraph}</p>
      ) : drawing === undefined || drawing.edges.length === 0 ? (
        <p>{strings.noNeighbours}</p>
      ) : drawing.nodes.length > mostDrawn ? (
        <p>
          {strings.manyNeighbours(drawing.nodes.length)} <Link to={place}>{strings.toGraph}</Link>
        </p>
      ) : (
        <div className={classes['canvas']}>
          <GraphCanvas
            drawing={drawing}
            scope={`around ${row.id}`}
            selected={undefined}
            camera={undefined}
            onCamera={noCamera}
            onSelect={(id) => {
              if (id === undefined) return
              void navigate(graphPlace({ kind: endKinds[kind], namespace: row.namespace, name: row.name }, search, id))
            }}
            describe={(id) => {
              const node = nodes.get(id)
              return node === undefined
                ? undefined
                : { title: node.workload ?? node.app ?? node.service ?? id, lines: node.health?.reasons ?? [] }
            }}
          />
        </div>
      )}
    </section>
  )
}

/** What the neighbourhood is of: the row's own node, or all that stands in the namespace. */
function middleOf(kind: ListKind, row: ListedRow, { nodes }: MeshGraph): ReadonlySet<string> {
  if (kind !== 'namespaces') return new Set([row.id])
  return new Set(nodes.filter(({ namespace }) => namespace === row.name).map(({ id }) => id))
}

const noCamera = (): void => undefined
