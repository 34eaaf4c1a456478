import { afterAll, beforeAll, describe, inject } from 'vitest'
import { personas } from '../../src/demo/cluster/personas.ts'
import { startCluster } from '../../src/demo/cluster/server.ts'
import { connectTo } from './api.ts'
import { aggregateRoles, seed } from './seed.ts'

/** A Kubernetes API under test: the demo's own, or a real one that holds the same objects. */
interface Target {
  readonly url: string
  readonly close: () => Promise<void>
  /** What the controller-manager would do by itself. */
  readonly level: () => Promise<void>
}

const targets: Readonly<Record<string, () => Promise<Target>>> = {
  'the demo cluster': async () => ({ ...(await startCluster({ seed })), level: () => Promise.resolve() }),
  'a real kube-apiserver': () => {
    const facts = inject('cluster')
    const level = () => aggregateRoles(connectTo(facts))
    return Promise.resolve({ url: facts.url, close: () => Promise.resolve(), level })
  },
}

/** What a Kubernetes API answers, as far as the contract reads it. */
export interface Body {
  readonly kind?: string
  readonly metadata: {
    readonly name?: string
    readonly uid?: string
    readonly resourceVersion?: string
    readonly continue?: string
    readonly remainingItemCount?: number
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly items: readonly Body[]
  readonly status: unknown
  readonly message?: string
  readonly [field: string]: unknown
}

export interface Answer {
  readonly status: number
  readonly body: Body
}

export const rbac = '/apis/rbac.authorization.k8s.io/v1'
export const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

/** One target, asked as a persona (by its id) or with any token. */
export class Contract {
  #target: Target | undefined

  async open(target: Promise<Target>): Promise<void> {
    this.#target = await target
  }

  get target(): Target {
    if (this.#target === undefined) throw new Error('the target is not open yet')
    return this.#target
  }

  tokenOf(id: string): string {
    return personas.find((persona) => persona.id === id)?.token ?? id
  }

  async ask(
    id: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(this.target.url + path, {
      method,
      headers: { authorization: `Bearer ${this.tokenOf(id)}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : { text }) as Body }
  }

  async may(id: string, resourceAttributes: object): Promise<{ readonly allowed: boolean; readonly reason?: string }> {
    const { body } = await this.ask(id, 'POST', reviews, { spec: { resourceAttributes } })
    return body.status as { readonly allowed: boolean; readonly reason?: string }
  }
}

/** The same suite for both: what Meshboard relies on, the demo must do as Kubernetes does. */
export function describeContract(define: (contract: Contract) => void): void {
  describe.each(Object.entries(targets))('%s', (_, open) => {
    const contract = new Contract()
    beforeAll(() => contract.open(open()))
    afterAll(() => contract.target.close())
    define(contract)
  })
}
