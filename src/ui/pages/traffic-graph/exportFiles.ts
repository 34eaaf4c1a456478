import { toCsv, toJson, toMermaid } from '../../../mesh/export.ts'
import type { MeshGraph } from '../../../mesh/graph.ts'

export const exportFormats = ['json', 'csv', 'mermaid'] as const

export interface ExportedFile {
  readonly name: string
  readonly content: Blob
}

/** The graph as a file to keep. */
export function fileOf(graph: MeshGraph, format: (typeof exportFormats)[number]): ExportedFile {
  switch (format) {
    case 'json':
      return file(graph, 'json', toJson(graph), 'application/json')
    case 'csv':
      return file(graph, 'csv', toCsv(graph), 'text/csv;charset=utf-8')
    case 'mermaid':
      return file(graph, 'mmd', toMermaid(graph), 'text/plain;charset=utf-8')
  }
}

function file(graph: MeshGraph, extension: string, text: string, type: string): ExportedFile {
  return { name: fileName(graph, extension), content: new Blob([text], { type }) }
}

/** `traffic-graph-2026-01-31T14-07-30Z.svg`: nothing in it that a file system minds. */
export function fileName({ time }: Pick<MeshGraph, 'time'>, extension: string): string {
  const at = new Date(time * 1000).toISOString().replace(/\.\d+/, '').replaceAll(':', '-')
  return `traffic-graph-${at}.${extension}`
}

/** Hands a file to the browser's downloads. */
export function download({ name, content }: ExportedFile): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
