import { ActionIcon, Button, Select } from '@mantine/core'
import { IconArrowsExchange } from '@tabler/icons-react'

import type { MeshGraph } from '../../../mesh/graph.ts'
import { actionStrings } from './actionStrings.ts'
import classes from './FocusBar.module.css'
import { crumbOf, type PartChoice } from './focusPart.ts'
import { fullName } from './view.ts'

type Ends = Pick<PartChoice, 'pathFrom' | 'pathTo'>

interface Props {
  /** The whole graph: either end may be any of its nodes. */
  readonly graph: MeshGraph
  readonly shown: number
  readonly choice: Ends
  readonly onChoose: (patch: Partial<Ends>) => void
}

/** The two ends of the ways that are shown, to choose, swap and leave. Nothing while neither is chosen. */
export function PathBar({ graph, shown, choice: { pathFrom, pathTo }, onChoose }: Props) {
  if (pathFrom === undefined && pathTo === undefined) return null
  const strings = actionStrings.focus.paths
  const data = optionsOf(graph, [pathFrom, pathTo])
  const isWhole = pathFrom === undefined || pathTo === undefined
  const end = (word: keyof Ends, label: string, value: string | undefined) => (
    <Select
      className={classes['end'] ?? ''}
      size="xs"
      searchable
      aria-label={label}
      placeholder={strings.choose}
      value={value ?? null}
      data={data}
      limit={200}
      comboboxProps={{ width: 280, position: 'bottom-start', transitionProps: { duration: 0 } }}
      onChange={(chosen) => onChoose({ [word]: chosen ?? undefined })}
    />
  )
  return (
    <nav className={classes['bar']} aria-label={strings.label}>
      <span>{strings.from}</span>
      {end('pathFrom', strings.from, pathFrom)}
      <span>{strings.to}</span>
      {end('pathTo', strings.to, pathTo)}
      <ActionIcon
        variant="default"
        size={30}
        aria-label={strings.swap}
        title={strings.swap}
        onClick={() => onChoose({ pathFrom: pathTo, pathTo: pathFrom })}
      >
        <IconArrowsExchange size={16} stroke={1.5} aria-hidden />
      </ActionIcon>
      <span className={classes['count']} role="status">
        {isWhole ? strings.openEnd : shown === 0 ? strings.none : actionStrings.focus.of(shown, graph.nodes.length)}
      </span>
      <Button size="compact-xs" variant="default" onClick={() => onChoose({ pathFrom: undefined, pathTo: undefined })}>
        {actionStrings.focus.showAll}
      </Button>
    </nav>
  )
}

interface Option {
  readonly value: string
  readonly label: string
}

/** Every node by name and namespace, and the chosen ends where they are boxes, or not in this graph. */
function optionsOf(graph: MeshGraph, ends: readonly (string | undefined)[]): readonly Option[] {
  const nodes = graph.nodes
    .map((node): Option => ({ value: node.id, label: `${fullName(node)} · ${node.namespace}` }))
    .sort((a, b) => a.label.localeCompare(b.label))
  const known = new Set(nodes.map(({ value }) => value))
  const others = [...new Set(ends)].flatMap((id) =>
    id === undefined || known.has(id) ? [] : [{ value: id, label: crumbOf(graph, id) }],
  )
  return [...others, ...nodes]
}
