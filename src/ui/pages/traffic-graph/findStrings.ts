import type { Need } from '../../../mesh/findNeeds.ts'

const plural = (count: number, one: string, many = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : many}`

/** Everything Find and Hide say. */
export const findStrings = {
  label: 'Find and hide',
  find: 'Find',
  hide: 'Hide',
  findHint: 'Find, e.g. error > 1%',
  hideHint: 'Hide, e.g. idle',
  clear: (what: string) => `Clear ${what}`,
  presets: (what: string) => `${what}: presets`,
  completions: 'Ways to go on',
  matches: (count: number) => plural(count, 'match', 'matches'),
  matchOf: (at: number, count: number) => `${at.toLocaleString()} of ${count.toLocaleString()}`,
  hidden: (count: number) => `${count.toLocaleString()} hidden`,
  next: 'Next match (Enter)',
  previous: 'Previous match (Shift+Enter)',
  needs: {
    responseTime: 'Response times are not in this graph yet.',
    throughput: 'Throughput is not in this graph yet.',
    idle: 'What is idle is not in this graph yet.',
    waypoints: 'Waypoints are not in this graph yet.',
    operations: 'Operations are not in this graph yet.',
  } satisfies Record<Need, string>,
  add: 'Add',

  findPresets: [
    { text: 'error > 1%', help: 'edges with errors' },
    { text: '!healthy', help: 'nodes in trouble' },
    { text: 'rt > 1000', help: 'edges slower than a second' },
    { text: 'name = unknown', help: 'traffic of unknown source' },
    { text: 'rank <= 2', help: 'nodes with the most edges' },
    { text: '%mtls < 100 and traffic', help: 'edges with plain text' },
    { text: 'outofmesh', help: 'nodes without a proxy' },
  ],
  hidePresets: [
    { text: 'healthy', help: 'nodes without trouble' },
    { text: 'name = unknown', help: 'traffic of unknown source' },
    { text: 'rank > 2', help: 'all but the nodes with the most edges' },
    { text: 'idle or !traffic', help: 'what is idle' },
    { text: 'protocol = tcp', help: 'TCP edges' },
  ],

  help: {
    open: 'How to find and hide',
    title: 'Find and hide',
    intro:
      'Find marks what an expression describes, Hide takes it off the picture without moving anything. What is hidden is not found.',
    rules: [
      {
        say: 'namespace = shop and !healthy',
        does: 'not (!) binds tightest, then and, then or; parentheses group. Letter case is the same.',
      },
      {
        say: 'name contains cart',
        does: 'Text: =, !=, contains (*=), startswith (^=), endswith ($=), each with not or ! before it. Quotes around spaces: "my app".',
      },
      {
        say: 'rt > 500ms or %error >= 1',
        does: 'Numbers: =, !=, >, >=, <, <= with a unit or without: ms for times, /s for requests, B for bytes, % for shares. = is within half a percent. = NaN: no activity, or not measured.',
      },
      { say: 'label:region = east', does: 'A label of the node; label:region alone: has that label.' },
      {
        say: 'namespace = shop and rt > 500ms',
        does: 'Node words and edge words joined by and: edges with an end for which all the node words hold. Joined by or: whatever either side finds.',
      },
      {
        say: '!(namespace = shop)',
        does: 'not finds the other elements of the kinds its inside speaks of: nodes for node words, edges for edge words.',
      },
      {
        say: 'protocol = tcp',
        does: 'Hidden nodes take their edges along; hidden edges take along nodes left with none, but for idle nodes and nodes in trouble.',
      },
    ],
    kiali: 'Where this differs from Kiali',
    differences: [
      'sidecar finds apps and workloads with a sidecar; in Kiali it finds those without. For those, write outofmesh, which Kiali lists but does not read.',
      'Numbers can be compared with = and !=; in Kiali = never matches and != always does.',
      'and binds tighter than or, as in Kiali’s code; its help says the opposite. There are parentheses, and name may stand beside and.',
      'Node words and edge words may be joined by and.',
      '%httperr and %grpcerr count what this page calls errors: 5xx, no response, and gRPC statuses of the server’s fault. 4xx are not; look for code ^= 4.',
      'healthy is everything that is not known to be in trouble, idle nodes too.',
    ],
    nodes: 'Words for nodes',
    edges: 'Words for edges',
    keys: '/ goes to Find, Tab completes, Enter goes to the next match, Shift+Enter to the one before.',
  },
} as const
