import { expect, test } from 'vitest'

import { fileName, fileOf } from './exportFiles.ts'
import { aGraph, app, edge } from './testGraph.ts'

/** jsdom's Blob has no text(). */
const textOf = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '')
    reader.onerror = () => reject(new Error('unreadable'))
    reader.readAsText(blob)
  })

test.each([
  ['json', 'traffic-graph-2023-11-14T22-13-20Z.json', '"graphType": "versionedApp"'],
  ['csv', 'traffic-graph-2023-11-14T22-13-20Z.csv', 'source_cluster,'],
  ['mermaid', 'traffic-graph-2023-11-14T22-13-20Z.mmd', 'flowchart LR'],
] as const)('%s is the file %s', async (format, name, content) => {
  const file = fileOf(aGraph(), format)
  expect(file.name).toBe(name)
  expect(await textOf(file.content)).toContain(content)
})

test('in CSV a name that a spreadsheet would run is text', async () => {
  const hostile = '=cmd|"/c calc"!A0'
  const nodes = [app('shop', hostile), app('shop', 'b')]
  const call = edge('x', 'y', 1, { source: nodes[0]?.id ?? '', target: nodes[1]?.id ?? '' })
  const text = await textOf(fileOf(aGraph({ nodes, edges: [call] }), 'csv').content)
  expect(text).toContain(`"'=cmd|""/c calc""!A0"`)
  expect(text).not.toMatch(/(^|,)"?=cmd/m)
})

test('a file is named for the instant it shows', () => {
  expect(fileName({ time: 1_700_000_065 }, 'svg')).toBe('traffic-graph-2023-11-14T22-14-25Z.svg')
})
