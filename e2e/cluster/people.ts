/** Somebody the test cluster knows by a static token, besides the demo's personas. */
export interface TestUser {
  readonly name: string
  readonly token: string
  readonly groups: readonly string[]
}

/** Users without any right of their own: tests give them roles, each in namespaces of its own. */
export const testUsers: readonly TestUser[] = [
  ...['ada', 'ben', 'cleo', 'dan', 'eva', 'fay', 'gus'].map((name) => ({
    name,
    token: `test-${name}-7b1e`,
    groups: [`team-${name}`],
  })),
  { name: 'second-owner', token: 'test-second-owner-2f6a', groups: ['cluster-owners'] },
]

/** The token of a test user. */
export function tokenOf(name: string): string {
  const found = testUsers.find((user) => user.name === name)
  if (found === undefined) throw new Error(`there is no test user ${name}`)
  return found.token
}
