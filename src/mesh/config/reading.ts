import type { StringMap } from './objects.ts'

/** Steps into parsed JSON of any shape; `undefined` as soon as a step is missing or is no object. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value
  for (const step of path) {
    if (!isObject(here) || !Object.hasOwn(here, step)) return undefined
    here = here[step]
  }
  return here
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text there; `undefined` for anything else. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : undefined
}

/** The finite number there, also where it is written as text (`IntOrString`, protobuf's 64-bit numbers). */
export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path)
  if (typeof found === 'string' && /^-?\d+(?:\.\d+)?$/.test(found)) return Number(found)
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

/** The list there; empty for anything else. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

/** The texts in the list there. */
export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  return listAt(value, ...path).filter((item) => typeof item === 'string')
}

/** The map of texts there; `undefined` where there is no map. */
export function mapAt(value: unknown, ...path: readonly string[]): StringMap | undefined {
  const found = at(value, ...path)
  if (!isObject(found)) return undefined
  return Object.fromEntries(
    Object.entries(found).flatMap(([key, item]) => (typeof item === 'string' ? [[key, item]] : [])),
  )
}

/** Where an object stands, with its annotations if it has any. */
export function namedOf(item: unknown): {
  readonly namespace: string
  readonly name: string
  readonly annotations?: StringMap
  readonly createdAt?: string
} {
  const annotations = mapAt(item, 'metadata', 'annotations')
  const createdAt = textAt(item, 'metadata', 'creationTimestamp')
  return {
    namespace: textAt(item, 'metadata', 'namespace') ?? '',
    name: textAt(item, 'metadata', 'name') ?? '',
    ...(annotations === undefined ? {} : { annotations }),
    ...(createdAt === undefined ? {} : { createdAt }),
  }
}
