import type { Tool } from '../../../clients/tools/wire.ts'
import { toolLink, type ToolQuestion } from '../../../mesh/toolLinks.ts'
import { addressProblem, apiRootOfPage } from '../../../mesh/tools.ts'

/**
 * Where an open tool's pages begin for this browser, ending in a slash; undefined where it may not be opened, and where only a
 * port-forward leads. A page that came through the API server's service proxy (Rancher's) knows the API server best.
 */
export function toolBase(tool: Tool, pageUrl: string): string | undefined {
  if (tool.state !== 'open') return undefined
  const root = tool.proxyPath === undefined ? undefined : apiRootOfPage(pageUrl)
  const base = root === undefined ? tool.address : `${root}${tool.proxyPath ?? ''}`
  // What another server says becomes a link: a script must never.
  return base === undefined || addressProblem(base) !== undefined ? undefined : base
}

/** The deep link into an open tool; undefined as for `toolBase`. */
export function toolHref(tool: Tool, question: ToolQuestion, pageUrl: string): string | undefined {
  const base = toolBase(tool, pageUrl)
  return base === undefined ? undefined : toolLink(tool.name, base, question)
}
