import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { type HealthPolicy, policyWith } from '../mesh/policy.ts'
import { ConfigError } from '../proxy/configErrors.ts'
import { parsePolicy } from '../proxy/healthPolicy.ts'
import { oneLine } from './advice.ts'

/** The rules of a file; or what is wrong with it, a sentence for each mistake. */
export type ReadPolicy =
  | { readonly kind: 'policy'; readonly policy: HealthPolicy }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] }

/** The policy with the rules of that YAML or JSON file in front of the built-in ones. */
export async function policyFrom(file: string): Promise<ReadPolicy> {
  let document: unknown
  try {
    document = parse(await readFile(file, 'utf8'))
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
    return { kind: 'wrong', problems: [`${file} cannot be read as YAML or JSON (${oneLine(why)})`] }
  }
  try {
    return { kind: 'policy', policy: policyWith(parsePolicy(document)) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { kind: 'wrong', problems: error.message.split('\n').map((complaint) => `${file}: ${complaint}`) }
  }
}
