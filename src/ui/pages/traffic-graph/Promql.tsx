import { ActionIcon, Popover } from '@mantine/core'
import { IconCode } from '@tabler/icons-react'
import { createContext, useContext, useState } from 'react'

import type { Query } from '../../../mesh/queries.ts'
import { CopyButton } from '../../kit/CopyButton.tsx'
import { actionStrings } from './actionStrings.ts'
import classes from './SidePanel.module.css'

/** The PromQL that the proxy ran for the graph on the screen. */
export const GraphPromql = createContext<readonly Query[]>([])

/** Which of the graph's questions a number comes from. */
export type GraphQuestion = 'requests' | 'tcp' | 'mtls' | 'response-time' | 'throughput' | 'operations'

/** Of the graph's expressions those behind some questions; they are named `question-...` by whoever ran them. */
export function useGraphPromql(...questions: readonly GraphQuestion[]): readonly Query[] {
  const all = useContext(GraphPromql)
  return all.filter(({ name }) => questions.some((question) => name === question || name.startsWith(`${question}-`)))
}

interface Props {
  /** What the numbers are called: the button's name ends in it. */
  readonly of: string
  readonly queries: readonly Query[]
}

/** Beside numbers: the expressions they come from, each ready to copy. Nothing where none is known. */
export function PromqlButton({ of, queries }: Props) {
  const [isOpen, setIsOpen] = useState(false)
  if (queries.length === 0) return null
  const label = actionStrings.promql.of(of)
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-end"
      width={340}
      offset={4}
      transitionProps={{ duration: 0 }}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          className={classes['ask'] ?? ''}
          variant="subtle"
          color="gray"
          size={24}
          aria-label={label}
          title={label}
          onClick={() => setIsOpen(!isOpen)}
        >
          <IconCode size={14} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={classes['asked'] ?? ''} aria-label={label}>
        {isOpen && <Expressions queries={queries} />}
      </Popover.Dropdown>
    </Popover>
  )
}

/** Expressions with their names, each ready to copy. */
export function Expressions({ queries }: { readonly queries: readonly Query[] }) {
  return queries.map(({ name, promql }) => (
    <div key={`${name} ${promql}`} className={classes['query']}>
      <div className={classes['queryHead']}>
        <span>{name}</span>
        <CopyButton text={promql} />
      </div>
      <pre tabIndex={0}>{promql}</pre>
    </div>
  ))
}
