import { badRequest } from './status.ts'

export type Labels = Readonly<Record<string, string>>

/**
 * A `labelSelector` as a test of labels: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, joined with commas.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 * Empty selects everything; throws a 400 `Status` for what it cannot read.
 */
export function labelSelector(text: string): (labels: Labels) => boolean {
  const requirements = splitOutsideParentheses(text).map(requirement)
  return (labels) => requirements.every((holds) => holds(labels))
}

const key = '([A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?)'
const value = '([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?'
const equality = new RegExp(`^${key}\\s*(==|=|!=)\\s*(${value})$`)
const set = new RegExp(`^${key}\\s+(in|notin)\\s*\\(([^()]*)\\)$`)
const existence = new RegExp(`^(!?)\\s*${key}$`)

function requirement(text: string): (labels: Labels) => boolean {
  const [, equalKey, , operator, wanted = ''] = equality.exec(text) ?? []
  // An absent label differs from every value: that is how Kubernetes reads != and notin.
  if (equalKey !== undefined) return (labels) => (own(labels, equalKey) === wanted) === (operator !== '!=')
  const [, setKey, , membership, list = ''] = set.exec(text) ?? []
  if (setKey !== undefined) {
    const values = new Set(list.split(',').map((item) => item.trim()))
    return (labels) => {
      const actual = own(labels, setKey)
      return (actual !== undefined && values.has(actual)) === (membership === 'in')
    }
  }
  const [, negation, existing] = existence.exec(text) ?? []
  if (existing !== undefined) return (labels) => (own(labels, existing) === undefined) === (negation === '!')
  throw badRequest(`unable to parse requirement: found '${text}'`)
}

const own = (labels: Labels, name: string) => (Object.hasOwn(labels, name) ? labels[name] : undefined)

function splitOutsideParentheses(text: string): readonly string[] {
  if (text.trim() === '') return []
  return text.split(/,(?![^(]*\))/).map((part) => part.trim())
}

/** A `fieldSelector` as a test of name and namespace, the two fields every kind has; throws a 400 `Status` for others. */
export function fieldSelector(
  text: string,
): (metadata: { readonly name: string; readonly namespace?: string }) => boolean {
  const requirements = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [, field, operator, wanted = ''] = /^\s*([\w.]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part) ?? []
      if (field !== 'metadata.name' && field !== 'metadata.namespace') {
        throw badRequest(`field label not supported: ${field ?? part}`)
      }
      return { field, isEqual: operator !== '!=', wanted }
    })
  return ({ name, namespace = '' }) =>
    requirements.every(
      ({ field, isEqual, wanted }) => ((field === 'metadata.name' ? name : namespace) === wanted) === isEqual,
    )
}
