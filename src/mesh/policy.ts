import { flagKinds } from './flags.ts'

/**
 * Rules in order: each response is claimed by the first rule that matches its element, protocol, direction, code and flags, and each
 * rule compares the share it claimed with its tolerances. So a rule written before the defaults replaces them for what it claims.
 * Plain data: it can live in a file, a ConfigMap or an annotation.
 */
export type HealthPolicy = readonly HealthRule[]

export interface HealthRule {
  /** Regular expressions over the whole value; absent matches everything. `kind` is the node's: workload, app or service. */
  readonly match?: { readonly namespace?: string; readonly name?: string; readonly kind?: string }
  readonly protocol: 'http' | 'grpc' | 'tcp'
  /** A regular expression over the whole response code, `X` standing for a digit; `-` is "no response", and TCP's. */
  readonly codes: string
  /**
   * A regular expression over the whole flag string, `-` being "none". Absent: any, but never an injected fault (FI, DI), and a missing
   * response only where a flag says that it was not the client who left.
   */
  readonly flags?: string
  /** `inbound`: what an element answers; `outbound`: what its own calls got; absent: both. */
  readonly direction?: 'inbound' | 'outbound'
  /** Ratios 0 to 1, reached or passed; 0 means "any at all"; absent: never by this rule. */
  readonly degraded?: number
  readonly failing?: number
  /** With fewer requests than this in the window (rate x window) the rule says nothing. */
  readonly minRequests: number
}

/**
 * The contracts page's table, "What is an error": a node is judged by what it answers (one that nobody calls, by what its calls get);
 * an edge by what its calls get. For TCP `CONNECT` is ztunnel's word for UF. Kiali also paints callers and ordinary 404s; we do not.
 */
export const defaultPolicy: HealthPolicy = [
  { protocol: 'http', codes: '5XX|-', direction: 'inbound', degraded: 0.01, failing: 0.1, minRequests: 5 },
  { protocol: 'http', codes: '401|403|429', direction: 'inbound', degraded: 0.1, minRequests: 5 },
  {
    protocol: 'grpc',
    codes: '2|4|8|13|14|15|5XX|-',
    direction: 'inbound',
    degraded: 0.01,
    failing: 0.1,
    minRequests: 5,
  },
  { protocol: 'grpc', codes: '7|16|401|403|429', direction: 'inbound', degraded: 0.1, minRequests: 5 },
  {
    protocol: 'tcp',
    codes: '-',
    flags: '.*\\b(UF|UH|CONNECT)\\b.*',
    direction: 'inbound',
    degraded: 0,
    minRequests: 0,
  },
]

/** An owner's rules in front of the built-in ones, which keep what no rule of theirs claims. */
export function policyWith(rules: HealthPolicy | undefined): HealthPolicy {
  return rules === undefined || rules.length === 0 ? defaultPolicy : [...rules, ...defaultPolicy]
}

/**
 * The rules as somebody who sees only these namespaces may read them: expressions over namespaces name none but these, and rules about
 * none of them are left out. Rules about every namespace stay as they are.
 */
export function rulesWithin(rules: HealthPolicy, namespaces: readonly string[]): HealthPolicy {
  return rules.flatMap((rule) => {
    const { match } = rule
    if (match?.namespace === undefined) return rule
    const own = namespaces.filter(whole(match.namespace))
    return own.length === 0 ? [] : { ...rule, match: { ...match, namespace: own.map(literal).join('|') } }
  })
}

/** Whether the text is a regular expression. */
export function isExpression(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`) instanceof RegExp
  } catch {
    return false
  }
}

/** Whether the expression means the whole of one of these texts. */
export function meansOneOf(pattern: string, texts: readonly string[]): boolean {
  return texts.some(whole(pattern))
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

type Direction = 'inbound' | 'outbound'
type Protocol = HealthRule['protocol']

/** The rules that concern one element, ready to be asked. */
export interface Rules {
  /** The rule that claims such responses; `undefined` where none does, which is no opinion. */
  readonly claim: (
    protocol: Protocol,
    direction: Direction,
    code: string,
    flags: string | undefined,
  ) => HealthRule | undefined
  /** Whether any rule looks at that direction at all. */
  readonly looksAt: (direction: Direction) => boolean
}

export interface Subject {
  readonly namespace: string
  readonly name: string
  readonly kind: string
}

/**
 * A function from an element to its rules; the elements that the same rules concern share one answer.
 * `own` are an element's own rules (its annotation), which replace the policy's; rules that are no valid expressions never match.
 */
export function rulesOf(policy: HealthPolicy): (subject: Subject, own?: HealthPolicy) => Rules {
  const compiled = policy.map(compile)
  const isSelective = compiled.some(({ match }) => match !== undefined)
  const everybody = rules(compiled)
  const shared = new Map<string, Rules>()
  return (subject, own) => {
    if (own !== undefined && own.length > 0) return rules(own.map(compile))
    if (!isSelective) return everybody
    const mine = compiled.filter(({ match }) => match === undefined || match(subject))
    const key = mine.map((rule) => compiled.indexOf(rule)).join()
    const known = shared.get(key)
    if (known !== undefined) return known
    const fresh = rules(mine)
    shared.set(key, fresh)
    return fresh
  }
}

interface Compiled {
  readonly rule: HealthRule
  readonly match: ((subject: Subject) => boolean) | undefined
  readonly takes: (code: string, flags: string | undefined) => boolean
}

function compile(rule: HealthRule): Compiled {
  const codes = whole(rule.codes.replace(/(?<!\\)[Xx]/g, '\\d'))
  const flags = rule.flags === undefined ? undefined : whole(rule.flags)
  return {
    rule,
    match: rule.match === undefined ? undefined : matcher(rule.match),
    // Codes are three characters; longer text is hostile, and an expression from an annotation must not chew on it.
    takes: (code, given) =>
      code.length <= 8 && codes(code) && (flags === undefined ? isServersDoing(code, given) : flags(given ?? '-')),
  }
}

function matcher({ namespace, name, kind }: NonNullable<HealthRule['match']>): (subject: Subject) => boolean {
  const tests = [
    namespace === undefined ? undefined : whole(namespace),
    name === undefined ? undefined : whole(name),
    kind === undefined ? undefined : whole(kind),
  ] as const
  return (subject) =>
    (tests[0]?.(subject.namespace) ?? true) && (tests[1]?.(subject.name) ?? true) && (tests[2]?.(subject.kind) ?? true)
}

/** Whether the whole text matches; an invalid expression matches nothing. */
function whole(pattern: string): (text: string) => boolean {
  try {
    const expression = new RegExp(`^(?:${pattern})$`)
    return (text) => expression.test(text)
  } catch {
    return () => false
  }
}

function isServersDoing(code: string, flags: string | undefined): boolean {
  const kinds = flagKinds(flags)
  if (kinds.includes('injected')) return false
  if (code !== '-') return true
  return kinds.some((kind) => kind !== 'client' && kind !== 'neutral')
}

/** code → flags → the rule that claims them. */
type Memo = Map<string, Map<string | undefined, HealthRule | undefined>>

function emptyMemo(): Readonly<Record<Protocol, Memo>> {
  return { http: new Map(), grpc: new Map(), tcp: new Map() }
}

function rules(compiled: readonly Compiled[]): Rules {
  const memo = { inbound: emptyMemo(), outbound: emptyMemo() }
  const directions = new Set(compiled.map(({ rule }) => rule.direction))
  return {
    looksAt: (direction) => directions.has(direction) || directions.has(undefined),
    claim: (protocol, direction, code, flags) => {
      const known = memo[direction][protocol]
      const byFlags = known.get(code)
      if (byFlags?.has(flags) === true) return byFlags.get(flags)
      const rule = compiled.find(
        ({ rule: { protocol: its, direction: way }, takes }) =>
          its === protocol && (way === undefined || way === direction) && takes(code, flags),
      )?.rule
      if (byFlags === undefined) {
        if (known.size < 256) known.set(code, new Map([[flags, rule]]))
      } else if (byFlags.size < 256) byFlags.set(flags, rule)
      return rule
    },
  }
}

const annotation = 'health.kiali.io/rate'

/**
 * The rules in Kiali's annotation `health.kiali.io/rate`, `code,degraded,failing,protocol,direction;...` with percentages
 * (https://kiali.io/docs/configuration/health/): as Kiali reads it, entries that are not five valid fields are left out, and one valid
 * entry is enough to replace the policy. Empty without the annotation.
 */
export function annotatedPolicy(annotations: Readonly<Record<string, string>> | undefined): HealthPolicy {
  const text = annotations?.[annotation]
  if (text === undefined) return []
  return text
    .slice(0, 4096)
    .split(';')
    .flatMap((entry) => {
      const [codes = '', degraded, failing, protocol = '', direction = '', ...more] = entry
        .split(',')
        .map((field) => field.trim())
      const [low, high] = [percentage(degraded), percentage(failing)]
      if (more.length > 0 || codes === '' || low === undefined || high === undefined || low > high) return []
      const ways = whole(direction)
      const way = directionOf(ways('inbound'), ways('outbound'))
      if (way === undefined) return []
      const speaks = whole(protocol)
      return (['http', 'grpc', 'tcp'] as const).filter(speaks).map((one): HealthRule => ({
        protocol: one,
        codes: codes.replace(/^\^|\$$/g, ''),
        ...(way === 'both' ? {} : { direction: way }),
        degraded: low,
        failing: high,
        minRequests: 5,
      }))
    })
}

function directionOf(isInbound: boolean, isOutbound: boolean): Direction | 'both' | undefined {
  if (isInbound && isOutbound) return 'both'
  if (isInbound) return 'inbound'
  return isOutbound ? 'outbound' : undefined
}

/** A ratio from a percentage; `undefined` for what is not a number from 0 to 100. */
function percentage(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  return value >= 0 && value <= 100 ? value / 100 : undefined
}
