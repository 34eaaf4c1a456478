/**
 * Prometheus remote write 1.0: a WriteRequest in protobuf, in a Snappy block
 * (https://prometheus.io/docs/specs/prw/remote_write_spec/). Written by hand because the samples of one call all have
 * one size, which makes it several times faster than a general encoder, and because it is short.
 */

/** A label as protobuf's TimeSeries.labels entry. */
export function encodeLabel(name: string, value: string): Buffer {
  const fields = Buffer.concat([lengthDelimited(1, Buffer.from(name)), lengthDelimited(2, Buffer.from(value))])
  return lengthDelimited(1, fields)
}

/** A series ready to be written: its labels as `encodeLabel` gives them, in the order of their names. */
export interface EncodedSeries {
  readonly labels: readonly Buffer[]
  /** One per timestamp. */
  readonly values: Float64Array
}

/** The body of one write: all series at the same instants, milliseconds since 1970. */
export function encodeWriteRequest(series: readonly EncodedSeries[], timestamps: readonly number[]): Buffer {
  const times = timestamps.map(varint)
  const samplesSize = times.reduce((sum, { length }) => sum + 2 + 9 + 1 + length, 0)
  const sizes = series.map(({ labels }) => labels.reduce((sum, { length }) => sum + length, 0) + samplesSize)
  const heads = sizes.map((size) => Buffer.concat([Buffer.of(0x0a), varint(size)]))
  const body = Buffer.allocUnsafe(sizes.reduce((sum, size, index) => sum + size + (heads[index]?.length ?? 0), 0))
  let offset = 0
  const put = (bytes: Buffer) => {
    offset += bytes.copy(body, offset)
  }
  for (const [index, { labels, values }] of series.entries()) {
    put(heads[index] ?? Buffer.alloc(0))
    labels.forEach(put)
    for (const [step, time] of times.entries()) {
      body[offset++] = 0x12 // TimeSeries.samples
      body[offset++] = 9 + 1 + time.length
      body[offset++] = 0x09 // Sample.value, 64-bit
      offset = body.writeDoubleLE(values[step] ?? 0, offset)
      body[offset++] = 0x10 // Sample.timestamp, varint
      put(time)
    }
  }
  return snappyLiteral(body)
}

/**
 * A valid Snappy block that does not compress: one literal (https://github.com/google/snappy/blob/main/format_description.txt).
 * Over loopback, compressing takes longer than sending.
 */
function snappyLiteral(body: Buffer): Buffer {
  if (body.length === 0) return Buffer.of(0)
  const head = Buffer.concat([varint(body.length), Buffer.of(63 << 2), Buffer.alloc(4)])
  head.writeUInt32LE(body.length - 1, head.length - 4)
  return Buffer.concat([head, body])
}

function lengthDelimited(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of((field << 3) | 2), varint(bytes.length), bytes])
}

/** Base-128, least significant group first; whole numbers up to 2^53. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  return Buffer.of(...bytes, rest)
}
