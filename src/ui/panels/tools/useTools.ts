import { useQuery } from '@tanstack/react-query'

import type { Tool } from '../../../clients/tools/wire.ts'
import type { ToolSpan, ToolSubject } from '../../../mesh/toolLinks.ts'
import type { ToolName } from '../../../mesh/tools.ts'
import { toolsQuery } from '../../queries/tools.ts'
import { useView, type View } from '../../view.tsx'
import { toolHref } from './toolPlace.ts'

/** A tool with its link about something, at the page's time. */
export interface LinkedTool {
  readonly tool: Tool
  /** Undefined where there is no link to follow; the tool's `state` and `reason` say why. */
  readonly href: string | undefined
}

/**
 * Deep links: a function from a tool and what the link is about to the tool's state and its link, with the page's time range. Undefined
 * while it is not known, and where it could not be found out.
 */
export function useToolLinks(): (name: ToolName, subject: ToolSubject, promql?: string) => LinkedTool | undefined {
  const view = useView()
  const { data } = useQuery(toolsQuery(view.cluster.name))
  const span = toolSpan(view)
  return (name, subject, promql) => {
    const tool = data?.find((each) => each.name === name)
    if (tool === undefined) return undefined
    const question = { subject, span, ...(promql === undefined ? {} : { promql }) }
    return { tool, href: toolHref(tool, question, document.baseURI) }
  }
}

/** The page's time range as links carry it. */
export function toolSpan({ window: { seconds, at }, span }: Pick<View, 'window' | 'span'>): ToolSpan {
  return { from: at - seconds, to: at, isLive: span.kind === 'last' }
}
