import fc from 'fast-check'
import protobuf from 'protobufjs'
import { uncompress } from 'snappyjs'
import { describe, expect, it } from 'vitest'
import { encodeLabel, encodeWriteRequest } from './remoteWrite.ts'

/** https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message WriteRequest { repeated TimeSeries timeseries = 1; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
`)
const writeRequest = root.lookupType('WriteRequest')

function decode(body: Uint8Array): unknown {
  return writeRequest.toObject(writeRequest.decode(uncompress(body)), { longs: Number, arrays: true, defaults: true })
}

describe('a write request', () => {
  it('says the same after a decoder of somebody else’s', () => {
    const label = fc.record({ name: fc.string({ minLength: 1 }), value: fc.string({ unit: 'grapheme' }) })
    const instants = fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 }), { maxLength: 5 })
    fc.assert(
      fc.property(
        fc.array(fc.array(label, { maxLength: 4 }), { maxLength: 4 }),
        instants,
        fc.double({ noNaN: true }),
        (labelSets, timestamps, value) => {
          const body = encodeWriteRequest(
            labelSets.map((labels, series) => ({
              labels: labels.map(({ name, value }) => encodeLabel(name, value)),
              values: Float64Array.from(timestamps, (_, index) => value + series + index),
            })),
            timestamps,
          )
          expect(decode(body)).toEqual({
            timeseries: labelSets.map((labels, series) => ({
              labels,
              samples: timestamps.map((timestamp, index) => ({ value: value + series + index, timestamp })),
            })),
          })
        },
      ),
    )
  })

  it('carries values of any length', () => {
    const value = 'é"\\\n'.repeat(20_000)
    const body = encodeWriteRequest(
      [{ labels: [encodeLabel('long', value)], values: Float64Array.of(1.5) }],
      [1_795_000_000_123],
    )
    expect(decode(body)).toEqual({
      timeseries: [{ labels: [{ name: 'long', value }], samples: [{ value: 1.5, timestamp: 1_795_000_000_123 }] }],
    })
  })
})
