import { expect, it } from 'vitest'
import { compareRuns, type Run } from './compare.ts'

const run: Run = {
  yardstickMs: 10,
  engine: [{ workloads: 50, edges: 250, graph: 4 }],
  growth: { engine: 1.1 },
  pages: [{ workloads: 200, click: 20, requestsToOpen: 30, framesPerSecond: 50 }],
}
const changed = (part: string, row: object, yardstickMs = 10): Run => ({ ...run, yardstickMs, [part]: [row] })

it('says nothing of the same run twice', () => {
  expect(compareRuns(run, run)).toEqual([])
})

it('measures times by each run’s own yardstick: a machine half as fast is no slower code', () => {
  const engine = [{ workloads: 50, edges: 250, graph: 8 }]
  const pages = [{ workloads: 200, click: 40, requestsToOpen: 30, framesPerSecond: 25 }]
  expect(compareRuns(run, { ...run, yardstickMs: 20, engine, pages })).toEqual([])
})

it('calls a step that takes twice its share worse, and what takes half better', () => {
  expect(compareRuns(run, changed('engine', { workloads: 50, edges: 250, graph: 8 }))).toEqual([
    { figure: 'engine/50/graph', before: 4, after: 8, times: 2, verdict: 'worse' },
  ])
  expect(compareRuns(run, changed('engine', { workloads: 50, edges: 250, graph: 2 }))[0]?.verdict).toBe('better')
})

it('takes every request more for a move, whatever the yardstick', () => {
  const more = changed('pages', { workloads: 200, click: 20, requestsToOpen: 31, framesPerSecond: 50 })
  expect(compareRuns(run, more)).toMatchObject([{ figure: 'pages/200/requestsToOpen', verdict: 'worse' }])
})

it('knows that fewer frames are worse', () => {
  const jerky = changed('pages', { workloads: 200, click: 20, requestsToOpen: 30, framesPerSecond: 20 })
  expect(compareRuns(run, jerky)).toMatchObject([{ figure: 'pages/200/framesPerSecond', verdict: 'worse' }])
})

it('names figures that only one of the two has', () => {
  const other = changed('pages', { workloads: 500, click: 20 })
  expect(compareRuns(run, other).map(({ figure, verdict }) => `${figure} ${verdict}`)).toEqual([
    'pages/200/click gone',
    'pages/200/framesPerSecond gone',
    'pages/200/requestsToOpen gone',
    'pages/500/click new',
  ])
})

it('compares the ratio of programs that ran beside each other, not their wall time', () => {
  const asked = (ms: number, ratio: number) => ({ questions: [{ workloads: 50, question: 'tcp', proxyMs: ms, ratio }] })
  expect(compareRuns({ ...run, ...asked(10, 1.1) }, { ...run, ...asked(90, 1.1) })).toEqual([])
  expect(compareRuns({ ...run, ...asked(10, 1.1) }, { ...run, ...asked(10, 2.2) })).toMatchObject([
    { figure: 'questions/50/tcp/ratio', verdict: 'worse' },
  ])
})
