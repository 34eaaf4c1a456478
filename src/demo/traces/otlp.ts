import type { Attribute, DemoTrace } from './span.ts'

/** Traces as a proxy's OpenTelemetry exporter sends them: OTLP in JSON. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
export function otlpOf(traces: readonly DemoTrace[]): unknown {
  const services = new Set(traces.flatMap(({ spans }) => spans.map(({ service }) => service)))
  return {
    resourceSpans: [...services].map((service) => ({
      resource: { attributes: [attributeOf('service.name', service)] },
      scopeSpans: [
        {
          scope: { name: 'envoy' },
          spans: traces.flatMap(({ id, spans }) =>
            spans
              .filter((span) => span.service === service)
              .map((span) => ({
                traceId: id,
                spanId: span.id,
                ...(span.parent === undefined ? {} : { parentSpanId: span.parent }),
                name: span.operation,
                // SERVER is 2, CLIENT 3; a status of 2 is an error.
                kind: span.kind === 'server' ? 2 : 3,
                startTimeUnixNano: `${span.startUs}000`,
                endTimeUnixNano: `${span.startUs + span.durationUs}000`,
                attributes: Object.entries(span.attributes).map(([key, value]) => attributeOf(key, value)),
                status: span.isError ? { code: 2 } : {},
              })),
          ),
        },
      ],
    })),
  }
}

function attributeOf(key: string, value: Attribute): unknown {
  if (typeof value === 'string') return { key, value: { stringValue: value } }
  return { key, value: typeof value === 'boolean' ? { boolValue: value } : { intValue: String(value) } }
}
