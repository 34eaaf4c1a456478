import type { KubernetesObject } from '../../clients/kubernetes/wire.ts'
import { qualified, type ServedKind } from './resources.ts'
import type { BindingObject } from './rights.ts'
import { badRequest, type Cause, invalid } from './status.ts'

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/

const subdomainWords =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const labelWords =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

/** Throws the `Status` of an object that Kubernetes would not keep, as far as the demo cluster looks: 400, or 422 with the field. */
export function demandValid(kind: ServedKind, object: KubernetesObject, old: KubernetesObject | undefined): void {
  const { name, labels = {} } = object.metadata
  demandTexts(kind, 'metadata.labels', labels)
  demandTexts(kind, 'metadata.annotations', object.metadata.annotations ?? {})
  if (kind.plural === 'configmaps') demandTexts(kind, 'data', 'data' in object ? (object.data ?? {}) : {})
  const causes: Cause[] = []
  const wrong = (field: string, message: string, reason = 'FieldValueInvalid') =>
    causes.push({ field, reason, message })
  const isRbac = kind.group === 'rbac.authorization.k8s.io'
  if (isRbac ? /[/%]/.test(name) || name === '' : name.length > 253 || !subdomain.test(name)) {
    wrong('metadata.name', `Invalid value: "${name}": ${subdomainWords}`)
  }
  for (const value of Object.values(labels)) {
    if (value.length > 63) wrong('metadata.labels', `Invalid value: "${value}": must be no more than 63 characters`)
    else if (!labelValue.test(value)) wrong('metadata.labels', `Invalid value: "${value}": ${labelWords}`)
  }
  if (isRbac && kind.plural.endsWith('bindings')) {
    const { roleRef } = object as Partial<BindingObject>
    if (roleRef === undefined) wrong('roleRef.name', 'Required value', 'FieldValueRequired')
    const before = (old as Partial<BindingObject> | undefined)?.roleRef
    if (before !== undefined && JSON.stringify(sortedKeys(roleRef)) !== JSON.stringify(sortedKeys(before))) {
      wrong('roleRef', `Invalid value: ${goValue(roleRef)}: cannot change roleRef`)
    }
  }
  if (causes.length > 0) throw invalid(kind, name, causes)
}

/** A map whose values must be texts: anything else cannot even be read. */
function demandTexts(kind: ServedKind, field: string, map: unknown): void {
  const isMap = typeof map === 'object' && map !== null && !Array.isArray(map)
  if (isMap && Object.values(map).every((value) => typeof value === 'string')) return
  const type = field === 'data' ? `${kind.kind}.${field}` : `ObjectMeta.${field}`
  throw badRequest(
    `${kind.kind} in version "${kind.versions[0] ?? 'v1'}" cannot be handled as a ${kind.kind}: json: cannot unmarshal into Go struct field ${type} of type string (${qualified(kind)})`,
  )
}

function sortedKeys(object: object | undefined): unknown {
  return object === undefined ? undefined : Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1))
}

/** As Go prints it in such messages. */
function goValue(roleRef: BindingObject['roleRef'] | undefined): string {
  const { apiGroup = '', kind = '', name = '' } = roleRef ?? {}
  return `rbac.RoleRef{APIGroup:"${apiGroup}", Kind:"${kind}", Name:"${name}"}`
}
