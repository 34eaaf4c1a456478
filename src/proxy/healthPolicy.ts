import { z } from 'zod'
import { type HealthPolicy, type HealthRule, isExpression, meansOneOf } from '../mesh/policy.ts'
import { readWith } from './configErrors.ts'

/** A regular expression over a whole value. YAML reads `codes: 503` as a number, which is meant as it stands. */
const expression = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z.string().min(1).max(1000).refine(isExpression, 'is not a regular expression'),
)
const ratio = z.number().refine((value) => value >= 0 && value <= 1, 'takes a ratio from 0 to 1, such as 0.05 for 5%')

const rule = z
  .strictObject({
    /** Whom it is about; absent: everybody. */
    match: z
      .strictObject({
        namespace: expression.optional(),
        /** Of the workload, app or service. */
        name: expression.optional(),
        kind: expression
          .refine(
            (value) => !isExpression(value) || meansOneOf(value, ['workload', 'app', 'service']),
            'means none of workload, app, service',
          )
          .optional(),
      })
      .optional(),
    protocol: z.enum(['http', 'grpc', 'tcp']),
    /** Of responses, `X` standing for a digit, `-` for no response; TCP has nothing else. */
    codes: expression.optional(),
    /** Over Envoy's whole flag string; absent: whatever is not injected and not the client's leaving. */
    flags: expression.optional(),
    /** What an element answers, what its own calls get, or both. */
    direction: z.enum(['inbound', 'outbound', 'both']).default('inbound'),
    /** Shares of all requests, reached or passed; 0 is "any at all", absent is never. */
    degraded: ratio.optional(),
    failing: ratio.optional(),
    /** With fewer in the window the rule says nothing. */
    minRequests: z.number().min(0, 'takes 0 or more').default(5),
  })
  .superRefine(({ protocol, codes, degraded, failing }, context) => {
    const complain = (key: string, message: string, input: unknown): void => {
      context.addIssue({ code: 'custom', path: [key], message, input })
    }
    if (codes === undefined && protocol !== 'tcp') {
      complain('codes', 'is missing; it takes an expression over response codes, such as 5XX or 401|403', undefined)
    }
    if (degraded !== undefined && failing !== undefined && failing < degraded) {
      complain('failing', `takes at least what degraded takes (${degraded})`, failing)
    }
  })
  .transform(({ match, protocol, codes = '-', flags, direction, degraded, failing, minRequests }): HealthRule => {
    const { namespace, name, kind } = match ?? {}
    const matched = {
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(kind === undefined ? {} : { kind }),
    }
    return {
      ...(Object.keys(matched).length === 0 ? {} : { match: matched }),
      protocol,
      codes,
      ...(flags === undefined ? {} : { flags }),
      ...(direction === 'both' ? {} : { direction }),
      ...(degraded === undefined ? {} : { degraded }),
      ...(failing === undefined ? {} : { failing }),
      minRequests,
    }
  })

/** Rules of an owner, as they are written in a file: they go before the built-in ones, the first that claims a response decides. */
export const healthRules = z.array(rule).max(500)

/**
 * The rules of a document: the list itself, or an object with the list under `health`, as in the configuration file. Empty for an empty
 * document. Throws `ConfigError` with every complaint at once, a line each: `health.0.codes: is not a regular expression; got "("`.
 */
export function parsePolicy(document: unknown): HealthPolicy {
  const isList = Array.isArray(document) || document === null || document === undefined
  return readWith(z.strictObject({ health: healthRules }), isList ? { health: document ?? [] } : document, new Map())
    .health
}
