import { randomBytes, randomUUID } from 'node:crypto'
import type { KubernetesObject } from '../../clients/kubernetes/wire.ts'
import type { ObjectStore } from './objectStore.ts'
import type { Person, PolicyRule } from './rbac.ts'
import { groupVersion, qualified, type ServedKind, type WriteVerb, writeVerbs } from './resources.ts'
import { isRbacKind, rightsIn, rulesBeyond, staleAggregates } from './rights.ts'
import {
  alreadyExists,
  badRequest,
  conflict,
  escalation,
  invalid,
  methodNotAllowed,
  notFound,
  type StatusError,
  unsupportedMediaType,
} from './status.ts'
import { demandValid } from './validation.ts'

/** A change that somebody, who has the right to it, asks for. */
export interface Write {
  readonly verb: WriteVerb
  readonly person: Person
  readonly kind: ServedKind
  readonly version: string
  readonly namespace: string | undefined
  /** Undefined of a creation. */
  readonly name: string | undefined
  readonly body: string
  readonly contentType: string | undefined
  /** Answers as if, and changes nothing. */
  readonly isDryRun: boolean
}

/** Whether a verb changes one object. */
export function isWrite(verb: string): verb is WriteVerb {
  return (writeVerbs as readonly string[]).includes(verb)
}

/**
 * The object after the change, or the `Status` of a deletion. Throws a `StatusError` where Kubernetes would refuse: 409 for a version
 * that is not the latest, 422 for what is not valid, 403 for rights that the person does not hold.
 */
export function write(store: ObjectStore, asked: Write): unknown {
  const { verb, kind, name } = asked
  if (!(kind.writes ?? []).includes(verb)) throw methodNotAllowed()
  if (verb === 'create') return typed(asked, keep(store, asked, created(store, asked), undefined))
  if (name === undefined) throw methodNotAllowed()
  const sent = verb === 'update' ? objectIn(asked) : undefined
  if (sent !== undefined && sent.metadata.name !== name) throw badName(sent, name)
  const old = store.find(qualified(kind), asked.namespace, name)
  if (old === undefined) throw notFound(kind, name)
  if (verb === 'delete') return removed(store, asked, old)
  const wanted = sent ?? patched(asked, old)
  if (wanted.metadata.name !== name) throw badName(wanted, name)
  const { resourceVersion } = wanted.metadata
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(kind, name)
  }
  return typed(asked, keep(store, asked, completed(asked, wanted, old), old))
}

function badName({ metadata }: KubernetesObject, name: string): StatusError {
  return badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
}

function created(store: ObjectStore, asked: Write): KubernetesObject {
  const { kind, namespace } = asked
  const object = objectIn(asked)
  const { generateName } = object.metadata as { readonly generateName?: unknown }
  const name =
    object.metadata.name === '' && typeof generateName === 'string'
      ? `${generateName}${randomBytes(4).toString('hex').slice(0, 5)}`
      : object.metadata.name
  if (name === '') {
    const message = 'Required value: name or generateName is required'
    throw invalid(kind, name, [{ field: 'metadata.name', reason: 'FieldValueRequired', message }])
  }
  if (namespace !== undefined && store.find('namespaces', undefined, namespace) === undefined) {
    throw notFound(namespaceKind, namespace)
  }
  if (store.find(qualified(kind), namespace, name) !== undefined) throw alreadyExists(kind, name)
  const metadata = { ...object.metadata, name, uid: randomUUID(), creationTimestamp: now() }
  return completed(asked, { ...object, metadata }, undefined)
}

/** An object without what only the server decides. */
function completed(
  { namespace }: Write,
  object: KubernetesObject,
  old: KubernetesObject | undefined,
): KubernetesObject {
  const { metadata, ...rest } = object
  const { apiVersion: _version, kind: _kind, ...body } = rest
  const kept = old?.metadata ?? metadata
  return {
    ...body,
    metadata: {
      ...metadata,
      ...(namespace !== undefined && { namespace }),
      ...(kept.uid !== undefined && { uid: kept.uid }),
      ...(kept.creationTimestamp !== undefined && { creationTimestamp: kept.creationTimestamp }),
    },
  }
}

function keep(
  store: ObjectStore,
  { kind, person, isDryRun }: Write,
  object: KubernetesObject,
  old: KubernetesObject | undefined,
): KubernetesObject {
  demandValid(kind, object, old)
  const name = qualified(kind)
  if (isRbacKind(name)) {
    const beyond = rulesBeyond(rightsIn(store), person, name, object)
    if (beyond.length > 0) {
      const { name: user, groups } = person
      throw escalation(kind, object.metadata.name, { user, groups, rules: beyond.map(goRule) })
    }
  }
  if (isDryRun) return object
  const kept = store.put(name, object)
  levelAggregates(store)
  return kept
}

function removed(store: ObjectStore, { kind, isDryRun }: Write, old: KubernetesObject): unknown {
  const { name, uid } = old.metadata
  if (!isDryRun) {
    store.remove(qualified(kind), old)
    levelAggregates(store)
  }
  const details = { name, ...(kind.group !== '' && { group: kind.group }), kind: kind.plural, uid }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}

/** Roles gather roles that gather roles: in Kubernetes `admin` holds `edit`, which holds `view`. */
function levelAggregates(store: ObjectStore): void {
  const kind = 'clusterroles.rbac.authorization.k8s.io'
  for (let pass = 0; pass < 10; pass++) {
    const stale = staleAggregates(store.list(kind))
    if (stale.length === 0) return
    for (const role of stale) store.put(kind, role)
  }
}

/** https://www.rfc-editor.org/rfc/rfc7386; for maps of texts, a strategic merge is the same. */
function patched({ kind, contentType = '', body }: Write, old: KubernetesObject): KubernetesObject {
  const type = contentType.split(';')[0]?.trim()
  if (type !== 'application/merge-patch+json' && type !== 'application/strategic-merge-patch+json') {
    throw unsupportedMediaType()
  }
  const patch = recordIn(body)
  if (patch === undefined) throw badRequest('the patch is not a JSON object')
  const { resourceVersion: _, ...metadata } = old.metadata
  return asObject(merged({ ...old, metadata }, patch), kind)
}

function merged(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const result = new Map(isRecord(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name)
    else result.set(name, merged(result.get(name), value))
  }
  return Object.fromEntries(result)
}

function objectIn({ body, kind, version, namespace }: Write): KubernetesObject {
  const parsed = recordIn(body)
  if (parsed === undefined) throw badRequest('the object provided is unrecognized (must be of type Object)')
  const { kind: named, apiVersion } = parsed
  const expected = groupVersion(kind.group, version)
  if ((named !== undefined && named !== kind.kind) || (apiVersion !== undefined && apiVersion !== expected)) {
    throw badRequest(
      `${String(named)} in version "${String(apiVersion)}" cannot be handled as a ${kind.kind}: expected ${expected} ${kind.kind}`,
    )
  }
  const object = asObject(parsed, kind)
  if (namespace !== undefined && object.metadata.namespace !== undefined && object.metadata.namespace !== namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`)
  }
  return object
}

function asObject(value: unknown, kind: ServedKind): KubernetesObject {
  const record = isRecord(value) ? value : {}
  const metadata = isRecord(record['metadata']) ? record['metadata'] : {}
  const name = metadata['name'] ?? ''
  if (typeof name !== 'string') throw badRequest(`${kind.kind} cannot be read: metadata.name is not a text`)
  return { ...record, metadata: { ...metadata, name } }
}

function typed({ kind, version }: Write, object: KubernetesObject): unknown {
  return { kind: kind.kind, apiVersion: groupVersion(kind.group, version), ...object }
}

/** As Go prints it in the refusal: `{APIGroups:["meshboard.io"], Resources:["graphs"], Verbs:["get"]}`. */
function goRule({ apiGroups, resources, resourceNames, verbs }: PolicyRule): string {
  const list = (values: readonly string[]) => `[${values.map((value) => JSON.stringify(value)).join(' ')}]`
  const names = resourceNames === undefined ? '' : ` ResourceNames:${list(resourceNames)},`
  return `{APIGroups:${list(apiGroups)}, Resources:${list(resources)},${names} Verbs:${list(verbs)}}`
}

const namespaceKind: ServedKind = {
  group: '',
  versions: ['v1'],
  plural: 'namespaces',
  singular: 'namespace',
  kind: 'Namespace',
  isNamespaced: false,
}

const now = (): string => `${new Date().toISOString().slice(0, 19)}Z`

function recordIn(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    return isRecord(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
