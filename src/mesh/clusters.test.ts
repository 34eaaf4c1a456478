import { describe, expect, it } from 'vitest'
import { withClusters } from './clusters.ts'
import { clusterOf, RecordReader } from './records.ts'
import { SkippedList } from './skipped.ts'
import { type Call, requests } from './testing/samples.ts'

const known = (cluster: string): { name: string; cluster: string } => ({ name: 'b', cluster })
const unknownTo = { destination_cluster: 'unknown' }
const unknownFrom = { source_cluster: 'unknown' }

/** One pair's reports: `reporter rate source cluster>destination cluster`, `~` before an estimate. */
function placed(...calls: readonly (readonly [rate: number, call: Call])[]): readonly string[] {
  const reader = new RecordReader(new SkippedList())
  const records = reader.read(
    calls.map(([rate, call]) => requests(rate, { from: 'a', to: 'b', ...call })),
    'requests',
  )
  return withClusters(records, reader).map(
    ({ reporter, value, source, destination, isEstimated }) =>
      `${isEstimated === true ? '~' : ''}${reporter} ${value} ${clusterOf(source)}>${clusterOf(destination)}`,
  )
}

describe('unknown clusters of one pair of names', () => {
  it('told ones stay as they are, in whatever cluster', () => {
    expect(placed([5, {}], [4, { reporter: 'destination', to: known('west') }])).toEqual([
      'source 5 east>east',
      'destination 4 east>west',
    ])
  })

  it.each([
    ['the callee’s, from the callee’s report', [8, { labels: unknownTo }], 'source 8 east>west'],
    ['the caller’s, from the callee’s report', [8, { labels: { ...unknownTo, ...unknownFrom } }], 'source 8 east>west'],
  ] as const)('take %s', (_name, [rate, call], line) => {
    expect(placed([rate, call], [7, { reporter: 'destination', to: known('west') }])[0]).toBe(line)
  })

  it('each side fills in the other', () => {
    expect(
      placed([8, { labels: unknownTo }], [7, { reporter: 'destination', to: known('west'), labels: unknownFrom }]),
    ).toEqual(['source 8 east>west', 'destination 7 east>west'])
  })

  it('a waypoint and the callee behind it fill in each other, so that they are not taken for two pairs', () => {
    const west = { to: known('west') }
    expect(
      placed(
        [8, { reporter: 'waypoint', ...west, labels: unknownFrom }],
        [7, { reporter: 'destination', labels: unknownTo }],
      ),
    ).toEqual(['waypoint 8 east>west', 'destination 7 east>west'])
    expect(
      placed(
        [9, { labels: unknownTo }],
        [8, { reporter: 'waypoint', ...west, labels: unknownFrom }],
        [7, { reporter: 'destination', labels: unknownTo }],
      ),
    ).toEqual(['source 9 east>west', 'waypoint 8 east>west', 'destination 7 east>west'])
  })

  it('where several fit, the report is shared by their rates and estimated, and nothing of it is lost', () => {
    expect(
      placed(
        [80, { labels: unknownTo }],
        [30, { reporter: 'destination', to: known('west') }],
        [10, { reporter: 'destination', to: known('north') }],
      ).slice(0, 2),
    ).toEqual(['~source 20 east>north', '~source 60 east>west'])
  })

  it('of another protocol’s reports only where the own protocol has none', () => {
    const grpcWest = { reporter: 'destination', to: known('west'), protocol: 'grpc' } as const
    expect(placed([8, { labels: unknownTo }], [7, grpcWest])[0]).toBe('source 8 east>west')
    expect(
      placed([8, { labels: unknownTo }], [7, grpcWest], [6, { reporter: 'destination', to: known('north') }])[0],
    ).toBe('source 8 east>north')
  })

  it('a report that only says less than another is no place of its own', () => {
    expect(
      placed(
        [8, { labels: unknownTo }],
        [7, { reporter: 'destination', to: known('west') }],
        [3, { reporter: 'waypoint', labels: unknownTo }],
      )[0],
    ).toBe('source 8 east>west')
  })

  it('only then does an unknown callee stand beside its caller, if the service’s namespace is known', () => {
    expect(placed([8, { labels: unknownTo }])).toEqual(['source 8 east>east'])
    expect(placed([8, { host: 'b', labels: { ...unknownTo, destination_service_namespace: 'unknown' } }])).toEqual([
      'source 8 east>unknown',
    ])
    expect(placed([8, { labels: { ...unknownTo, ...unknownFrom } }])).toEqual(['source 8 unknown>unknown'])
  })
})
