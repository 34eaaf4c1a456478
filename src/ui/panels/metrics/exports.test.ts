import { expect, test } from 'vitest'

import { csvOf, csvOfAll, fileName, jsonOf, jsonOfAll, timesOf, type Exported } from './exports.ts'

const exported: Exported = {
  title: '4xx Response Count',
  unit: 'responses per 30 s',
  times: [1767225600, 1767225630],
  lines: [
    { id: 'a', label: 'cart, "new"', shape: 'line', ink: 'rank1', values: [1.5, undefined], overall: 1 },
    { id: 'b', label: '=HYPERLINK("http://evil")', shape: 'line', ink: 'rank2', values: [-1e-7, 0], overall: 2 },
  ],
  queries: [{ name: 'series-requests', promql: 'sum(x)' }],
}

test('CSV has a row for each step, gaps empty, quotes doubled, formulas defused', () => {
  expect(csvOf(exported)).toBe(
    [
      'time,"cart, ""new"" (responses per 30 s)","\'=HYPERLINK(""http://evil"") (responses per 30 s)"',
      '2026-01-01T00:00:00.000Z,1.5,-1e-7',
      '2026-01-01T00:00:30.000Z,,0',
      '',
    ].join('\r\n'),
  )
})

test('JSON tells gaps as null, and what was asked', () => {
  expect(JSON.parse(jsonOf(exported))).toEqual({
    title: '4xx Response Count',
    unit: 'responses per 30 s',
    queries: [{ name: 'series-requests', promql: 'sum(x)' }],
    times: [1767225600, 1767225630],
    series: [
      { label: 'cart, "new"', values: [1.5, null] },
      { label: '=HYPERLINK("http://evil")', values: [-1e-7, 0] },
    ],
  })
})

test('a file is named for the panel and its last instant', () => {
  expect(fileName('4xx Response Count', 1767225630, 'csv')).toBe('4xx-response-count-2026-01-01T00-00-30Z.csv')
})

test('all panels are one table with a row for each value, gaps being none', () => {
  const other: Exported = { ...exported, title: 'Success Rate', unit: 'percent', lines: exported.lines.slice(1) }
  const formula = '"\'=HYPERLINK(""http://evil"")"'
  expect(csvOfAll([exported, other])).toBe(
    [
      'time,panel,unit,line,value',
      '2026-01-01T00:00:00.000Z,4xx Response Count,responses per 30 s,"cart, ""new""",1.5',
      `2026-01-01T00:00:00.000Z,4xx Response Count,responses per 30 s,${formula},-1e-7`,
      `2026-01-01T00:00:30.000Z,4xx Response Count,responses per 30 s,${formula},0`,
      `2026-01-01T00:00:00.000Z,Success Rate,percent,${formula},-1e-7`,
      `2026-01-01T00:00:30.000Z,Success Rate,percent,${formula},0`,
      '',
    ].join('\r\n'),
  )
  expect(JSON.parse(jsonOfAll([exported, other]))).toEqual([JSON.parse(jsonOf(exported)), JSON.parse(jsonOf(other))])
})

test('steps are instants, both ends included', () => {
  expect(timesOf({ start: 1000, end: 1060, step: 30 })).toEqual([1000, 1030, 1060])
})
