const domains = [
  'checkout', 'catalog', 'payments', 'orders', 'ledger', 'pricing', 'search', 'media', 'accounts', 'billing',
  'shipping', 'inventory', 'loyalty', 'reviews', 'fraud', 'identity', 'profile', 'support', 'tickets', 'travel',
  'hotels', 'flights', 'maps', 'weather', 'notify', 'mail', 'campaigns', 'coupons', 'returns', 'suppliers',
  'tax', 'treasury', 'quotes', 'claims', 'policies', 'trading', 'risk', 'reports', 'stream', 'content',
] // prettier-ignore

const roles = [
  'web', 'api', 'worker', 'cache', 'store', 'index', 'router', 'sync', 'export', 'import',
  'rules', 'auth', 'audit', 'feed', 'batch', 'scorer', 'planner', 'render', 'mapper', 'broker',
  'quota', 'tokens', 'events', 'archive', 'history',
] // prettier-ignore

/** The name of a mesh's n-th namespace: a team's domain, with a number once the words are used up. */
export function namespaceName(index: number): string {
  return numbered(domains[index % domains.length] ?? 'team', Math.floor(index / domains.length))
}

/** The name of a namespace's n-th app, found nowhere else in the mesh. */
export function appName(namespace: string, index: number): string {
  return numbered(`${namespace}-${roles[index % roles.length] ?? 'app'}`, Math.floor(index / roles.length))
}

const numbered = (name: string, round: number): string => (round === 0 ? name : `${name}-${round + 1}`)
